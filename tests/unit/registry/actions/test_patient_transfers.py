"""A patient goes over once the other centre accepts, with a day."""

from datetime import date, timedelta

import pytest

from registry import actions, queries
from registry.actions.errors import (
    DuplicatePatientError,
    InvalidRecordError,
    TransferRefusedError,
)
from registry.models import CentreTally, Patient, PatientIdentity
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def south():
    return make.centre("SOUTH")


@pytest.fixture
def giver(north):
    return make.user(at_centre=north)


@pytest.fixture
def taker(south):
    return make.user(at_centre=south)


@pytest.fixture
def patient(giver, north):
    return make.patient(by=giver, at_centre=north, local_number="4711")


@pytest.fixture
def offered(patient, giver, south):
    return offer(patient, giver, south)


def offer(patient, giver, to_centre, **fields):
    fields = {"transferred_on": date(2024, 4, 1), "reason": "moved house"} | fields
    return actions.patient_transfers.offer(
        patient=patient, to_centre=to_centre, by=giver, at=make.NOW, **fields
    )


def accept(offered, taker, local_number=""):
    return actions.patient_transfers.accept(
        transfer=offered, local_number=local_number, by=taker, at=make.NOW
    )


def seen_by(viewer):
    return list(queries.patients.visible(viewer=viewer))


def test_nothing_is_seen_before_it_is_accepted_and_everything_afterwards(
    patient, giver, taker, offered, south
):
    make.case(of=patient, by=giver)
    assert (seen_by(giver), seen_by(taker)) == ([patient], [])
    done = accept(offered, taker, "S-1")
    assert (done.answer, done.answered_by) == ("accepted", taker)
    assert (seen_by(giver), seen_by(taker)) == ([], [patient])
    assert list(queries.cases.visible(viewer=taker)) == list(patient.cases.all())
    assert set(patient.list_entries.values_list("centre__code", flat=True)) == {"SOUTH"}
    tallies = CentreTally.objects.filter(question="consent").order_by("centre__code")
    assert list(tallies.values_list("centre__code", "asked")) == [("NORTH", 0), ("SOUTH", 1)]


def test_the_number_of_the_old_hospital_finds_the_patient_no_more(patient, taker, offered):
    accept(offered, taker)
    assert Patient.objects.get(pk=patient.pk).subject_key is None
    assert PatientIdentity.objects.get(patient=patient).local_number == "4711"


def test_the_number_of_the_new_hospital_finds_the_patient(patient, taker, offered):
    accept(offered, taker, "S-1")
    found = queries.patients.by_number(viewer=taker, permission="registry.log_case", number="S-1")
    assert found == [patient]


def test_a_number_the_new_hospital_knows_is_refused_and_nothing_is_moved(
    patient, taker, offered, south
):
    known = make.patient(by=taker, at_centre=south, local_number="S-1")
    with pytest.raises(DuplicatePatientError, match=known.registry_number):
        accept(offered, taker, "S-1")
    assert Patient.objects.get(pk=patient.pk).centre.code == "NORTH"


@pytest.mark.parametrize("answer", ["decline", "withdraw"])
def test_what_is_declined_or_taken_back_leaves_the_patient(patient, giver, taker, offered, answer):
    getattr(actions.patient_transfers, answer)(transfer=offered, by=taker, at=make.NOW)
    assert (seen_by(giver), seen_by(taker)) == ([patient], [])
    with pytest.raises(TransferRefusedError):
        accept(offered, taker)


def test_one_offer_at_a_time(patient, giver, south, offered):
    with pytest.raises(TransferRefusedError):
        offer(patient, giver, south)


def test_a_merged_number_is_not_transferred(patient, giver, north, south):
    kept = make.patient(by=giver, at_centre=north)
    actions.patient_merges.merge(
        kept=kept, merged=patient, reason="one person", by=giver, at=make.NOW
    )
    with pytest.raises(TransferRefusedError):
        offer(patient, giver, south)
    accept(offer(kept, giver, south), make.user(at_centre=south))
    assert Patient.objects.get(pk=patient.pk).centre == south


@pytest.mark.parametrize(
    "fields",
    [{"reason": " "}, {"transferred_on": make.NOW.date() + timedelta(days=2)}],
    ids=["no reason", "a day to come"],
)
def test_an_offer_that_makes_no_sense_is_refused(patient, giver, south, fields):
    with pytest.raises(InvalidRecordError):
        offer(patient, giver, south, **fields)


def test_a_transfer_to_the_same_centre_is_refused(patient, giver, north):
    with pytest.raises(InvalidRecordError):
        offer(patient, giver, north)


def test_what_was_opened_before_the_transfer_is_not_stored_after_it(patient, giver, offered, taker):
    """Nobody at the other centre would learn of it, and its audits would keep their old numbers."""
    case = make.case(of=patient, by=giver)
    assert case.patient.centre_code == "NORTH", "read, and remembered from now on"
    accept(offered, taker)
    state = queries.registry_state.of_centres(["NORTH", "SOUTH"])
    for log in (
        lambda: make.contrast_study(of=case, by=giver),
        lambda: make.component(of=patient, by=giver),
    ):
        with pytest.raises(InvalidRecordError, match="belongs to another centre by now"):
            log()
    assert not case.contrast_studies.exists()
    assert not patient.components.exists()
    assert queries.registry_state.of_centres(["NORTH", "SOUTH"]) == state
