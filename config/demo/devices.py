"""Pumps and catheters of the years 2003 to 2014 (models and reservoirs: registry vocabulary).

Which model a patient has, how a catheter's length divides into segments, and every serial number
is made up.
"""

from collections.abc import Collection
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

CATHETER: Final = (
    ComponentKind.PUMP_SEGMENT,
    ComponentKind.CONNECTOR,
    ComponentKind.SPINAL_SEGMENT,
)

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


def catheter(
    chance: Random,
    *,
    implanted_on: date,
    tip_level: str,
    entry_level: str,
    kinds: Collection[ComponentKind] = CATHETER,
) -> tuple[dict[str, Any], ...]:
    """Parts of one catheter, all of one model."""
    model = _catheter_model(chance, implanted_on)
    spinal_cm, pump_cm = SEGMENTS_CM[model]
    own: dict[ComponentKind, dict[str, Any]] = {
        ComponentKind.PUMP_SEGMENT: {
            "length_cm": Decimal(pump_cm),
            "trimmed_cm": Decimal(chance.randint(4, 24)),
            "ml_per_cm": ML_PER_CM,
            "as_designed": AsDesigned.AS_DESIGNED.value,
        },
        ComponentKind.CONNECTOR: {},
        ComponentKind.SPINAL_SEGMENT: {
            "length_cm": Decimal(spinal_cm),
            "trimmed_cm": Decimal(chance.randint(0, 8)),
            "ml_per_cm": ML_PER_CM,
            "entry_level": entry_level,
            "tip_level": tip_level,
            "as_designed": AsDesigned.AS_DESIGNED.value,
        },
    }
    return tuple(
        _component(chance, kind, model, implanted_on, **fields)
        for kind, fields in own.items()
        if kind in kinds
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
