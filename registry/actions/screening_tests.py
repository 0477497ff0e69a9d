"""Screening tests: a bolus before there is a pump."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from registry.actions import records
from registry.actions.doubts import Doubt, require_confirmed
from registry.models import Patient, ScreeningTest, User

USUAL_BOLUSES_UG: Final = (Decimal(25), Decimal(50), Decimal(75), Decimal(100))
"""50, then 75, then 100; 25 in very small patients (baclofen dosage; Boster 2016)."""


def log(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    confirmed: Collection[str] = (),
    synthetic_fields: Sequence[str] = (),
) -> ScreeningTest:
    """Log a screening test. See `records.log` for the other errors.

    Raises
    ------
    DoubtfulError
        The bolus is unusual and nobody has confirmed it.
    """
    test = ScreeningTest(patient=patient, **fields)
    test.confirmed_doubts = require_confirmed(doubts_of(test.bolus_ug), confirmed=confirmed)
    return records.log(
        test, by=by, at=at, action="screening_test.log", synthetic_fields=synthetic_fields
    )


def edit(
    *,
    test: ScreeningTest,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    confirmed: Collection[str] = (),
) -> ScreeningTest:
    """Correct a screening test. See `log` and `records.edit` for the errors."""
    doubts = doubts_of(changes.get("bolus_ug", test.bolus_ug))
    return records.edit(
        test,
        edition=edition,
        by=by,
        at=at,
        action="screening_test.edit",
        changes={**changes, "confirmed_doubts": require_confirmed(doubts, confirmed=confirmed)},
    )


def doubts_of(bolus_ug: Decimal | None) -> list[Doubt]:
    """What to ask back about a bolus."""
    if bolus_ug is None or bolus_ug in USUAL_BOLUSES_UG:
        return []
    return [
        Doubt(
            "unusual_screening_bolus",
            "bolus_ug",
            _("Screening boluses are 25, 50, 75 or 100 µg. Was the number mistaken?"),
        )
    ]
