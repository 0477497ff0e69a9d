"""Revision cases with their presenting signs and work-up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from registry.actions import history, records
from registry.actions.errors import CaseClosedError
from registry.actions.records import Children, store
from registry.models import Patient, PresentingSign, RevisionCase, User, WorkupStep


@dataclass(frozen=True)
class WorkupEntry:
    """One examination: a code of `WorkupStepCode`, when, a code of `WorkupResult`."""

    kind: str
    performed_on: date
    result: str
    note: str = ""


def open_case(
    *,
    patient: Patient,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    presenting_signs: Iterable[str] = (),
    workup: Iterable[WorkupEntry] = (),
    synthetic_fields: Sequence[str] = (),
) -> RevisionCase:
    """Open an episode. See `records.log` for the errors."""
    return records.log(
        RevisionCase(patient=patient, **fields),
        by=by,
        at=at,
        action="case.open",
        synthetic_fields=synthetic_fields,
        save_children=lambda case: _save_children(case, presenting_signs, workup, at=at),
    )


def edit(
    *,
    case: RevisionCase,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    presenting_signs: Iterable[str],
    workup: Iterable[WorkupEntry],
) -> RevisionCase:
    """Correct the suspicion and the work-up. See `records.edit` for the errors."""

    def replace_children(saved: RevisionCase) -> Children:
        saved.presenting_signs.all().delete()
        saved.workup_steps.all().delete()
        return _save_children(saved, presenting_signs, workup, at=at)

    return records.edit(
        case,
        edition=edition,
        by=by,
        at=at,
        action="case.edit",
        changes=changes,
        children_before=_children(case),
        save_children=replace_children,
    )


def close(
    *,
    case: RevisionCase,
    edition: int,
    by: User,
    at: datetime,
    closed_on: date,
    outcome: str,
) -> RevisionCase:
    """End the episode with its outcome. See `records.edit` for the errors."""
    return records.edit(
        case,
        edition=edition,
        by=by,
        at=at,
        action="case.close",
        changes={"closed_on": closed_on, "outcome": outcome},
    )


def reopen(
    *, case: RevisionCase, edition: int, by: User, at: datetime, reason: str
) -> RevisionCase:
    """Take back the end of the episode, with a reason. See `records.edit` for the errors."""
    return records.edit(
        case,
        edition=edition,
        by=by,
        at=at,
        action="case.reopen",
        changes={"closed_on": None, "outcome": None},
        reason=reason,
    )


def require_open(case: RevisionCase) -> None:
    """Refuse to add to a closed episode; until the transaction ends nobody closes it.

    Raises
    ------
    CaseClosedError
        The case has an outcome, perhaps since the caller loaded it.
    """
    current = RevisionCase.objects.select_for_update(no_key=True).get(pk=case.pk)
    if current.closed_on:
        raise CaseClosedError(
            f"The case was closed on {current.closed_on}. Reopen it with a reason, then add to it."
        )


@transaction.atomic
def _save_children(
    case: RevisionCase,
    presenting_signs: Iterable[str],
    workup: Iterable[WorkupEntry],
    *,
    at: datetime,
) -> Children:
    for code in sorted(set(presenting_signs)):
        sign = PresentingSign(case=case, code=code)
        store(sign)
    for entry in workup:
        records.require_past(
            centre_code=case.centre_code, at=at, days={"workup": entry.performed_on}
        )
        step = WorkupStep(
            case=case,
            kind=entry.kind,
            performed_on=entry.performed_on,
            result=entry.result,
            note=entry.note,
        )
        store(step)
    return _children(case)


def _children(case: RevisionCase) -> Children:
    return {
        "presenting_signs": history.rows_of(case.presenting_signs.order_by("code")),
        "workup_steps": history.rows_of(case.workup_steps.all()),
    }
