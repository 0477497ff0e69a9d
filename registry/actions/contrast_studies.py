"""Contrast studies: what was done at the access port and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.actions import records
from registry.actions.cases import require_open
from registry.models import ContrastStudy, RevisionCase, User


@transaction.atomic
def log(
    *,
    case: RevisionCase,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    synthetic_fields: Sequence[str] = (),
) -> ContrastStudy:
    """Log a contrast study.

    Raises
    ------
    CaseClosedError
        The case has an outcome already.
    InvalidRecordError
        For example: contrast in a study that was stopped because nothing could be aspirated.
    """
    require_open(case)
    return records.log(
        ContrastStudy(case=case, **fields),
        by=by,
        at=at,
        action="contrast_study.log",
        synthetic_fields=synthetic_fields,
    )


@transaction.atomic
def edit(
    *,
    study: ContrastStudy,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
) -> ContrastStudy:
    """Correct a contrast study. See `records.edit` for the other errors.

    Raises
    ------
    InvalidRecordError
        A complication that followed lies before the new day.
    """
    was_on = study.performed_on
    edited = records.edit(
        study,
        edition=edition,
        by=by,
        at=at,
        action="contrast_study.edit",
        changes=changes,
    )
    if edited.performed_on != was_on:
        records.require_not_after(
            edited.performed_on,
            field="performed_on",
            followed_on=edited.complications.values_list("occurred_on", flat=True),
        )
    return edited
