"""Refills: what is refused, what is asked back."""

from datetime import date
from decimal import Decimal

import pytest

from registry import actions
from registry.actions.doubts import DoubtfulError
from registry.actions.errors import InvalidRecordError
from registry.models import Refill
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


@pytest.fixture
def pump(patient, surgeon):
    return make.component(of=patient, by=surgeon, reservoir_ml=20, implanted_on=date(2020, 1, 2))


def test_more_than_the_reservoir_holds_is_asked_back(patient, pump, surgeon):
    with pytest.raises(DoubtfulError, match="holds 20 ml") as refused:
        make.refill(of=patient, by=surgeon, pump=pump, filled_ml=Decimal("20.5"))
    assert [doubt.field for doubt in refused.value.doubts] == ["filled_ml"]
    kept = make.refill(
        of=patient,
        by=surgeon,
        pump=pump,
        filled_ml=Decimal("20.5"),
        confirmed=["filled_ml_beyond_reservoir"],
    )
    assert kept.confirmed_doubts == ["filled_ml_beyond_reservoir"]


def test_the_catalogue_says_what_a_pump_holds_that_nobody_measured(patient, surgeon):
    pump = make.component(of=patient, by=surgeon, reservoir_ml=None, model="medtronic_8637_20")
    with pytest.raises(DoubtfulError, match="holds 20 ml"):
        make.refill(of=patient, by=surgeon, pump=pump, filled_ml=Decimal(40))


def test_without_a_known_reservoir_nothing_is_doubted(patient, surgeon):
    pump = make.component(of=patient, by=surgeon, reservoir_ml=None)
    assert (
        make.refill(of=patient, by=surgeon, pump=pump, filled_ml=Decimal(40)).confirmed_doubts == []
    )


@pytest.mark.parametrize(
    "fields", [{"filled_ml": Decimal(61)}, {"concentration_ug_per_ml": Decimal("0.5")}], ids=str
)
def test_what_cannot_be_is_refused(patient, surgeon, fields):
    with pytest.raises(InvalidRecordError):
        make.refill(of=patient, by=surgeon, confirmed=["unusual_concentration"], **fields)
    assert not Refill.objects.exists()


def test_a_correction_is_checked_like_the_first_entry(patient, pump, surgeon):
    refill = make.refill(of=patient, by=surgeon, pump=pump)
    correct = {"refill": refill, "edition": 1, "by": surgeon, "at": make.NOW}
    with pytest.raises(DoubtfulError):
        actions.refills.edit(**correct, changes={"aspirated_ml": Decimal(25)})
    corrected = actions.refills.edit(**correct, changes={"aspirated_ml": Decimal(5)})
    assert corrected.edition == 2
