"""Revision surgeries with procedures and intra-operative findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import components, history, records
from registry.actions.cases import require_open
from registry.actions.errors import InvalidRecordError
from registry.actions.records import Children, store
from registry.models import (
    Component,
    IntegrityTested,
    IntraoperativeFinding,
    Patient,
    Procedure,
    RevisionCase,
    RevisionSurgery,
    TechniqueUsed,
    User,
)
from registry.vocabulary import ComponentKind, DatePrecision, IntegrityTest


@dataclass(frozen=True)
class IntraoperativeEntry:
    """What was found at one component; `code` only where the status is confirmed."""

    component: str
    status: str
    code: str | None = None
    site: str = ""
    how_proven: str = ""
    note: str = ""


@dataclass(frozen=True)
class RemovalEntry:
    """A component that was taken out, in the edition that was seen, and why."""

    component: Component
    edition: int
    reason: str = ""


@transaction.atomic
def log(
    *,
    case: RevisionCase,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
    techniques: Iterable[str] = (),
    integrity_tests: Iterable[str] = (),
    removed: Iterable[RemovalEntry] = (),
    placed: Iterable[Mapping[str, Any]] = (),
    synthetic_fields: Sequence[str] = (),
) -> RevisionSurgery:
    """Log an operation with the components it took out and put in, all or nothing.

    Parameters
    ----------
    techniques, integrity_tests
        Codes of `TechniqueModifier` and of `IntegrityTest`.
    placed
        Fields of each new component; it is implanted on the day of the operation.

    Raises
    ------
    CaseClosedError
        The case has an outcome already.
    EditConflictError
        A component that was taken out was saved by somebody else meanwhile.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    require_open(case)
    surgery = records.log(
        RevisionSurgery(case=case, **fields),
        by=by,
        at=at,
        action="surgery.log",
        synthetic_fields=synthetic_fields,
        save_children=lambda surgery: _save_children(
            surgery, procedures, findings, techniques, integrity_tests
        ),
    )
    _exchange(surgery, removed=removed, placed=placed, by=by, at=at)
    return surgery


@transaction.atomic
def edit(
    *,
    surgery: RevisionSurgery,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
    techniques: Iterable[str] | None = None,
    integrity_tests: Iterable[str] | None = None,
    removed: Iterable[RemovalEntry] = (),
    placed: Iterable[Mapping[str, Any]] = (),
) -> RevisionSurgery:
    """Correct an operation; `removed` and `placed` come on top. See `log` for the errors.

    Techniques and tests stay as they are where none are given. What was taken out and put in on
    the day of the operation goes with that day; a day of its own stays.

    Raises
    ------
    InvalidRecordError
        Also: a review or a complication that followed lies before the new day.
    """
    was_on = surgery.performed_on

    def replace_children(saved: RevisionSurgery) -> Children:
        kept_techniques = [row.code for row in saved.techniques.all()]
        kept_tests = [row.code for row in saved.integrity_tests.all()]
        for rows in (saved.procedures, saved.findings, saved.techniques, saved.integrity_tests):
            rows.all().delete()
        return _save_children(
            saved,
            procedures,
            findings,
            kept_techniques if techniques is None else techniques,
            kept_tests if integrity_tests is None else integrity_tests,
        )

    edited = records.edit(
        surgery,
        edition=edition,
        by=by,
        at=at,
        action="surgery.edit",
        changes=changes,
        children_before=_children(surgery),
        save_children=replace_children,
    )
    if edited.performed_on != was_on:
        _require_earlier_than_what_followed(edited)
        _move_components(edited, was_on=was_on, by=by, at=at)
    _exchange(edited, removed=removed, placed=placed, by=by, at=at)
    return edited


def _require_earlier_than_what_followed(surgery: RevisionSurgery) -> None:
    """The same as reviews and complications are asked when they are logged."""
    reviews = surgery.reviews.values_list("reviewed_on", "revised_again_on")
    records.require_not_after(
        surgery.performed_on,
        field="performed_on",
        followed_on=[
            *chain.from_iterable(reviews),
            *surgery.complications.values_list("occurred_on", flat=True),
        ],
    )


def _move_components(surgery: RevisionSurgery, *, was_on: date, by: User, at: datetime) -> None:
    removed = surgery.removed_components.filter(removed_on=was_on)
    placed = surgery.placed_components.filter(
        implanted_on=was_on, implanted_on_precision=DatePrecision.DAY.value
    )
    for name, moved in (("removed_on", removed), ("implanted_on", placed)):
        for component in moved:
            try:
                components.edit(
                    component=component,
                    edition=component.edition,
                    by=by,
                    at=at,
                    changes={name: surgery.performed_on},
                )
            except InvalidRecordError as error:
                kind = ComponentKind.get(component.kind).label
                texts = [f"{kind}: {text}" for texts in error.errors.values() for text in texts]
                raise InvalidRecordError({"performed_on": texts}) from error


def _exchange(
    surgery: RevisionSurgery,
    *,
    removed: Iterable[RemovalEntry],
    placed: Iterable[Mapping[str, Any]],
    by: User,
    at: datetime,
) -> None:
    """Take components out, then put the new ones in: a patient has one pump at a time."""
    patient = surgery.case.patient
    for removal in removed:
        component = removal.component
        if component.patient_id != patient.pk:
            raise InvalidRecordError({"removed": [gettext("This component is another patient's.")]})
        if component.removed_on is not None:
            raise InvalidRecordError(
                {
                    "removed": [
                        gettext("This component was taken out on %(removed_on)s already.")
                        % {"removed_on": component.removed_on}
                    ]
                }
            )
        components.edit(
            component=component,
            edition=removal.edition,
            by=by,
            at=at,
            changes={
                "removed_on": surgery.performed_on,
                "removed_by": surgery,
                "removal_reason": removal.reason or surgery.indication,
            },
        )
    for fields in placed:
        if fields["kind"] == ComponentKind.PUMP.value and not fields.get("second_pump_declared"):
            _require_no_pump(patient)
        components.add(
            patient=patient,
            by=by,
            at=at,
            fields={
                "implanted_on": surgery.performed_on,
                "implanted_on_precision": DatePrecision.DAY.value,
                **fields,
                "placed_by": surgery,
            },
        )


def _require_no_pump(patient: Patient) -> None:
    """The database keeps it, too; here it is said in words that help."""
    pumps = patient.components.filter(
        kind=ComponentKind.PUMP.value, removed_on__isnull=True, second_pump_declared=False
    )
    if pumps.exists():
        raise InvalidRecordError(
            {
                "placed_kinds": [
                    gettext("The patient has a pump already: is it taken out at this operation?")
                ]
            }
        )


def _save_children(
    surgery: RevisionSurgery,
    procedures: Iterable[str],
    findings: Iterable[IntraoperativeEntry],
    techniques: Iterable[str],
    integrity_tests: Iterable[str],
) -> Children:
    tests = sorted(set(integrity_tests))
    if len(tests) > 1 and IntegrityTest.NONE.value in tests:
        raise InvalidRecordError(
            {"integrity_tests": [gettext("“Nothing tested” stands alone: take back the others.")]}
        )
    for code in sorted(set(procedures)):
        store(Procedure(surgery=surgery, code=code))
    for entry in findings:
        store(IntraoperativeFinding(surgery=surgery, **asdict(entry)))
    for code in sorted(set(techniques)):
        store(TechniqueUsed(surgery=surgery, code=code))
    for code in tests:
        store(IntegrityTested(surgery=surgery, code=code))
    return _children(surgery)


def _children(surgery: RevisionSurgery) -> Children:
    return {
        "procedures": history.rows_of(surgery.procedures.order_by("code")),
        "findings": history.rows_of(surgery.findings.all()),
        "techniques": history.rows_of(surgery.techniques.order_by("code")),
        "integrity_tests": history.rows_of(surgery.integrity_tests.order_by("code")),
    }
