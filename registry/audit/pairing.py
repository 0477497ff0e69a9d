"""Which contrast study an operation verifies.

No column in the registry says it; the audit chooses, by a rule with a version, and
prints the rule with its numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .facts import PatientFacts, ReadFacts, StudyFacts, SurgeryFacts

READ_CHOICE: Final = (
    "read-choice-1: a study with several signed reads counts with the read signed first; "
    "corrected reads count only in their corrected form."
)

ADJUDICATED_CHOICE: Final = (
    "adjudicated-1: a study that was adjudicated counts with the adjudication, which was made by a "
    "third person who saw both reads; it is blind if it was signed before the day of the operation."
)
"""Printed where it chose: a cohort without an adjudication is counted by `READ_CHOICE` alone."""


@dataclass(frozen=True, slots=True)
class PairingRule:
    """How operations and studies are paired.

    An operation pairs with the latest study on or before its day, within `window_days`
    and, if `same_case`, of the same case. A study is verified by one operation, the
    earliest; a later operation with the same latest study stays without a study rather
    than fall back on an older one. Studies on one day are ordered by id, operations too.
    """

    version: str = "pairing-1"
    window_days: int = 180
    same_case: bool = True

    @property
    def text(self) -> str:
        """The rule as it is printed beside the numbers."""
        case = " of the same case" if self.same_case else ""
        return (
            f"{self.version}: an operation verifies the latest contrast study{case} performed on "
            f"or up to {self.window_days} days before its day. A study is verified by one "
            "operation, the earliest; never by one that preceded it. "
            f"The limit of {self.window_days} days is our choice, not a published one [proposal]."
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """One operation and the contrast study it verifies.

    `others` are the earlier studies the rule could have chosen, latest first. `blind`
    says whether the counted read was signed before the day of the operation; None if
    the study has no read.
    """

    study: StudyFacts
    surgery: SurgeryFacts
    others: tuple[StudyFacts, ...]
    blind: bool | None


@dataclass(frozen=True, slots=True)
class Pairing:
    """What the rule made of one patient: the pairs in order, and operations left over."""

    pairs: tuple[Pair, ...]
    unpaired: tuple[SurgeryFacts, ...]


def verifies(*, contrast_study_on: date, revision_on: date, window_days: int) -> bool:
    """Whether the operation may serve as reference standard for the study."""
    return 0 <= (revision_on - contrast_study_on).days <= window_days


def is_blind(*, signed_on: date, revision_on: date) -> bool:
    """Whether the read was signed before the day of the operation.

    On the day itself the reader may already have been told.
    """
    return signed_on < revision_on


def chosen_read(study: StudyFacts) -> ReadFacts | None:
    """What a study counts with, or None if nobody signed a read.

    By `ADJUDICATED_CHOICE`, else by `READ_CHOICE`.
    """
    adjudicated = [read for read in study.reads if read.adjudicates]
    return min(
        adjudicated or study.reads, key=lambda read: (read.signed_at, read.read_id), default=None
    )


def pair(patient: PatientFacts, rule: PairingRule) -> Pairing:
    """Pair the patient's operations with the studies they verify."""
    pairs: list[Pair] = []
    unpaired: list[SurgeryFacts] = []
    verified: set[str] = set()
    for surgery in sorted(patient.surgeries, key=lambda s: (s.performed_on, s.surgery_id)):
        candidates = _candidates(patient.studies, surgery, rule)
        if not candidates or candidates[0].study_id in verified:
            unpaired.append(surgery)
            continue
        study, *others = candidates
        verified.add(study.study_id)
        pairs.append(
            Pair(study=study, surgery=surgery, others=tuple(others), blind=_blind(study, surgery))
        )
    return Pairing(pairs=tuple(pairs), unpaired=tuple(unpaired))


def _candidates(
    studies: Sequence[StudyFacts], surgery: SurgeryFacts, rule: PairingRule
) -> list[StudyFacts]:
    """Studies the operation may verify, latest first."""
    candidates = [
        study
        for study in studies
        if (not rule.same_case or study.case_id == surgery.case_id)
        and verifies(
            contrast_study_on=study.performed_on,
            revision_on=surgery.performed_on,
            window_days=rule.window_days,
        )
    ]
    return sorted(candidates, key=lambda s: (s.performed_on, s.study_id), reverse=True)


def _blind(study: StudyFacts, surgery: SurgeryFacts) -> bool | None:
    read = chosen_read(study)
    if read is None:
        return None
    return is_blind(signed_on=read.signed_at.date(), revision_on=surgery.performed_on)
