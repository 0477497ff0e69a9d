"""Imports are seen where one may log cases."""

import pytest

from registry import actions, queries
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def test_an_import_is_seen_by_who_logs_cases_in_its_centre():
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    person = make.user(at_centre=north)
    one = actions.case_imports.send(
        centre=north, by=person, at=make.NOW, file_name="x.csv", content="[]",
        mapping={"columns": {}}, rows=0,
    )  # fmt: skip
    assert list(queries.case_imports.visible(viewer=person)) == [one]
    assert list(queries.case_imports.without_content(viewer=person)) == [one]
    for other in (
        make.user(at_centre=south),
        make.user(at_centre=north, roles=[Role.READER, Role.AUDITOR]),
    ):
        assert not queries.case_imports.visible(viewer=other).exists()
    kept = queries.case_imports.latest_mapping(viewer=person, centre=north)
    assert kept == '{"columns": {}}'
    assert queries.case_imports.latest_mapping(viewer=person, centre=south) == ""
