"""Revision cases with their presenting signs and work-up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history, records
from registry.actions.errors import CaseClosedError, InvalidRecordError
from registry.actions.records import Children, store
from registry.models import (
    Patient,
    PresentingSign,
    RevisionCase,
    User,
    WorkupAlarm,
    WorkupRadiographFinding,
    WorkupStep,
)
from registry.vocabulary import PumpAlarm, RadiographFinding
from registry.vocabulary import WorkupStep as WorkupStepCode

NOTHING_FOUND = frozenset({PumpAlarm.NONE.value, RadiographFinding.NO_ABNORMALITY.value})


@dataclass(frozen=True)
class WorkupEntry:
    """One examination: a code of `WorkupStepCode`, when, a code of `WorkupResult`.

    `alarms` are codes of `PumpAlarm` and belong to an interrogation, `radiograph_findings` of
    `RadiographFinding` to a plain radiograph.
    """

    kind: str
    performed_on: date
    result: str
    note: str = ""
    performed_at: time | None = None
    rotor_result: str | None = None
    expected_residual_ml: Decimal | None = None
    aspirated_residual_ml: Decimal | None = None
    alarms: Sequence[str] = ()
    radiograph_findings: Sequence[str] = ()


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


@transaction.atomic
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
    """Correct the suspicion and the work-up. See `records.edit` for the other errors.

    Raises
    ------
    InvalidRecordError
        A review of the case, where nobody operated, lies before the new day.
    """
    was_on = case.opened_on

    def replace_children(saved: RevisionCase) -> Children:
        saved.presenting_signs.all().delete()
        for step in saved.workup_steps.all():
            step.alarms.all().delete()
            step.radiograph_findings.all().delete()
            step.delete()
        return _save_children(saved, presenting_signs, workup, at=at)

    edited = records.edit(
        case,
        edition=edition,
        by=by,
        at=at,
        action="case.edit",
        changes=changes,
        children_before=_children(case),
        save_children=replace_children,
    )
    if edited.opened_on != was_on:
        reviews = edited.reviews.filter(surgery__isnull=True)
        records.require_not_after(
            edited.opened_on,
            field="opened_on",
            followed_on=chain.from_iterable(reviews.values_list("reviewed_on", "revised_again_on")),
        )
    return edited


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
            gettext(
                "The case was closed on %(closed_on)s. Reopen it with a reason, then add to it."
            )
            % {"closed_on": current.closed_on}
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
        _save_step(case, entry)
    return _children(case)


def _save_step(case: RevisionCase, entry: WorkupEntry) -> None:
    for name, codes, kind in (
        ("alarms", entry.alarms, WorkupStepCode.INTERROGATION),
        ("radiograph_findings", entry.radiograph_findings, WorkupStepCode.PLAIN_RADIOGRAPH),
    ):
        if codes and entry.kind != kind:
            raise InvalidRecordError(
                {
                    name: [
                        gettext("Only of this examination: %(label)s.")
                        % {"label": kind.label_in_sentence}
                    ]
                }
            )
        if len(codes) > 1 and NOTHING_FOUND.intersection(codes):
            raise InvalidRecordError(
                {name: [gettext("“None” and a finding contradict each other.")]}
            )
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    alarms, findings = values.pop("alarms"), values.pop("radiograph_findings")
    step = WorkupStep(case=case, **values)
    store(step)
    for code in sorted(set(alarms)):
        store(WorkupAlarm(step=step, code=code))
    for code in sorted(set(findings)):
        store(WorkupRadiographFinding(step=step, code=code))


def _children(case: RevisionCase) -> Children:
    steps = list(case.workup_steps.prefetch_related("alarms", "radiograph_findings"))
    rows = [
        row
        | {
            "alarms": [alarm.code for alarm in step.alarms.all()],
            "radiograph_findings": [finding.code for finding in step.radiograph_findings.all()],
        }
        for row, step in zip(history.rows_of(steps), steps, strict=True)
    ]
    return {
        "presenting_signs": history.rows_of(case.presenting_signs.order_by("code")),
        "workup_steps": rows,
    }
