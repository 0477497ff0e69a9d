"""Whether anything was written to the database since it was last asked."""

import pytest
from django.db import connection, transaction

from imaging.queries.database_version import DatabaseVersion
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version():
    version = DatabaseVersion()
    yield version
    version.close()


def test_it_changes_with_every_commit_and_with_nothing_else(version):
    if connection.vendor != "sqlite":
        assert version.current() is None
        return
    before = version.current()
    assert before is not None
    assert version.current() == before
    with transaction.atomic():
        make.centre("NORTH")
        assert version.current() == before, "not committed"
    after = version.current()
    assert after != before
    connection.ensure_connection()
    assert version.current() == after


def test_a_database_that_cannot_be_opened_is_no_reason_to_believe_anything(
    version, tmp_path, monkeypatch
):
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "gone"))
    assert version.current() is None


def test_another_connection_is_another_version(version):
    """Each counts for itself: what was written between the two could go unnoticed."""
    connection.ensure_connection()
    before = version.current()
    version.close()
    make.centre("NORTH")
    assert version.current() is None or version.current() != before
