"""Parts of the pump system."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from registry.actions import records
from registry.actions.errors import InvalidRecordError
from registry.models import Component, Patient, User
from registry.udi import scanned
from registry.udi.identifier import UdiError


def add(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    synthetic_fields: Sequence[str] = (),
) -> Component:
    """Log an implanted component. See `records.log` for the other errors.

    Raises
    ------
    InvalidRecordError
        The UDI is none, or a character of it is wrong.
    """
    return records.log(
        Component(patient=patient, **_with_device_identifier(fields)),
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
    """Correct a component, or log its removal. See `add` and `records.edit` for the errors."""
    return records.edit(
        component,
        edition=edition,
        by=by,
        at=at,
        action="component.edit",
        changes=_with_device_identifier(changes),
    )


def _with_device_identifier(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A UDI in its canonical spelling, and the part of it that names the model."""
    if "udi" not in fields:
        return dict(fields)
    try:
        found = scanned.read(fields["udi"]) if fields["udi"] else None
    except UdiError as error:
        raise InvalidRecordError({"udi": [str(error.words)]}) from error
    return {
        **fields,
        "udi": found.text if found else "",
        "device_identifier": found.device_identifier if found else "",
    }
