"""Revision surgeries with procedures and intra-operative findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.actions import history, records
from registry.actions.cases import require_open
from registry.actions.records import Children, store
from registry.models import (
    IntraoperativeFinding,
    Procedure,
    RevisionCase,
    RevisionSurgery,
    User,
)


@dataclass(frozen=True)
class IntraoperativeEntry:
    """What was found at one component; `code` only where the status is confirmed."""

    component: str
    status: str
    code: str | None = None
    site: str = ""
    how_proven: str = ""
    note: str = ""


@transaction.atomic
def log(
    *,
    case: RevisionCase,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
    synthetic_fields: Sequence[str] = (),
) -> RevisionSurgery:
    """Log an operation.

    Raises
    ------
    CaseClosedError
        The case has an outcome already.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    require_open(case)
    return records.log(
        RevisionSurgery(case=case, **fields),
        by=by,
        at=at,
        action="surgery.log",
        synthetic_fields=synthetic_fields,
        save_children=lambda surgery: _save_children(surgery, procedures, findings),
    )


def edit(
    *,
    surgery: RevisionSurgery,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
) -> RevisionSurgery:
    """Correct an operation. See `records.edit` for the errors."""

    def replace_children(saved: RevisionSurgery) -> Children:
        saved.procedures.all().delete()
        saved.findings.all().delete()
        return _save_children(saved, procedures, findings)

    return records.edit(
        surgery,
        edition=edition,
        by=by,
        at=at,
        action="surgery.edit",
        changes=changes,
        children_before=_children(surgery),
        save_children=replace_children,
    )


def _save_children(
    surgery: RevisionSurgery,
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
) -> Children:
    for code in sorted(set(procedures)):
        procedure = Procedure(surgery=surgery, code=code)
        store(procedure)
    for entry in findings:
        finding = IntraoperativeFinding(surgery=surgery, **asdict(entry))
        store(finding)
    return _children(surgery)


def _children(surgery: RevisionSurgery) -> Children:
    return {
        "procedures": history.rows_of(surgery.procedures.order_by("code")),
        "findings": history.rows_of(surgery.findings.all()),
    }
