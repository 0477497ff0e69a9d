"""Parts of the pump system with their own dates."""

from datetime import date
from decimal import Decimal

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.models import Component, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def test_a_patient_has_one_pump_at_a_time(patient, surgeon):
    make.component(of=patient, by=surgeon)
    with pytest.raises(InvalidRecordError):
        make.component(of=patient, by=surgeon)
    assert Component.objects.count() == 1


def test_a_second_pump_that_is_really_there_is_declared(patient, surgeon):
    make.component(of=patient, by=surgeon)
    make.component(of=patient, by=surgeon, second_pump_declared=True)
    assert Component.objects.count() == 2


def test_after_the_first_pump_was_removed_the_next_one_is_logged(patient, surgeon):
    first = make.component(of=patient, by=surgeon)
    removed = actions.components.edit(
        component=first,
        edition=1,
        by=surgeon,
        at=make.NOW,
        changes={"removed_on": date(2024, 3, 12), "removal_reason": "battery_eri"},
    )
    make.component(of=patient, by=surgeon, implanted_on=date(2024, 3, 12))
    assert removed.edition == 2
    assert Component.objects.filter(removed_on__isnull=True).count() == 1


def test_nothing_is_removed_before_it_was_implanted(patient, surgeon):
    with pytest.raises(InvalidRecordError):
        make.component(
            of=patient, by=surgeon, implanted_on=date(2019, 5, 2), removed_on=date(2019, 5, 1)
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "pump", "length_cm": 38},
        {"kind": "connector", "reservoir_ml": 20},
        {"kind": "spinal_segment", "reservoir_ml": 20},
        {"kind": "connector", "ml_per_cm": "0.0022", "reservoir_ml": None},
    ],
    ids=lambda fields: " ".join(map(str, fields.values())),
)
def test_a_part_has_the_measures_of_its_kind_only(patient, surgeon, fields):
    fields = {"reservoir_ml": None} | fields
    with pytest.raises(InvalidRecordError):
        make.component(of=patient, by=surgeon, **fields)


def test_serial_numbers_stay_out_of_the_history(patient, surgeon):
    make.component(of=patient, by=surgeon, serial_number="SERIAL-77", udi="+A123BJC5D6E71/$+SER886")
    told = str(HistoryEvent.objects.get(action="component.add").changes)
    assert "SERIAL-77" not in told
    assert "SER88" not in told
    assert "2019" not in told


def test_a_udi_is_stored_in_one_spelling_and_names_the_device(patient, surgeon):
    """The sample of the FDA, as a scanner sends it."""
    scanned = "]d2015102222223333611141231" + "17150707" + "10A213B1\x1d211234"
    pump = make.component(of=patient, by=surgeon, udi=scanned)
    assert pump.udi == "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234"
    assert pump.device_identifier == "51022222233336"
    changed = actions.components.edit(
        component=pump, edition=1, by=surgeon, at=make.NOW, changes={"udi": ""}
    )
    assert (changed.udi, changed.device_identifier) == ("", "")


@pytest.mark.parametrize("udi", ["NGV123456H", "(01)51022222233337", "+A123BJC5D6E71H"])
def test_a_udi_with_a_wrong_character_is_refused_at_its_field(patient, surgeon, udi):
    with pytest.raises(InvalidRecordError) as refused:
        make.component(of=patient, by=surgeon, udi=udi)
    assert set(refused.value.errors) == {"udi"}
    assert not Component.objects.exists()


def test_more_is_not_trimmed_than_there_was(patient, surgeon):
    with pytest.raises(InvalidRecordError, match="More was trimmed"):
        make.component(
            of=patient, by=surgeon, kind="spinal_segment", reservoir_ml=None, length_cm=80,
            trimmed_cm=80,
        )  # fmt: skip


def test_nothing_is_implanted_before_it_was_made(patient, surgeon):
    dates = {"manufactured_on": date(2019, 5, 3), "implanted_on": date(2019, 5, 2)}
    with pytest.raises(InvalidRecordError, match="before it was made"):
        make.component(of=patient, by=surgeon, **dates)
    make.component(of=patient, by=surgeon, implanted_on_precision="month", **dates)


def test_what_was_grafted_is_longer_and_what_nobody_measured_stays_unknown(patient, surgeon):
    """110 - 30 + 10 are 90 cm, and at 0.0022 ml/cm 0.198 ml."""
    catheter = {
        "of": patient, "by": surgeon, "kind": "spinal_segment", "reservoir_ml": None,
        "length_cm": Decimal(110), "ml_per_cm": Decimal("0.0022"),
    }  # fmt: skip
    part = make.component(**catheter, trimmed_cm=Decimal(30), grafted_cm=Decimal(10))
    assert (part.implanted_length_cm, part.volume_ml) == (90, Decimal("0.198"))
    assert make.component(**catheter).volume_ml is None
