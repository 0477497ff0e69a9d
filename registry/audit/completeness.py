"""Mandatory questions with dynamic denominators: only who had to be asked counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from .answer_facts import AnswerFacts
from .facts import PatientFacts
from .selection import Period

ASKED_RULE: Final = (
    "asked-1: a question counts for a record only where it applied: the aspirated volume where "
    "something came, how a finding was proven where one was confirmed. Which questions are "
    "mandatory is ours [proposal]."
)
ANSWER_RULE: Final = (
    "answer-1: answered, unknown and unanswered are three values. Unknown is what somebody said to "
    "be unknown, not assessed or not recorded; unanswered is what nobody said anything of."
)

QUESTION_LABELS: Final[Mapping[str, tuple[str, str]]] = {
    "consent": ("Consent to be in the registry", "patients"),
    "origin": ("Origin of spasticity", "patients"),
    "gmfcs": ("GMFCS level", "patients with cerebral palsy"),
    "component_model": ("Model", "components"),
    "component_serial": ("Serial or lot number", "components"),
    "implanted_on": ("Day of implantation", "components"),
    "removal_reason": ("Reason of removal", "removed components"),
    "catheter_length": ("Length of the catheter", "catheter segments"),
    "reservoir": ("Size of the reservoir", "pumps"),
    "signs": ("Presenting signs", "cases of suspected malfunction"),
    "withdrawal": ("Severity of withdrawal", "cases of suspected malfunction"),
    "needle": ("Needle", "contrast studies"),
    "aspirated_ml": ("Aspirated volume", "studies in which something was aspirated"),
    "contrast_product": ("Contrast product", "studies with contrast"),
    "contrast_ml": ("Volume of contrast", "studies with contrast"),
    "delay": ("Delay from injection to CT", "studies with contrast"),
    "next_step": ("Next step", "contrast studies"),
    "urgency": ("Urgency", "operations"),
    "explored": ("A finding at any component", "operations"),
    "procedures": ("Procedures", "operations"),
    "how_proven": ("How the finding was proven", "operations with a confirmed finding"),
}
"""What is asked, and of what; a test compares with the registry's questions."""


@dataclass(slots=True)
class QuestionCount:
    """Ids of the records one question was asked of."""

    given: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        return [*self.given, *self.unknown, *self.missing]


def question_counts(patients: Iterable[PatientFacts], period: Period) -> dict[str, QuestionCount]:
    """Every question that was asked of a record of the period, in the order it is printed."""
    found: dict[str, QuestionCount] = {key: QuestionCount() for key in QUESTION_LABELS}
    for patient in patients:
        for record in patient.of(AnswerFacts):
            if not period.contains(record.on):
                continue
            for key in record.given:
                found.setdefault(key, QuestionCount()).given.append(record.record_id)
            for key in record.unknown:
                found.setdefault(key, QuestionCount()).unknown.append(record.record_id)
            for key in record.missing:
                found.setdefault(key, QuestionCount()).missing.append(record.record_id)
    return found


def label_of(question: str) -> str:
    """In words; a question of a newer registry stands as it is."""
    return QUESTION_LABELS.get(question, (question, ""))[0]


def unit_of(question: str) -> str:
    return QUESTION_LABELS.get(question, ("", "records"))[1]
