"""Questions that should be answered, and of which records each is asked.

The denominator of a question is not the number of patients: how a finding was proven is asked of
confirmed findings only, how much was aspirated where something came. Which questions are mandatory
is a proposal of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from django.utils.translation import gettext_noop as _

from registry.models import Component, Patient, RevisionCase
from registry.models.component import CATHETER_KINDS
from registry.queries.patient_records import PatientRecords
from registry.vocabulary import (
    AspirationResult,
    CaseTrigger,
    ComponentKind,
    ConsentStatus,
    DatePrecision,
    IntraoperativeStatus,
    YesNoUnknown,
)


@dataclass(frozen=True)
class Question:
    """`of` is what a denominator counts, in words."""

    label: str
    of: str


QUESTIONS: Final = {
    "consent": Question(_("Consent to be in the registry"), _("patients")),
    "origin": Question(_("Origin of spasticity"), _("patients")),
    "gmfcs": Question(_("GMFCS level"), _("patients with cerebral palsy")),
    "component_model": Question(_("Model"), _("components")),
    "component_serial": Question(_("Serial or lot number"), _("components")),
    "implanted_on": Question(_("Day of implantation"), _("components")),
    "removal_reason": Question(_("Reason of removal"), _("removed components")),
    "catheter_length": Question(_("Length of the catheter"), _("catheter segments")),
    "reservoir": Question(_("Size of the reservoir"), _("pumps")),
    "signs": Question(_("Presenting signs"), _("cases of suspected malfunction")),
    "withdrawal": Question(_("Severity of withdrawal"), _("cases of suspected malfunction")),
    "needle": Question(_("Needle"), _("contrast studies")),
    "aspirated_ml": Question(_("Aspirated volume"), _("studies in which something was aspirated")),
    "contrast_product": Question(_("Contrast product"), _("studies with contrast")),
    "contrast_ml": Question(_("Volume of contrast"), _("studies with contrast")),
    "delay": Question(_("Delay from injection to CT"), _("studies with contrast")),
    "next_step": Question(_("Next step"), _("contrast studies")),
    "urgency": Question(_("Urgency"), _("operations")),
    "explored": Question(_("A finding at any component"), _("operations")),
    "procedures": Question(_("Procedures"), _("operations")),
    "how_proven": Question(
        _("How the finding was proven"), _("operations with a confirmed finding")
    ),
}


@dataclass(frozen=True)
class Asked:
    """One question, asked of one record."""

    question: str
    answered: bool
    on: date
    about: UUID
    case_id: int | None = None
    is_unknown: bool = False
    """Somebody said that it cannot be known, or that nobody looked: no answer, yet not left out."""


NOT_KNOWN: Final = frozenset({"unknown", "not_assessed", "not_recorded"})
"""Codes by which a person says so; an empty answer says nothing."""


def asked(records: PatientRecords) -> Iterator[Asked]:
    yield from _of_patient(records.patient)
    for component in records.components:
        yield from _of_component(component)
    for case in records.cases:
        yield from _of_case(case)


def unanswered(records: PatientRecords) -> Iterator[Asked]:
    return (one for one in asked(records) if not one.answered)


def counts(records: PatientRecords) -> dict[str, list[int]]:
    """Question → [how often asked, how often unanswered]."""
    found: dict[str, list[int]] = {}
    for one in asked(records):
        count = found.setdefault(one.question, [0, 0])
        count[0] += 1
        count[1] += not one.answered
    return found


class Ask(Protocol):
    def __call__(self, question: str, answer: Any, *, is_unknown: bool = False) -> Asked: ...


def _asking(on: date, about: UUID, case_id: int | None = None) -> Ask:
    """`answer` is the code or text that was given, or whether there is an answer at all."""

    def ask(question: str, answer: Any, *, is_unknown: bool = False) -> Asked:
        is_unknown = is_unknown or (isinstance(answer, str) and answer in NOT_KNOWN)
        return Asked(question, bool(answer), on, about, case_id, is_unknown)

    return ask


def _of_patient(patient: Patient) -> Iterator[Asked]:
    ask = _asking(patient.created_at.date(), patient.public_id)
    is_unknown = patient.consent == ConsentStatus.UNKNOWN.value
    # Unknown consent stays on the list of what is to be settled.
    yield ask("consent", patient.consent and not is_unknown, is_unknown=is_unknown)
    yield ask("origin", patient.origin)
    if patient.diagnosis.startswith("cp_"):
        yield ask("gmfcs", patient.gmfcs)


def _of_component(component: Component) -> Iterator[Asked]:
    on = component.implanted_on or component.removed_on or component.created_at.date()
    ask = _asking(on, component.public_id)
    yield ask("component_model", component.model or component.model_text)
    yield ask("component_serial", component.serial_number)
    no_day_known = component.implanted_on_precision == DatePrecision.UNKNOWN.value
    yield ask("implanted_on", component.implanted_on, is_unknown=no_day_known)
    if component.removed_on:
        yield ask("removal_reason", component.removal_reason)
    if component.kind in CATHETER_KINDS:
        yield ask("catheter_length", component.length_cm is not None)
    if component.kind == ComponentKind.PUMP.value:
        yield ask("reservoir", component.reservoir_ml is not None)


def _of_case(case: RevisionCase) -> Iterator[Asked]:
    if case.trigger == CaseTrigger.SUSPECTED_MALFUNCTION.value:
        ask = _asking(case.opened_on, case.public_id, case.pk)
        yield ask("signs", case.presenting_signs.all())
        yield ask("withdrawal", case.withdrawal_severity)
    for study in case.contrast_studies.all():
        ask = _asking(study.performed_on, study.public_id, case.pk)
        yield ask("needle", study.needle)
        yield ask("next_step", study.next_step)
        if study.aspiration in (AspirationResult.FREE.value, AspirationResult.SLOW.value):
            yield ask("aspirated_ml", study.aspirated_ml is not None)
        if study.contrast_injected == YesNoUnknown.YES.value:
            yield ask("contrast_product", study.contrast_product)
            yield ask("contrast_ml", study.contrast_ml is not None)
            yield ask("delay", study.delay_min is not None)
    for surgery in case.surgeries.all():
        ask = _asking(surgery.performed_on, surgery.public_id, case.pk)
        findings = list(surgery.findings.all())
        not_explored = IntraoperativeStatus.NOT_EXPLORED.value
        yield ask("urgency", surgery.urgency)
        yield ask("procedures", surgery.procedures.all())
        yield ask("explored", any(finding.status != not_explored for finding in findings))
        confirmed = [one for one in findings if one.status == IntraoperativeStatus.CONFIRMED.value]
        if confirmed:
            yield ask("how_proven", all(one.how_proven for one in confirmed))
