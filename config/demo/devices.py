"""Pumps and catheters of the years 2003 to 2014 (models and reservoirs: registry vocabulary).

Which model a patient has, how a catheter's length divides into segments, and every serial number
is made up.
"""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final

from config.demo.chance import one_of
from registry.vocabulary import AsDesigned, ComponentKind, DatePrecision, DeviceModel

SYNCHROMED_II_FROM: Final = date(2004, 9, 1)
"""Earlier pumps of the cohort are SynchroMed EL; II was distributed from May 2004 (domain §3.1)."""

ASCENDA_FROM: Final = date(2012, 7, 1)
ML_PER_CM: Final = Decimal("0.00220")

SEGMENTS_CM: Final = {
    DeviceModel.MEDTRONIC_8731SC: (38, 66),
    DeviceModel.MEDTRONIC_8780: (66, 48),
    DeviceModel.MEDTRONIC_8781: (66, 74),
}
"""Spinal and pump segment as delivered; those of 8780 and 8781 add up to the whole length."""


def pump(chance: Random, *, implanted_on: date) -> dict[str, Any]:
    if implanted_on < SYNCHROMED_II_FROM:
        shares = {DeviceModel.MEDTRONIC_8627_18: 0.6, DeviceModel.MEDTRONIC_8627L_18: 0.4}
    else:
        shares = {DeviceModel.MEDTRONIC_8637_20: 0.8, DeviceModel.MEDTRONIC_8637_40: 0.2}
    model = one_of(chance, shares)
    return _component(
        chance,
        ComponentKind.PUMP,
        model,
        implanted_on,
        reservoir_ml=Decimal(model.reservoir_ml or 0),
    )


def spinal_segment(
    chance: Random, *, implanted_on: date, tip_level: str, entry_level: str
) -> dict[str, Any]:
    model = _catheter_model(chance, implanted_on)
    return _component(
        chance,
        ComponentKind.SPINAL_SEGMENT,
        model,
        implanted_on,
        length_cm=Decimal(SEGMENTS_CM[model][0]),
        trimmed_cm=Decimal(chance.randint(0, 8)),
        ml_per_cm=ML_PER_CM,
        entry_level=entry_level,
        tip_level=tip_level,
        as_designed=AsDesigned.AS_DESIGNED.value,
    )


def pump_segment(chance: Random, *, implanted_on: date) -> dict[str, Any]:
    model = _catheter_model(chance, implanted_on)
    return _component(
        chance,
        ComponentKind.PUMP_SEGMENT,
        model,
        implanted_on,
        length_cm=Decimal(SEGMENTS_CM[model][1]),
        trimmed_cm=Decimal(chance.randint(4, 24)),
        ml_per_cm=ML_PER_CM,
        as_designed=AsDesigned.AS_DESIGNED.value,
    )


def connector(chance: Random, *, implanted_on: date) -> dict[str, Any]:
    model = _catheter_model(chance, implanted_on)
    return _component(chance, ComponentKind.CONNECTOR, model, implanted_on)


def system(
    chance: Random, *, implanted_on: date, tip_level: str, entry_level: str
) -> tuple[dict[str, Any], ...]:
    """A whole system placed on one day."""
    return (
        pump(chance, implanted_on=implanted_on),
        pump_segment(chance, implanted_on=implanted_on),
        connector(chance, implanted_on=implanted_on),
        spinal_segment(
            chance, implanted_on=implanted_on, tip_level=tip_level, entry_level=entry_level
        ),
    )


def replacement(
    chance: Random, kind: ComponentKind, *, implanted_on: date, tip_level: str, entry_level: str
) -> dict[str, Any]:
    """A new component of the kind."""
    match kind:
        case ComponentKind.PUMP:
            return pump(chance, implanted_on=implanted_on)
        case ComponentKind.PUMP_SEGMENT:
            return pump_segment(chance, implanted_on=implanted_on)
        case ComponentKind.CONNECTOR:
            return connector(chance, implanted_on=implanted_on)
        case ComponentKind.SPINAL_SEGMENT:
            return spinal_segment(
                chance, implanted_on=implanted_on, tip_level=tip_level, entry_level=entry_level
            )


def _catheter_model(chance: Random, implanted_on: date) -> DeviceModel:
    if implanted_on < ASCENDA_FROM:
        return DeviceModel.MEDTRONIC_8731SC
    return one_of(chance, {DeviceModel.MEDTRONIC_8780: 0.7, DeviceModel.MEDTRONIC_8781: 0.3})


def _component(
    chance: Random, kind: ComponentKind, model: DeviceModel, implanted_on: date, **fields: Any
) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "model": model.value,
        "serial_number": f"SYN{chance.randrange(10**6):06d}",
        "implanted_on": implanted_on,
        "implanted_on_precision": DatePrecision.DAY.value,
        **fields,
    }
