"""A file is kept sealed, and what is done to it is in the history."""

import pytest
from django.db import connection

from registry import actions
from registry.actions.errors import ImportGoneError
from registry.models import HistoryEvent, Patient
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.user(at_centre=make.centre())


@pytest.fixture
def sent(person):
    return actions.case_imports.send(
        centre=person.memberships.first().centre, by=person, at=make.NOW,
        file_name="CANARY.csv", content='["CANARY"]', mapping={"codes": "CANARY"}, rows=1,
    )  # fmt: skip


def test_no_column_of_the_database_tells_what_the_file_holds(sent):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_caseimport")
        assert b"CANARY" not in b"".join(
            bytes(value) for row in cursor.fetchall() for value in row
            if isinstance(value, bytes | memoryview)
        )  # fmt: skip
    sent.refresh_from_db()
    assert sent.file_name == "CANARY.csv"


def test_a_rehearsal_leaves_nothing(sent, person):
    def write():
        make.patient(by=person, at_centre=sent.centre)
        return Patient.objects.count()

    assert actions.case_imports.rehearse(by=person, at=make.NOW, write=write) == 1
    assert Patient.objects.count() == 0


def test_an_import_without_anything_refused_is_taken_in_once(sent, person):
    actions.case_imports.take_in(case_import=sent, by=person, at=make.NOW, write=lambda: ([], 0))
    for again in (
        lambda: actions.case_imports.take_in(
            case_import=sent, by=person, at=make.NOW, write=lambda: ([], 0)
        ),
        lambda: actions.case_imports.map_columns(
            case_import=sent, mapping={}, by=person, at=make.NOW
        ),
    ):
        with pytest.raises(ImportGoneError):
            again()
    assert list(
        HistoryEvent.objects.filter(action__startswith="case_import").values_list(
            "action", flat=True
        )
    ) == ["case_import.send", "case_import.take_in"]
