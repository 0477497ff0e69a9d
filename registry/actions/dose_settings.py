"""What the pump was programmed to give."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from registry.actions import records
from registry.actions.doubts import Doubt, require_confirmed
from registry.actions.errors import InvalidRecordError
from registry.audit.drug_delivery import DoseCheck, check_daily_dose
from registry.models import Component, DoseSetting, Patient, User
from registry.vocabulary import ComponentKind, DatePrecision

USUAL_CONCENTRATIONS_UG_PER_ML: Final = (Decimal(500), Decimal(1000), Decimal(2000))
"""Strengths for pumps (openFDA directory; the Prometra label says 500 to 2000)."""


def log(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    confirmed: Collection[str] = (),
    synthetic_fields: Sequence[str] = (),
) -> DoseSetting:
    """Log a mode with its dose, or a bolus. See `records.log` for the other errors.

    Raises
    ------
    DoubtfulError
        The answers are unlikely and nobody has confirmed them.
    """
    setting = DoseSetting(patient=patient, **fields)
    require_pump_of(patient, setting.pump)
    setting.confirmed_doubts = require_confirmed(doubts_of(setting), confirmed=confirmed)
    return records.log(
        setting, by=by, at=at, action="dose_setting.log", synthetic_fields=synthetic_fields
    )


def edit(
    *,
    setting: DoseSetting,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    confirmed: Collection[str] = (),
) -> DoseSetting:
    """Correct a dose. See `log` and `records.edit` for the errors."""
    facts = {name: getattr(setting, name) for name in ("set_on", "pump", *_NUMBERS)}
    wanted = DoseSetting(**{**facts, **{k: v for k, v in changes.items() if k in facts}})
    require_pump_of(setting.patient, wanted.pump)
    return records.edit(
        setting,
        edition=edition,
        by=by,
        at=at,
        action="dose_setting.edit",
        changes={
            **changes,
            "confirmed_doubts": require_confirmed(doubts_of(wanted), confirmed=confirmed),
        },
    )


_NUMBERS = ("dose_ug_per_day", "concentration_ug_per_ml")


def require_pump_of(patient: Patient, pump: Component | None) -> None:
    """Refuse a component that is no pump, or a pump of somebody else.

    Raises
    ------
    InvalidRecordError
    """
    if pump is None:
        return
    if pump.kind != ComponentKind.PUMP.value or pump.patient_id != patient.pk:
        raise InvalidRecordError({"pump": [_("This is not a pump of this patient.")]})


def doubts_about_the_day(pump: Component | None, day: date | None) -> list[Doubt]:
    """A pump that was not there on the day; a date known to the month raises none."""
    if pump is None or day is None:
        return []
    not_yet = (
        pump.implanted_on is not None
        and pump.implanted_on_precision == DatePrecision.DAY.value
        and day < pump.implanted_on
    )
    no_more = pump.removed_on is not None and day > pump.removed_on
    if not not_yet and not no_more:
        return []
    return [
        Doubt(
            "pump_not_in_place",
            "pump",
            _("This pump was not in place on that day. Is a date mistaken, or the pump?"),
        )
    ]


def doubts_about_concentration(concentration_ug_per_ml: Decimal | None) -> list[Doubt]:
    if concentration_ug_per_ml in (None, *USUAL_CONCENTRATIONS_UG_PER_ML):
        return []
    return [
        Doubt(
            "unusual_concentration",
            "concentration_ug_per_ml",
            _("Usual strengths for pumps are 500, 1000 and 2000 µg/ml. Was the unit mistaken?"),
        )
    ]


def doubts_of(setting: DoseSetting) -> list[Doubt]:
    """What to ask back about a dose, stored or not."""
    doubts = doubts_about_the_day(setting.pump, setting.set_on)
    doubts += doubts_about_concentration(setting.concentration_ug_per_ml)
    if setting.dose_ug_per_day is None:
        return doubts
    match check_daily_dose(setting.dose_ug_per_day):
        case DoseCheck.UNUSUAL:
            words = _("More than 2000 µg a day is unusual. Was the unit mistaken?")
            doubts.append(Doubt("unusual_dose", "dose_ug_per_day", words))
        case DoseCheck.EXCEPTIONAL:
            words = _("More than 3000 µg a day is exceptional. Check it against the programmer.")
            doubts.append(Doubt("exceptional_dose", "dose_ug_per_day", words))
    return doubts
