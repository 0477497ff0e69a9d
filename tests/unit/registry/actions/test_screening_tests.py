"""Boluses before there is a pump."""

from decimal import Decimal

import pytest

from registry import actions
from registry.actions.doubts import DoubtfulError
from registry.actions.errors import EditConflictError, InvalidRecordError
from registry.models import HistoryEvent, ScreeningTest
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def edit(test, surgeon, **changes):
    return actions.screening_tests.edit(
        test=test, edition=test.edition, by=surgeon, at=make.NOW, changes=changes
    )


@pytest.mark.parametrize("bolus_ug", [25, 50, 75, 100])
def test_the_usual_boluses_are_stored_at_once(patient, surgeon, bolus_ug):
    test = make.screening_test(of=patient, by=surgeon, bolus_ug=Decimal(bolus_ug))
    assert test.confirmed_doubts == []


def test_an_unusual_bolus_is_asked_back_and_kept_with_the_confirmation(patient, surgeon):
    with pytest.raises(DoubtfulError, match="25, 50, 75 or 100"):
        make.screening_test(of=patient, by=surgeon, bolus_ug=Decimal(60))
    assert not ScreeningTest.objects.exists()
    facts = {"performed_on": make.NOW.date(), "bolus_ug": Decimal(60), "responded": "no"}
    test = actions.screening_tests.log(
        patient=patient,
        by=surgeon,
        at=make.NOW,
        fields=facts,
        confirmed=["unusual_screening_bolus"],
    )
    assert test.confirmed_doubts == ["unusual_screening_bolus"]


def test_a_correction_to_a_usual_bolus_needs_the_confirmation_no_more(patient, surgeon):
    test = make.screening_test(of=patient, by=surgeon)
    with pytest.raises(DoubtfulError):
        edit(test, surgeon, bolus_ug=Decimal(55))
    assert edit(test, surgeon, bolus_ug=Decimal(75)).confirmed_doubts == []
    with pytest.raises(EditConflictError):
        edit(test, surgeon, bolus_ug=Decimal(100))


def test_a_day_to_come_is_refused_and_the_history_tells_no_day(patient, surgeon):
    with pytest.raises(InvalidRecordError, match="future"):
        make.screening_test(of=patient, by=surgeon, performed_on=make.NOW.date().replace(year=2025))
    make.screening_test(of=patient, by=surgeon, remarks="CANARY")
    told = str(HistoryEvent.objects.get(action="screening_test.log").changes)
    assert "CANARY" not in told
    assert "2019" not in told
