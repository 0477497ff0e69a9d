"""Audits run for a viewer or a command, and the people behind their numbers."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from registry.audit.errors import FiltersError
from registry.audit.facts import Cohort
from registry.audit.result import AuditResult
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.models import BY_REGISTRY_NUMBER, Centre, ContrastStudy, Patient, User
from registry.vocabulary import StudyOutcomeCode

from . import audit_facts, kept_answers, kept_cases, patients, reads, registry_state
from .kept_answers import Answer, Question
from .kept_cases import Counted

AT_ONCE_PATIENTS = 1000
"""So many are counted while the page waits: in about a second."""


@dataclass(frozen=True)
class Audit:
    """A result with the facts it was counted from."""

    cohort: Cohort
    result: AuditResult


@dataclass(frozen=True)
class Behind:
    """Who is behind one number of an audit.

    Attributes
    ----------
    result
        The result as JSON values.
    facts_of
        The facts of some of the patients, with the theatre lists.
    """

    number: str
    result: Mapping[str, Any]
    counted: Counted
    facts_of: Callable[[Collection[str]], Cohort]


def question(
    *, viewer: User, protocol_key: str, filters: Filters, as_of: date, code_version: str
) -> Question:
    """What the viewer asks: on the centres they may audit; others in the filters are dropped."""
    allowed = viewer.centre_codes("registry.run_audit")
    chosen = allowed if filters.centres is None else allowed & set(filters.centres)
    return Question(protocol_key, replace(filters, centres=tuple(chosen)), as_of, code_version)


def answer(
    *, viewer: User, asked: Question, at: datetime, since: datetime | None = None
) -> Answer | None:
    """The numbers, where they can be had at once: counted before, or few patients.

    The centres of `asked` are limited once more to those the viewer may audit.

    Parameters
    ----------
    since
        When the viewer began to wait for the answer.

    Returns
    -------
    None where `audit_work` has to count first.
    """
    asked = _allowed(viewer, asked)
    kept = kept_answers.find(asked, since=since, at=at)
    if kept is not None:
        return kept
    if audit_facts.has_more_patients(AT_ONCE_PATIENTS, centre_codes=asked.centres):
        return None
    with registry_state.one_moment():
        state = registry_state.of_centres(asked.centres, needs=asked.needs)
        cohort = audit_facts.cohort(viewer=viewer, centre_codes=asked.centres, needs=asked.needs)
    counted = Answer(_run(cohort, asked).result.to_json(), state, at)
    with suppress(OSError):
        # On a full disk it is counted anew the next time.
        kept_answers.keep(asked, counted, at=at)
    return counted


def behind(*, viewer: User, asked: Question, number: str) -> Behind | None:
    """Who is behind a number, where it can be had at once: few patients, or counted before.

    Parameters
    ----------
    number
        Its key; "" is the first of the flow.

    Returns
    -------
    None where `audit_work` has to count first.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    asked = _allowed(viewer, asked)
    if not audit_facts.has_more_patients(AT_ONCE_PATIENTS, centre_codes=asked.centres):
        return count_behind(viewer=viewer, asked=asked, number=number)
    kept = kept_answers.find(asked)
    if kept is None:
        return None
    number = number or kept.result["flow"][0]["key"]
    counted = kept_cases.find(asked, number)
    if counted is None:
        return count_behind(viewer=viewer, asked=asked, number=number)
    return Behind(
        number,
        kept.result,
        counted,
        lambda some: audit_facts.cohort(
            viewer=viewer, centre_codes=asked.centres, needs=asked.needs, patient_ids=some
        ),
    )


def count_behind(*, viewer: User, asked: Question, number: str) -> Behind:
    """Who is behind a number, counted anew however long it takes.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    audit = _answered(viewer, _allowed(viewer, asked))
    return behind_result(audit.result, audit.cohort, number)


def behind_result(result: AuditResult, cohort: Cohort, number: str) -> Behind:
    """Who is behind a number of a result that is at hand with its facts.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    number = number or result.flow.boxes[0].key
    counted = kept_cases.counted(result, cohort, number)

    def facts_of(patient_ids: Collection[str]) -> Cohort:
        some = set(patient_ids)
        return cohort.part(tuple(one for one in cohort.patients if one.patient_id in some))

    return Behind(number, result.to_json(), counted, facts_of)


def _allowed(viewer: User, asked: Question) -> Question:
    """The same question on the centres among its own that the viewer may audit."""
    allowed = viewer.centre_codes("registry.run_audit") & set(asked.centres)
    return replace(asked, filters=replace(asked.filters, centres=tuple(allowed)))


def for_viewer(
    *, viewer: User, protocol_key: str, filters: Filters, as_of: date, code_version: str
) -> Audit:
    """Run the protocol on the centres the viewer may audit, however long it takes.

    Other centres named in the filters are dropped, and the result does not name them.

    Raises
    ------
    UnknownProtocolError
        No protocol has this key.
    """
    asked = question(
        viewer=viewer,
        protocol_key=protocol_key,
        filters=filters,
        as_of=as_of,
        code_version=code_version,
    )
    return _answered(viewer, asked)


def facts_for(*, viewer: User, asked: Question) -> Cohort:
    """What the question is counted from, of the centres the viewer may audit."""
    return audit_facts.cohort(viewer=viewer, centre_codes=asked.centres, needs=asked.needs)


def _answered(viewer: User, asked: Question) -> Audit:
    return _run(facts_for(viewer=viewer, asked=asked), asked)


def for_command(
    *,
    protocol_key: str,
    filters: Filters,
    as_of: date | None,
    at: datetime,
    code_version: str,
) -> Audit:
    """Run the protocol for the installation, on all centres unless the filters name some.

    Parameters
    ----------
    as_of
        None cuts today: on the latest day it is, at the time `at`, in any of the centres.

    Raises
    ------
    UnknownProtocolError
        No protocol has this key.
    FiltersError
        The data would be cut in the future.
    """
    # What undone imports made is kept, and counted nowhere.
    centres = Centre.objects.exclude(code="UNDONE").order_by("code")
    if filters.centres is not None:
        centres = centres.filter(code__in=filters.centres)
    today = max((centre.day_at(at) for centre in centres), default=at.date())
    if as_of is not None and as_of > today:
        raise FiltersError(f"the data cannot be cut in the future; today is {today.isoformat()}")
    codes = tuple(centre.code for centre in centres)
    asked = Question(protocol_key, replace(filters, centres=codes), as_of or today, code_version)
    return _run(audit_facts.cohort_of_centres(centre_codes=codes, needs=asked.needs), asked)


def _run(cohort: Cohort, asked: Question) -> Audit:
    result = run(
        asked.protocol_key,
        cohort,
        filters=asked.filters,
        as_of=asked.as_of,
        code_version=asked.code_version,
    )
    return Audit(cohort=cohort, result=result)


def patients_behind(*, viewer: User, patient_ids: Collection[str]) -> QuerySet[Patient]:
    """The counted patients the viewer may see, with their cases, by registry number."""
    return (
        patients.visible(viewer=viewer)
        .filter(public_id__in=patient_ids)
        .prefetch_related("cases")
        .order_by(*BY_REGISTRY_NUMBER, "pk")
    )


def in_order(*, viewer: User, patient_ids: Collection[str]) -> list[str]:
    """The ids as a list is read: those the viewer may see by registry number, then the others."""
    seen = patients.visible(viewer=viewer).filter(public_id__in=patient_ids)
    numbered = seen.order_by(*BY_REGISTRY_NUMBER, "pk").values_list("public_id", flat=True)
    ordered = [str(public_id) for public_id in numbered]
    return ordered + sorted(set(patient_ids) - set(ordered))


def unread_by(*, viewer: User, patient_ids: Iterable[str]) -> frozenset[str]:
    """Those of the patients whose finding would unblind the viewer.

    The viewer may read studies in the patient's centre and has not signed a read of each of the
    patient's completed studies; a number's list must not tell what the study showed.
    """
    to_read = ContrastStudy.objects.filter(
        case__patient__public_id__in=list(patient_ids),
        case__patient__centre__code__in=viewer.centre_codes("registry.read_study"),
        outcome=StudyOutcomeCode.COMPLETED.value,
    )
    seen = reads.visible(viewer=viewer).filter(reader=viewer)
    hidden = to_read.exclude(pk__in=seen.values("contrast_study"))
    ids = hidden.values_list("case__patient__public_id", flat=True)
    return frozenset(str(public_id) for public_id in ids)
