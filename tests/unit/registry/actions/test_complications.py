"""A complication: what it was, how bad, and what it followed."""

from datetime import date

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import Complication, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def case(surgeon):
    centre = surgeon.active_memberships[0].centre
    return make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)


def log(of, surgeon, **fields):
    return make.complication(of=of.patient, by=surgeon, **fields)


def test_it_is_logged_with_what_it_is_related_to(case, surgeon):
    complication = log(case, surgeon, relations=["procedure", "device"], case=case)
    assert [row.code for row in complication.relations.all()] == ["device", "procedure"]
    event = HistoryEvent.objects.get(action="complication.log")
    assert event.changes["relations"] == [None, [{"code": "device"}, {"code": "procedure"}]]


def test_a_closed_case_takes_a_complication(case, surgeon):
    """Many show only after the end of the episode."""
    closed = actions.cases.close(
        case=case, edition=1, by=surgeon, at=make.NOW, closed_on=date(2024, 5, 1),
        outcome="resolved_by_surgery",
    )  # fmt: skip
    assert log(closed, surgeon, case=closed).pk


@pytest.mark.parametrize("relations", [["device", "not_related"], ["unknown", "therapy"]])
def test_not_related_and_unknown_stand_alone(case, surgeon, relations):
    with pytest.raises(InvalidRecordError) as refusal:
        log(case, surgeon, relations=relations)
    assert set(refusal.value.errors) == {"relations"}
    assert not Complication.objects.exists()


def test_it_follows_what_was_done_to_the_same_patient_in_the_same_case(case, surgeon):
    another = make.case(of=make.patient(by=surgeon, at_centre=case.patient.centre), by=surgeon)
    second = make.case(of=case.patient, by=surgeon)
    elsewhere = {
        "case": {"case": another},
        "surgery": {"surgery": make.surgery(of=another, by=surgeon)},
        "contrast_study": {
            "case": case,
            "contrast_study": make.contrast_study(of=second, by=surgeon),
        },
    }
    for field, fields in elsewhere.items():
        with pytest.raises(InvalidRecordError) as refusal:
            log(case, surgeon, **fields)
        assert set(refusal.value.errors) == {field}
    assert not Complication.objects.exists()


def test_it_does_not_come_before_what_it_followed(case, surgeon):
    surgery = make.surgery(of=case, by=surgeon)
    with pytest.raises(InvalidRecordError, match="2024-03-12"):
        log(case, surgeon, surgery=surgery, occurred_on=date(2024, 3, 11))
    assert log(case, surgeon, surgery=surgery, occurred_on=date(2024, 3, 12)).pk


def test_a_refusal_names_what_is_wrong(case, surgeon):
    with pytest.raises(InvalidRecordError, match="Death is grade V"):
        log(case, surgeon, code="death", grade="grade_iii")
    with pytest.raises(InvalidRecordError, match="Say in words"):
        log(case, surgeon, code="other")


def test_an_edit_replaces_the_relations_and_overwrites_nobody(case, surgeon):
    complication = log(case, surgeon)
    edit = {"complication": complication, "edition": 1, "by": surgeon, "at": make.NOW}
    edited = actions.complications.edit(
        **edit, changes={"grade": "grade_iii"}, relations=["procedure"]
    )
    assert (edited.grade, edited.edition) == ("grade_iii", 2)
    assert edited.relations.get().code == "procedure"
    with pytest.raises(EditConflictError):
        actions.complications.edit(**edit, changes={"grade": "grade_ii"}, relations=[])
    assert edited.relations.get().code == "procedure"


def test_an_edit_does_not_move_it_before_what_it_followed(case, surgeon):
    surgery = make.surgery(of=case, by=surgeon)
    complication = log(case, surgeon, surgery=surgery)
    with pytest.raises(InvalidRecordError):
        actions.complications.edit(
            complication=complication, edition=1, by=surgeon, at=make.NOW,
            changes={"occurred_on": date(2024, 3, 1)}, relations=["device"],
        )  # fmt: skip
    complication.refresh_from_db()
    assert complication.occurred_on == date(2024, 3, 20)
