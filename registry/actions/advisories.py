"""Advisories about devices: added by a centre, and ended there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry.actions import history, records
from registry.actions.errors import InvalidRecordError
from registry.models import Advisory, AdvisoryModel, Centre, User


def add(
    *, centre: Centre, by: User, at: datetime, fields: Mapping[str, Any], models: Sequence[str]
) -> Advisory:
    """Log an advisory for the components of a centre.

    Raises
    ------
    InvalidRecordError
        It names no model, or its criteria contradict each other.
    """
    if not models:
        raise InvalidRecordError({"models": [_("Name at least one model.")]})
    advisory = Advisory(centre=centre, created_at=at, created_by=by, **fields)
    with transaction.atomic():
        records.store(advisory, force_insert=True)
        for code in models:
            records.store(AdvisoryModel(advisory=advisory, code=code), force_insert=True)
        history.record(
            chain=advisory.centre_code,
            at=at,
            by=by,
            action="advisory.add",
            obj=advisory,
            after=history.state_of(advisory) | {"models": sorted(models)},
        )
    return advisory


def retire(*, advisory: Advisory, by: User, at: datetime) -> Advisory:
    """End an advisory of the centre; a second time changes nothing."""
    with transaction.atomic():
        current = Advisory.objects.select_for_update(of=("self",)).get(pk=advisory.pk)
        if current.retired_at is not None:
            return current
        before = history.state_of(current)
        current.retired_at = at
        records.store(current)
        history.record(
            chain=current.centre_code,
            at=at,
            by=by,
            action="advisory.retire",
            obj=current,
            before=before,
            after=history.state_of(current),
        )
    return current
