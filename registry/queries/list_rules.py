"""Which lines one patient's records make in the working lists and in the search.

Pure functions over records that are fetched already. Every day is absolute: whether something is
overdue today is asked of the list, so that nothing has to be worked out anew while time passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from registry.audit.due_dates import outcome_due, replacement_due, reviews_due
from registry.models import Component, ContrastStudy, Patient, RevisionCase, RevisionSurgery
from registry.queries import reading_rules
from registry.queries.contradictions import contradictions
from registry.queries.mandatory_answers import unanswered
from registry.queries.patient_records import PatientRecords
from registry.vocabulary import (
    CaseTrigger,
    ConsentStatus,
    DeviceModel,
    IntraoperativeStatus,
    StudyOutcomeCode,
)

RULES_VERSION = 2
"""Raised when a rule changes: patients worked out by older rules are worked out anew."""

OPTED_OUT = (ConsentStatus.DECLINED.value, ConsentStatus.WITHDRAWN.value)
CONSENT_SETTLED = (ConsentStatus.GIVEN.value, ConsentStatus.WAIVED.value, *OPTED_OUT)


class Term(StrEnum):
    """The terms that are working lists; a mandatory question is one of its own, `missing:…`."""

    NO_READ = "no_read"
    READ_WITHOUT_IMAGES = "read_without_images"
    OPERATION_WITHOUT_CT = "operation_without_ct"
    CT_WITHOUT_OUTCOME = "ct_without_outcome"
    CASE_WITHOUT_OUTCOME = "case_without_outcome"
    REVIEW_DUE = "review_due"
    REPLACEMENT_DUE = "replacement_due"
    CONTRADICTION = "contradiction"
    CONSENT_OPEN = "consent_open"
    OPTED_OUT = "opted_out"
    DUPLICATE = "duplicate"


OF_READS = frozenset({Term.NO_READ.value, Term.READ_WITHOUT_IMAGES.value})
"""Lists that tell whether others have read; so does every search for a finding."""

FINDING = "finding"
SERIAL = "serial"
MISSING = "missing"


@dataclass(frozen=True)
class Entry:
    """One line, as it is stored."""

    term: str
    on: date
    about: UUID
    case_id: int | None = None
    detail: str = ""


def tells_of_reads(term: str) -> bool:
    """Whether the term would tell a reader what others have signed."""
    return term in OF_READS or term.startswith((f"{FINDING}:", reading_rules.PREFIX))


def serial_term(serial: str) -> str:
    """Serial and lot numbers are found whatever their case and their spaces."""
    return f"{SERIAL}:{''.join(serial.split()).upper()}"


def entries(records: PatientRecords) -> Iterator[Entry]:
    """Every line but those of duplicates, which hang on other patients."""
    patient = records.patient
    yield from _of_consent(patient)
    for case in records.cases:
        yield from _of_case(case)
        for surgery in case.surgeries.all():
            yield from _reviews(surgery, case, patient)
    for component in records.components:
        yield from _of_component(component)
    for found in contradictions(records):
        yield Entry(
            Term.CONTRADICTION.value, found.on, found.about, found.case_id, detail=found.code
        )
    for missing in unanswered(records):
        term = f"{MISSING}:{missing.question}"
        yield Entry(term, missing.on, missing.about, missing.case_id)


def _of_consent(patient: Patient) -> Iterator[Entry]:
    on = patient.created_at.date()
    if patient.consent in OPTED_OUT:
        yield Entry(Term.OPTED_OUT.value, on, patient.public_id, detail=patient.consent)
    elif patient.consent not in CONSENT_SETTLED:
        yield Entry(Term.CONSENT_OPEN.value, on, patient.public_id, detail=patient.consent)


def _of_case(case: RevisionCase) -> Iterator[Entry]:
    studies, surgeries = list(case.contrast_studies.all()), list(case.surgeries.all())
    yield Entry("case", case.opened_on, case.public_id, case.pk)
    yield Entry(f"trigger:{case.trigger}", case.opened_on, case.public_id, case.pk)
    if case.outcome:
        yield Entry(f"outcome:{case.outcome}", case.opened_on, case.public_id, case.pk)
    else:
        due = outcome_due(happened_on=case.opened_on)
        yield Entry(Term.CASE_WITHOUT_OUTCOME.value, due, case.public_id, case.pk)
    for study in studies:
        yield from _of_study(study, case)
        for term, on, about in reading_rules.lines(study):
            yield Entry(term, on, about, case.pk)
    for surgery in surgeries:
        yield from _of_surgery(surgery, case)
    if case.trigger == CaseTrigger.SUSPECTED_MALFUNCTION.value and not studies:
        for surgery in surgeries:
            yield Entry(
                Term.OPERATION_WITHOUT_CT.value, surgery.performed_on, surgery.public_id, case.pk
            )


def _of_study(study: ContrastStudy, case: RevisionCase) -> Iterator[Entry]:
    def entry(term: str, on: date = study.performed_on) -> Entry:
        return Entry(term, on, study.public_id, case.pk)

    yield entry("study")
    yield entry(f"study_outcome:{study.outcome}")
    if case.outcome is None:
        yield entry(Term.CT_WITHOUT_OUTCOME.value, outcome_due(happened_on=study.performed_on))
    reads = [read for read in study.reads.all() if read.signed_at]
    superseded = {read.supersedes_id for read in reads}
    standing = [read for read in reads if read.pk not in superseded]
    for code in sorted({finding.code for read in standing for finding in read.findings.all()}):
        yield entry(f"{FINDING}:{code}")
    if study.outcome != StudyOutcomeCode.COMPLETED.value:
        return
    if not reads:
        yield entry(Term.NO_READ.value)
    elif not study.study_links.all():
        yield entry(Term.READ_WITHOUT_IMAGES.value)


def _of_surgery(surgery: RevisionSurgery, case: RevisionCase) -> Iterator[Entry]:
    confirmed = {
        finding.code
        for finding in surgery.findings.all()
        if finding.status == IntraoperativeStatus.CONFIRMED.value
    }
    terms = ["surgery", f"indication:{surgery.indication}"]
    for term in [*terms, *sorted(f"found:{code}" for code in confirmed)]:
        yield Entry(term, surgery.performed_on, surgery.public_id, case.pk)


def _reviews(surgery: RevisionSurgery, case: RevisionCase, patient: Patient) -> Iterator[Entry]:
    """Reviews nobody has logged; of whoever died before, none is asked for."""
    reviewed = {review.time for review in surgery.reviews.all()}
    for due in reviews_due(operated_on=surgery.performed_on):
        if due.kind.value in reviewed or (patient.died_on and patient.died_on < due.on):
            continue
        yield Entry(
            Term.REVIEW_DUE.value, due.on, surgery.public_id, case.pk, detail=due.kind.value
        )


def _of_component(component: Component) -> Iterator[Entry]:
    on = component.implanted_on or component.removed_on or component.created_at.date()
    terms = [f"component:{component.kind}"]
    if component.model:
        terms.append(f"model:{component.model}")
    if component.serial_number:
        terms.append(serial_term(component.serial_number))
    for term in terms:
        yield Entry(term, on, component.public_id)
    if component.removed_on is None and component.model:
        due = replacement_due(
            implanted_on=component.implanted_on,
            service_life_years=DeviceModel.get(component.model).service_life_years,
        )
        if due is not None:
            yield Entry(Term.REPLACEMENT_DUE.value, due.on, component.public_id)
