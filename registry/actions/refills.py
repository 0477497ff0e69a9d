"""Refills of the reservoir."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from registry.actions import records
from registry.actions.dose_settings import (
    doubts_about_concentration,
    doubts_about_the_day,
    require_pump_of,
)
from registry.actions.doubts import Doubt, require_confirmed
from registry.models import Patient, Refill, User


def log(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    confirmed: Collection[str] = (),
    synthetic_fields: Sequence[str] = (),
) -> Refill:
    """Log a refill. See `records.log` for the other errors.

    Raises
    ------
    DoubtfulError
        The answers are unlikely and nobody has confirmed them.
    """
    refill = Refill(patient=patient, **fields)
    require_pump_of(patient, refill.pump)
    refill.confirmed_doubts = require_confirmed(doubts_of(refill), confirmed=confirmed)
    return records.log(refill, by=by, at=at, action="refill.log", synthetic_fields=synthetic_fields)


def edit(
    *,
    refill: Refill,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    confirmed: Collection[str] = (),
) -> Refill:
    """Correct a refill. See `log` and `records.edit` for the errors."""
    facts = {name: getattr(refill, name) for name in ("performed_on", "pump", *_NUMBERS)}
    wanted = Refill(**{**facts, **{k: v for k, v in changes.items() if k in facts}})
    require_pump_of(refill.patient, wanted.pump)
    return records.edit(
        refill,
        edition=edition,
        by=by,
        at=at,
        action="refill.edit",
        changes={
            **changes,
            "confirmed_doubts": require_confirmed(doubts_of(wanted), confirmed=confirmed),
        },
    )


_NUMBERS = ("expected_ml", "aspirated_ml", "filled_ml", "concentration_ug_per_ml")


def doubts_of(refill: Refill) -> list[Doubt]:
    """What to ask back about a refill, stored or not."""
    doubts = doubts_about_the_day(refill.pump, refill.performed_on)
    doubts += doubts_about_concentration(refill.concentration_ug_per_ml)
    holds_ml = refill.pump.holds_ml if refill.pump else None
    if holds_ml is None:
        return doubts
    for name in ("filled_ml", "aspirated_ml", "expected_ml"):
        volume_ml = getattr(refill, name)
        if volume_ml is not None and volume_ml > holds_ml:
            words = _("The reservoir of this pump holds %(ml)s ml. Was the number mistaken?")
            words %= {"ml": format(holds_ml.normalize(), "f")}
            doubts.append(Doubt(f"{name}_beyond_reservoir", name, words))
    return doubts
