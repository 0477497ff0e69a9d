"""Parts of the pump system."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from registry.actions import records
from registry.models import Component, Patient, User


def add(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    synthetic_fields: Sequence[str] = (),
) -> Component:
    """Log an implanted component. See `records.log` for the errors."""
    return records.log(
        Component(patient=patient, **fields),
        by=by,
        at=at,
        action="component.add",
        synthetic_fields=synthetic_fields,
    )


def edit(
    *,
    component: Component,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
) -> Component:
    """Correct a component, or log its removal. See `records.edit` for the errors."""
    return records.edit(
        component,
        edition=edition,
        by=by,
        at=at,
        action="component.edit",
        changes=changes,
    )
