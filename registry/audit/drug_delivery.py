"""Arithmetic of reservoir, catheter and drug: for plausibility and audit, never for the bedside.

Exact decimals go in and come out, rounded only by 28 digits; pages round. A value that does not
exist (days of a pump that stands still) is None, never 0 and never infinite. Quantities below zero
and concentrations of zero are refused, since they are mistakes of typing and not of medicine.

References
----------
Prometra II manual, page 33: implanted length and catheter volume by label.
Withdrawal and residual volume, Neurosurgery 2004: the alarm volume of 2 mL.
Ordia & Vaisman, letter on the Boster 2014 algorithm: nothing is injected that was not aspirated.
Where no source is named, the formula is arithmetic of units.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .errors import QuantityError

ALARM_VOLUME_ML: Final = Decimal(2)
"""Low-reservoir volume that the maker of SynchroMed pumps recommends (Neurosurgery 2004)."""

SYNCHROMED_II_TUBING_ML: Final = Decimal("0.199")
"""[own] Volume of the tubing inside a SynchroMed II; no primary document was found."""

HOURS_PER_DAY: Final = 24
CUBIC_MM_PER_ML: Final = 1000
PI: Final = Decimal("3.14159265358979323846")

SMALLEST_DOSE_UG_PER_DAY: Final = Decimal(5)
LARGEST_DOSE_UG_PER_DAY: Final = Decimal(5000)
UNUSUAL_DOSE_UG_PER_DAY: Final = Decimal(2000)
EXCEPTIONAL_DOSE_UG_PER_DAY: Final = Decimal(3000)
"""[proposal] Outside 5 to 5000 a unit was mistaken; above 2000 warn, above 3000 ask twice."""

AMBER_SHARE: Final = Decimal("0.15")
AMBER_ML: Final = Decimal(1)
RED_SHARE: Final = Decimal("0.25")
RED_REPEATED_ML: Final = Decimal(2)
"""[proposal] Amber beyond 1 mL and beyond 15 % of what should have been delivered; red beyond 25 %,
or beyond 2 mL twice running. Within 1 mL nothing is flagged: a syringe is not read more finely."""

LONG_EFFECT_HOURS: Final = 8
"""A screening bolus that worked longer is the first daily dose itself, not its double
(baclofen dosing guide)."""


class DoseCheck(StrEnum):
    """Whether a daily dose can be what was meant."""

    PLAUSIBLE = "plausible"
    UNUSUAL = "unusual"
    EXCEPTIONAL = "exceptional"
    MISTAKEN_UNIT = "mistaken_unit"


class ResidualFlag(StrEnum):
    """How far the aspirated residual lies from the expected one."""

    NONE = "none"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Infusion:
    """A rate and the days it ran."""

    ml_per_day: Decimal
    days: Decimal


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Aspirated against expected residual at a refill.

    ``delta_ml`` above 0 is more left than expected: under-delivery. ``ratio`` is what was delivered
    over what should have been: 1 is accurate, below 1 under-delivery, above 1 over-delivery; None
    where nothing should have been delivered.
    """

    delta_ml: Decimal
    expected_delivery_ml: Decimal
    ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class BridgeBolus:
    """How the old concentration is used up at the dose that runs, before the new one sets in."""

    old_drug_ml: Decimal
    bridge_ml_per_day: Decimal
    duration_hours: Decimal
    afterwards_ml_per_day: Decimal


def flow_ml_per_day(*, dose_ug_per_day: Decimal, concentration_ug_per_ml: Decimal) -> Decimal:
    """q = D / C; 300 over 2000 is 0.150 mL/day. A dose of 0 is a pump that stands still."""
    _at_least_zero(dose_ug_per_day=dose_ug_per_day)
    _above_zero(concentration_ug_per_ml=concentration_ug_per_ml)
    return dose_ug_per_day / concentration_ug_per_ml


def daily_dose_ug(*, ml_per_day: Decimal, concentration_ug_per_ml: Decimal) -> Decimal:
    """D = q · C."""
    _at_least_zero(ml_per_day=ml_per_day)
    _above_zero(concentration_ug_per_ml=concentration_ug_per_ml)
    return ml_per_day * concentration_ug_per_ml


def days_to_low_reservoir(
    *, volume_ml: Decimal, ml_per_day: Decimal, alarm_volume_ml: Decimal = ALARM_VOLUME_ML
) -> Decimal | None:
    """(V_now - V_alarm) / q; (20 - 2) / 0.150 is 120 days.

    0 when the reservoir is at the alarm already, None when nothing flows.
    """
    _at_least_zero(volume_ml=volume_ml, ml_per_day=ml_per_day, alarm_volume_ml=alarm_volume_ml)
    if ml_per_day == 0:
        return None
    return max(volume_ml - alarm_volume_ml, Decimal(0)) / ml_per_day


def implanted_length_cm(
    *,
    label_length_cm: Decimal,
    trimmed_cm: Iterable[Decimal] = (),
    grafted_cm: Decimal = Decimal(0),
) -> Decimal:
    """L = L_label - every length ever trimmed + what was grafted; 110 - 30 is 80 cm.

    Raises
    ------
    QuantityError
        More was trimmed than there was.
    """
    _at_least_zero(grafted_cm=grafted_cm)
    _above_zero(label_length_cm=label_length_cm)
    length = label_length_cm + grafted_cm
    for length_trimmed_cm in trimmed_cm:
        _at_least_zero(trimmed_cm=length_trimmed_cm)
        length -= length_trimmed_cm
    _above_zero(implanted_length_cm=length)
    return length


def catheter_volume_ml(*, implanted_length_cm: Decimal, ml_per_cm: Decimal) -> Decimal:
    """V_cat = L · v; 80 · 0.0022 is 0.176 mL. Also the least to aspirate before contrast."""
    _above_zero(implanted_length_cm=implanted_length_cm, ml_per_cm=ml_per_cm)
    return implanted_length_cm * ml_per_cm


def ml_per_cm_of_bore(*, inner_diameter_mm: Decimal) -> Decimal:
    """pi · (ID / 2)²; 0.53 mm is 0.00221 mL/cm. A check of what was typed."""
    _above_zero(inner_diameter_mm=inner_diameter_mm)
    area_mm2 = PI * (inner_diameter_mm / 2) ** 2
    return area_mm2 * 10 / CUBIC_MM_PER_ML


def is_catheter_emptied(*, aspirated_ml: Decimal, catheter_volume_ml: Decimal) -> bool:
    """Whether at least the content of the catheter was aspirated, so that none is pushed on."""
    _at_least_zero(aspirated_ml=aspirated_ml)
    _above_zero(catheter_volume_ml=catheter_volume_ml)
    return aspirated_ml >= catheter_volume_ml


def bolus_of_catheter_ug(
    *, catheter_volume_ml: Decimal, concentration_ug_per_ml: Decimal
) -> Decimal:
    """B = C · V_cat: what pushing contrast through a full catheter would give at once.

    352 ug at 2000 ug/mL in 0.176 mL. It is the bolus that stopping the study avoided.
    """
    _above_zero(
        catheter_volume_ml=catheter_volume_ml, concentration_ug_per_ml=concentration_ug_per_ml
    )
    return catheter_volume_ml * concentration_ug_per_ml


def drug_free_hours(*, catheter_volume_ml: Decimal, ml_per_day: Decimal) -> Decimal | None:
    """t = V_cat / q: until drug reaches the tip of an emptied catheter without a prime bolus.

    28.2 h at 300 ug/day and 2000 ug/mL in 0.176 mL. None when nothing flows.
    """
    _above_zero(catheter_volume_ml=catheter_volume_ml)
    _at_least_zero(ml_per_day=ml_per_day)
    return None if ml_per_day == 0 else catheter_volume_ml / ml_per_day * HOURS_PER_DAY


def prime_bolus_ml(*, catheter_volume_ml: Decimal, pump_tubing_ml: Decimal = Decimal(0)) -> Decimal:
    """The volume that refills an emptied catheter; a new pump needs that of its tubing as well."""
    _above_zero(catheter_volume_ml=catheter_volume_ml)
    _at_least_zero(pump_tubing_ml=pump_tubing_ml)
    return catheter_volume_ml + pump_tubing_ml


def prime_bolus_ug(*, prime_bolus_ml: Decimal, concentration_ug_per_ml: Decimal) -> Decimal:
    """P_ug = P_vol · C."""
    _above_zero(prime_bolus_ml=prime_bolus_ml, concentration_ug_per_ml=concentration_ug_per_ml)
    return prime_bolus_ml * concentration_ug_per_ml


def bridge_bolus(
    *,
    dose_ug_per_day: Decimal,
    old_concentration_ug_per_ml: Decimal,
    new_concentration_ug_per_ml: Decimal,
    catheter_volume_ml: Decimal,
    pump_tubing_ml: Decimal,
) -> BridgeBolus:
    """Keep the dose while tubing and catheter still hold the old concentration.

    The old drug, V_tubing + V_cat, runs at q = D / C_old for V_old / q, then the rate changes to
    D / C_new. The volume of the tubing is specific to the pump.
    """
    _above_zero(dose_ug_per_day=dose_ug_per_day)
    old_drug_ml = prime_bolus_ml(
        catheter_volume_ml=catheter_volume_ml, pump_tubing_ml=pump_tubing_ml
    )
    bridge = flow_ml_per_day(
        dose_ug_per_day=dose_ug_per_day, concentration_ug_per_ml=old_concentration_ug_per_ml
    )
    return BridgeBolus(
        old_drug_ml=old_drug_ml,
        bridge_ml_per_day=bridge,
        duration_hours=old_drug_ml / bridge * HOURS_PER_DAY,
        afterwards_ml_per_day=flow_ml_per_day(
            dose_ug_per_day=dose_ug_per_day, concentration_ug_per_ml=new_concentration_ug_per_ml
        ),
    )


def expected_residual_ml(
    *, filled_ml: Decimal, infusions: Iterable[Infusion], bolus_ml: Decimal = Decimal(0)
) -> Decimal:
    """V_exp = V_fill - sum of rate · days - boluses; 20 - 60 · 0.150 is 11.0 mL.

    Never below 0: a pump cannot give what it does not hold.
    """
    _at_least_zero(filled_ml=filled_ml, bolus_ml=bolus_ml)
    delivered = bolus_ml
    for infusion in infusions:
        _at_least_zero(ml_per_day=infusion.ml_per_day, days=infusion.days)
        delivered += infusion.ml_per_day * infusion.days
    return max(filled_ml - delivered, Decimal(0))


def residual_discrepancy(
    *, filled_ml: Decimal, expected_ml: Decimal, aspirated_ml: Decimal
) -> Discrepancy:
    """Δ = V_asp - V_exp and R = (V_fill - V_asp) / (V_fill - V_exp).

    12.5 mL against 11.0 of 20 is +1.5 mL and 0.83.
    """
    _at_least_zero(filled_ml=filled_ml, expected_ml=expected_ml, aspirated_ml=aspirated_ml)
    if expected_ml > filled_ml:
        raise QuantityError(name="expected_ml", expected="no more than was filled")
    expected_delivery = filled_ml - expected_ml
    return Discrepancy(
        delta_ml=aspirated_ml - expected_ml,
        expected_delivery_ml=expected_delivery,
        ratio=(filled_ml - aspirated_ml) / expected_delivery if expected_delivery else None,
    )


def residual_flag(discrepancy: Discrepancy, *, before: Discrepancy | None = None) -> ResidualFlag:
    """[proposal] Amber and red; `before` is the refill before this one.

    A catheter that leaks usually leaves the residual normal, since the pump still pumps [own]:
    no flag is no proof of delivery.
    """
    off_ml = abs(discrepancy.delta_ml)
    twice = before is not None and abs(before.delta_ml) > RED_REPEATED_ML
    if twice and off_ml > RED_REPEATED_ML:
        return ResidualFlag.RED
    if off_ml <= max(AMBER_ML, AMBER_SHARE * discrepancy.expected_delivery_ml):
        return ResidualFlag.NONE
    if off_ml > RED_SHARE * discrepancy.expected_delivery_ml:
        return ResidualFlag.RED
    return ResidualFlag.AMBER


def check_daily_dose(dose_ug_per_day: Decimal) -> DoseCheck:
    """[proposal] Whether micrograms, milligrams and millilitres were told apart.

    0 is a pump that was stopped, and plausible.
    """
    _at_least_zero(dose_ug_per_day=dose_ug_per_day)
    if dose_ug_per_day == 0:
        return DoseCheck.PLAUSIBLE
    if not SMALLEST_DOSE_UG_PER_DAY <= dose_ug_per_day <= LARGEST_DOSE_UG_PER_DAY:
        return DoseCheck.MISTAKEN_UNIT
    if dose_ug_per_day > EXCEPTIONAL_DOSE_UG_PER_DAY:
        return DoseCheck.EXCEPTIONAL
    return DoseCheck.UNUSUAL if dose_ug_per_day > UNUSUAL_DOSE_UG_PER_DAY else DoseCheck.PLAUSIBLE


def first_daily_dose_ug(*, effective_bolus_ug: Decimal, effect_hours: Decimal) -> Decimal:
    """Twice the effective screening bolus, or the bolus itself if it worked beyond 8 hours."""
    _above_zero(effective_bolus_ug=effective_bolus_ug)
    _at_least_zero(effect_hours=effect_hours)
    return effective_bolus_ug if effect_hours > LONG_EFFECT_HOURS else effective_bolus_ug * 2


def _at_least_zero(**quantities: Decimal) -> None:
    for name, quantity in quantities.items():
        if not Decimal(quantity).is_finite() or quantity < 0:
            raise QuantityError(name=name, expected="0 or more")


def _above_zero(**quantities: Decimal) -> None:
    for name, quantity in quantities.items():
        if not Decimal(quantity).is_finite() or quantity <= 0:
            raise QuantityError(name=name, expected="more than 0")
