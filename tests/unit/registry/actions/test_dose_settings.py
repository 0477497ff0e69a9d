"""What the pump gives: what is refused, what is asked back."""

from datetime import date
from decimal import Decimal

import pytest

from registry import actions
from registry.actions.doubts import DoubtfulError
from registry.actions.errors import InvalidRecordError
from registry.models import DoseSetting
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def surgeon():
    return make.user(at_centre=make.centre())


@pytest.fixture
def patient(surgeon):
    return make.patient(by=surgeon, at_centre=surgeon.active_memberships[0].centre)


def codes(refused):
    return [doubt.code for doubt in refused.value.doubts]


def test_flow_follows_from_dose_and_concentration(patient, surgeon):
    """300 over 2000 is 0.150 ml a day."""
    assert make.dose_setting(of=patient, by=surgeon).ml_per_day == Decimal("0.150")


def test_a_stopped_pump_gives_nothing_and_an_unknown_concentration_is_not_zero(patient, surgeon):
    stopped = make.dose_setting(of=patient, by=surgeon, mode="stopped", dose_ug_per_day=None)
    unknown = make.dose_setting(of=patient, by=surgeon, concentration_ug_per_ml=None)
    assert stopped.ml_per_day == 0
    assert unknown.ml_per_day is None


@pytest.mark.parametrize(
    "fields",
    [
        {"dose_ug_per_day": Decimal("0.3")},
        {"dose_ug_per_day": Decimal("5000.1")},
        {"dose_ug_per_day": None},
        {"concentration_ug_per_ml": Decimal(2)},
        {"mode": "stopped"},
        {"bolus_ug": Decimal(50)},
        {"steps_per_day": 4},
        {"mode": "flex", "steps_per_day": 14},
        {"mode": "prime_bolus"},
    ],
    ids=str,
)
def test_a_mistaken_unit_and_a_dose_of_another_mode_are_refused(patient, surgeon, fields):
    with pytest.raises(InvalidRecordError):
        make.dose_setting(of=patient, by=surgeon, confirmed=["unusual_concentration"], **fields)
    assert not DoseSetting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "doubted"),
    [
        ({"dose_ug_per_day": Decimal(2000)}, []),
        ({"dose_ug_per_day": Decimal("2000.1")}, ["unusual_dose"]),
        ({"dose_ug_per_day": Decimal(3001)}, ["exceptional_dose"]),
        ({"concentration_ug_per_ml": Decimal(3000)}, ["unusual_concentration"]),
    ],
    ids=str,
)
def test_the_unlikely_is_asked_back_and_kept_once_confirmed(patient, surgeon, fields, doubted):
    if doubted:
        with pytest.raises(DoubtfulError) as refused:
            make.dose_setting(of=patient, by=surgeon, **fields)
        assert codes(refused) == doubted
    setting = make.dose_setting(of=patient, by=surgeon, confirmed=doubted, **fields)
    assert setting.confirmed_doubts == doubted


def test_a_dose_before_the_pump_was_there_is_asked_back(patient, surgeon):
    pump = make.component(of=patient, by=surgeon, implanted_on=date(2020, 1, 2))
    with pytest.raises(DoubtfulError) as refused:
        make.dose_setting(of=patient, by=surgeon, pump=pump, set_on=date(2020, 1, 1))
    assert codes(refused) == ["pump_not_in_place"]
    make.dose_setting(of=patient, by=surgeon, pump=pump, set_on=date(2020, 1, 2))


def test_a_month_of_implantation_raises_no_doubt(patient, surgeon):
    pump = make.component(
        of=patient, by=surgeon, implanted_on=date(2020, 1, 15), implanted_on_precision="month"
    )
    make.dose_setting(of=patient, by=surgeon, pump=pump, set_on=date(2020, 1, 2))


def test_the_pump_is_a_pump_of_this_patient(patient, surgeon):
    other = make.patient(by=surgeon, at_centre=patient.centre)
    foreign = make.component(of=other, by=surgeon)
    catheter = make.component(of=patient, by=surgeon, kind="spinal_segment", reservoir_ml=None)
    for component in (foreign, catheter):
        with pytest.raises(InvalidRecordError, match="not a pump of this patient"):
            make.dose_setting(of=patient, by=surgeon, pump=component)


def test_a_correction_is_checked_like_the_first_entry(patient, surgeon):
    setting = make.dose_setting(of=patient, by=surgeon)
    correct = {"setting": setting, "edition": 1, "by": surgeon, "at": make.NOW}
    with pytest.raises(DoubtfulError):
        actions.dose_settings.edit(**correct, changes={"dose_ug_per_day": Decimal(2500)})
    with pytest.raises(InvalidRecordError):
        actions.dose_settings.edit(**correct, changes={"dose_ug_per_day": Decimal(1)})
    corrected = actions.dose_settings.edit(
        **correct, changes={"dose_ug_per_day": Decimal(2500)}, confirmed=["unusual_dose"]
    )
    assert (corrected.edition, corrected.confirmed_doubts) == (2, ["unusual_dose"])
