"""An assessment keeps the grade of each item as text; grades of no item are refused by name."""

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.audit.instruments import Instrument, items_of
from registry.models import Assessment, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def needs(instrument):
    return {"version": "2006", "direction": "higher_worse"} if instrument == "cpchild" else {}


@pytest.mark.parametrize("instrument", list(Instrument))
def test_every_grade_of_every_instrument_is_stored_as_it_was_given(patient, surgeon, instrument):
    for end in (0, -1):
        grades = {
            item.code: item.grades[end] if item.grades else ("0.0", "100.0")[end]
            for item in items_of(instrument)
        }
        if instrument is Instrument.PENN_SPASM and end == 0:
            del grades["severity"]
        assessment = make.assessment(
            of=patient, by=surgeon, instrument=instrument, grades=grades, **needs(instrument)
        )
        stored = {row.item: row.as_text for row in Assessment.objects.get().grades.all()}
        assert stored == grades
        assessment.grades.all().delete()
        assessment.delete()


REFUSED = {
    "no grade at all": ("epworth", {}, "__all__"),
    "1+ on the Ashworth scale": (
        "ashworth_0_4",
        {"hip_adductors_left": "1+"},
        "hip_adductors_left",
    ),
    "severity of no spasms": ("penn_spasm", {"frequency": "0", "severity": "1"}, "severity"),
    "an item of another instrument": ("epworth", {"frequency": "0"}, "frequency"),
    "an instrument nobody knows": ("snow", {"frequency": "0"}, "instrument"),
}


@pytest.mark.parametrize(("instrument", "grades", "named"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_grade_is_refused_by_the_name_of_its_item(
    patient, surgeon, instrument, grades, named
):
    with pytest.raises(InvalidRecordError) as refused:
        actions.assessments.log(
            patient=patient,
            by=surgeon,
            at=make.NOW,
            fields={"performed_on": make.NOW.date(), "instrument": instrument},
            grades=grades,
        )
    assert set(refused.value.errors) == {named}
    assert not Assessment.objects.exists()


def test_cpchild_is_refused_without_version_and_direction(patient, surgeon):
    with pytest.raises(InvalidRecordError):
        make.assessment(of=patient, by=surgeon, instrument="cpchild", grades={"total": "50"})


def test_a_correction_shows_the_grades_before_and_after(patient, surgeon):
    assessment = make.assessment(of=patient, by=surgeon)
    edited = actions.assessments.edit(
        assessment=assessment,
        edition=1,
        by=surgeon,
        at=make.NOW,
        changes={},
        grades={"hip_adductors_right": "2"},
    )
    assert [row.as_text for row in edited.grades.all()] == ["2"]
    before, after = HistoryEvent.objects.get(action="assessment.edit").changes["grades"]
    assert [row["grade"] for row in before] == ["1+", "2"]
    assert [row["grade"] for row in after] == ["2"]


def test_two_corrections_of_one_edition_do_not_overwrite_each_other(patient, surgeon):
    assessment = make.assessment(of=patient, by=surgeon)
    for grade, refused in (("3", False), ("4", True)):
        grades = {"hip_adductors_right": grade}
        try:
            actions.assessments.edit(
                assessment=assessment,
                edition=1,
                by=surgeon,
                at=make.NOW,
                changes={},
                grades=grades,
            )
        except EditConflictError:
            assert refused
    assert [row.as_text for row in Assessment.objects.get().grades.all()] == ["3"]


def test_the_instrument_of_an_assessment_stays(patient, surgeon):
    assessment = make.assessment(of=patient, by=surgeon)
    with pytest.raises(InvalidRecordError):
        actions.assessments.edit(
            assessment=assessment,
            edition=1,
            by=surgeon,
            at=make.NOW,
            changes={"instrument": "ashworth_0_4"},
            grades={"hip_adductors_right": "2"},
        )
