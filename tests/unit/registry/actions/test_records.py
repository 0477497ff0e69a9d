"""The two ways a record is written: as a whole or not at all, and never over somebody's edit."""

from datetime import date, timedelta

import pytest

from registry import actions
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.actions.records import require_past
from registry.models import HistoryEvent, Patient, PresentingSign, RevisionCase
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def registrar(centre):
    return make.user(at_centre=centre)


@pytest.fixture
def patient(centre, registrar):
    return make.patient(by=registrar, at_centre=centre)


def edit(patient, registrar, *, edition=1, **changes):
    return actions.patients.edit(
        patient=patient, edition=edition, by=registrar, at=LATER, changes=changes
    )


def test_a_new_record_says_who_when_and_in_which_edition(patient, registrar):
    assert (patient.created_by, patient.created_at, patient.edition) == (registrar, make.NOW, 1)


def test_an_edit_counts_the_edition_up_and_keeps_who_logged_the_record(patient, registrar):
    edited = edit(patient, registrar, diagnosis="tbi")
    assert (edited.diagnosis, edited.edition) == ("tbi", 2)
    assert (edited.created_by, edited.created_at) == (registrar, make.NOW)


def test_an_edit_of_an_older_edition_overwrites_nothing(patient, registrar):
    edit(patient, registrar, diagnosis="tbi")
    with pytest.raises(EditConflictError, match="Your text is still here"):
        edit(patient, registrar, edition=1, diagnosis="hsp")
    patient.refresh_from_db()
    assert (patient.diagnosis, patient.edition) == ("tbi", 2)
    assert HistoryEvent.objects.filter(action="patient.edit").count() == 1


def test_the_event_of_an_edit_names_what_changed_and_nothing_else(patient, registrar):
    edit(patient, registrar, diagnosis="tbi", sex="female")
    event = HistoryEvent.objects.get(action="patient.edit")
    assert event.changes == {"diagnosis": ["cp_spastic", "tbi"], "edition": [1, 2]}
    assert event.before_digest
    assert event.before_digest != event.after_digest


def test_an_identifying_value_is_said_to_have_changed_and_not_to_what(patient, registrar):
    edit(patient, registrar, birth_year=2011)
    event = HistoryEvent.objects.get(action="patient.edit")
    assert event.changes["birth_year"] == ["hidden", "hidden"]
    assert "2011" not in str(event.changes)


def test_a_refused_record_leaves_neither_row_nor_child_nor_event(patient, registrar):
    """The second sign is no code of the list; the case and the first one go with it."""
    events = HistoryEvent.objects.count()
    with pytest.raises(InvalidRecordError):
        actions.cases.open_case(
            patient=patient,
            by=registrar,
            at=make.NOW,
            fields={"opened_on": date(2024, 3, 1), "trigger": "suspected_malfunction"},
            presenting_signs=["tone_increase", "zzz"],
        )
    assert not RevisionCase.objects.exists()
    assert not PresentingSign.objects.exists()
    assert HistoryEvent.objects.count() == events


def test_a_refused_edit_leaves_the_record_as_it_was(patient, registrar):
    with pytest.raises(InvalidRecordError):
        edit(patient, registrar, diagnosis="tbi", weight_kg=4000)
    patient.refresh_from_db()
    assert (patient.diagnosis, patient.edition) == ("cp_spastic", 1)


def test_a_refusal_names_the_field_in_words(centre, registrar):
    with pytest.raises(InvalidRecordError) as refusal:
        make.patient(by=registrar, at_centre=centre, diagnosis="hiccups")
    assert set(refusal.value.errors) == {"diagnosis"}
    assert not Patient.objects.exists()


def test_a_constraint_of_the_database_comes_back_as_a_refusal(centre, registrar):
    with pytest.raises(InvalidRecordError) as refusal:
        make.patient(by=registrar, at_centre=centre, birth_year=1700)
    assert refusal.value.errors


@pytest.mark.parametrize(
    ("time_zone", "refused"), [("Pacific/Auckland", False), ("Pacific/Honolulu", True)]
)
def test_the_future_begins_at_the_midnight_of_the_centre(time_zone, refused):
    """20:00 UTC on 1 June is 2 June in Auckland and 1 June in Honolulu."""
    make.centre("EAST", time_zone=time_zone)
    at = make.NOW.replace(hour=20)
    days = {"performed_on": date(2024, 6, 2)}
    if not refused:
        require_past(centre_code="EAST", at=at, days=days)
        return
    with pytest.raises(InvalidRecordError) as refusal:
        require_past(centre_code="EAST", at=at, days=days)
    assert refusal.value.errors == {
        "performed_on": ["This day lies in the future. Today is 2024-06-01."]
    }


def test_a_day_that_is_not_known_is_not_in_the_future(centre):
    require_past(centre_code=centre.code, at=make.NOW, days={"died_on": None})


def test_made_up_fields_are_named_in_the_record(centre, registrar):
    patient = actions.patients.add(
        centre=centre,
        by=registrar,
        at=make.NOW,
        fields={"sex": "female", "birth_year": 2009, "diagnosis": "cp_spastic"},
        synthetic_fields=["sex", "birth_year"],
    )
    assert patient.synthetic_fields == ["birth_year", "sex"]
    assert patient.is_synthetic
