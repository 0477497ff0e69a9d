"""Patients under the next registry number, and who they are, kept apart."""

from datetime import date

import pytest
from django.db import connection

from imaging.queries import subject_key_of
from registry import actions
from registry.actions.errors import DuplicatePatientError
from registry.models import HistoryEvent, Patient, PatientIdentity
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

FIELDS = {"sex": "female", "birth_year": 2009, "diagnosis": "cp_spastic"}


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def registrar(centre):
    return make.user(at_centre=centre)


@pytest.fixture
def known(centre, registrar):
    return actions.patients.add(
        centre=centre,
        by=registrar,
        at=make.NOW,
        fields=FIELDS,
        local_number="LOCAL-1",
        name="Doe^Jane",
        birth_date=date(2009, 7, 17),
    )


def test_registry_numbers_run_on_over_all_centres(centre, registrar):
    first = make.patient(by=registrar, at_centre=centre)
    south = make.centre("SOUTH")
    second = make.patient(by=make.user(at_centre=south), at_centre=south)
    third = make.patient(by=registrar, at_centre=centre)
    numbers = [patient.registry_number for patient in (first, second, third)]
    assert numbers == ["CR-000001", "CR-000002", "CR-000003"]


def test_registry_numbers_run_on_past_six_digits(centre, registrar):
    """As text, CR-1000000 would stand before CR-999999, and its number would be given twice."""
    last = make.patient(by=registrar, at_centre=centre)
    Patient.objects.filter(pk=last.pk).update(registry_number="CR-999999")
    numbers = [make.patient(by=registrar, at_centre=centre).registry_number for _ in range(2)]
    assert numbers == ["CR-1000000", "CR-1000001"]


def test_a_patient_is_found_by_the_keyed_hash_of_the_local_number(known):
    assert known.subject_key == subject_key_of("LOCAL-1", centre_code="NORTH")
    assert "LOCAL-1" not in known.subject_key


@pytest.mark.parametrize("again", ["LOCAL-1", " local-1 "])
def test_one_local_number_is_one_patient_of_the_centre(centre, registrar, known, again):
    with pytest.raises(DuplicatePatientError, match=known.registry_number) as refusal:
        make.patient(by=registrar, at_centre=centre, local_number=again)
    assert refusal.value.registry_number == known.registry_number
    assert again.strip() not in str(refusal.value)
    assert Patient.objects.count() == 1
    assert HistoryEvent.objects.filter(action="patient.add").count() == 1


def test_two_centres_may_use_the_same_local_number(known):
    south = make.centre("SOUTH")
    other = make.patient(by=make.user(at_centre=south), at_centre=south, local_number="LOCAL-1")
    assert other.subject_key != known.subject_key


def test_patients_without_a_local_number_are_not_each_other(centre, registrar):
    first = make.patient(by=registrar, at_centre=centre)
    second = make.patient(by=registrar, at_centre=centre)
    assert (first.subject_key, second.subject_key) == (None, None)


def test_who_the_patient_is_lies_sealed_in_the_database(known):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, local_number, birth_date FROM registry_patientidentity")
        row = b"".join(bytes(value) for value in cursor.fetchone())
    for secret in (b"Doe", b"Jane", b"LOCAL-1", b"2009-07-17"):
        assert secret not in row
    identity = PatientIdentity.objects.get(patient=known)
    assert (identity.name, identity.local_number, identity.birth_date) == (
        "Doe^Jane",
        "LOCAL-1",
        "2009-07-17",
    )


def test_nothing_is_sealed_for_whom_nothing_is_known(centre, registrar):
    make.patient(by=registrar, at_centre=centre)
    assert not PatientIdentity.objects.exists()


def test_the_history_of_a_registration_names_nobody(known):
    event = HistoryEvent.objects.get(action="patient.add")
    told = str(event.changes)
    for secret in ("Doe", "Jane", "LOCAL-1", "2009", known.subject_key):
        assert secret not in told


def test_a_look_at_the_identity_is_an_event(known, registrar):
    identity = actions.patients.look_at_identity(patient=known, by=registrar, at=make.NOW)
    assert identity.name == "Doe^Jane"
    event = HistoryEvent.objects.get(action="patient.look_at_identity")
    assert (event.actor, event.object_id, event.changes) == (registrar, known.public_id, {})


def test_a_look_that_finds_nothing_is_an_event_too(centre, registrar):
    patient = make.patient(by=registrar, at_centre=centre)
    assert actions.patients.look_at_identity(patient=patient, by=registrar, at=make.NOW) is None
    assert HistoryEvent.objects.filter(action="patient.look_at_identity").count() == 1
