"""Each contrast study with what it said and what is known of the catheter."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .clinical_follow_up import followed_up
from .codes import ABNORMAL_FINDINGS, Finding, LeakSite, StudyOutcome
from .facts import PatientFacts, ReadFacts, StudyFacts
from .pairing import Pair, PairingRule, chosen_read, pair
from .reference import CONFIRMS, SITES, DefectKind, Reference, defect_sites, defects, reference_of
from .selection import Period


class Result(StrEnum):
    """What a study said, as a test; the first four are results of the test."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INDETERMINATE = "indeterminate"
    NOT_ASPIRABLE = "not_aspirable"
    NOT_READ = "not_read"
    STOPPED_OTHER = "stopped_other"


RESULT_LABELS: Final = {
    Result.POSITIVE: "Positive",
    Result.NEGATIVE: "Negative",
    Result.INDETERMINATE: "Indeterminate",
    Result.NOT_ASPIRABLE: "Not aspirable",
}
"""The results of the test, in the order of the tables."""


class Concordance(StrEnum):
    """Whether an operation bore out what the study showed."""

    EXACT = "exact"
    PARTIAL = "partial"
    DISCORDANT = "discordant"


@dataclass(frozen=True, slots=True)
class CountedStudy:
    """One study. `pair` is None unless an operation verifies it by the pairing rule.

    `reference` is what that operation says; `any_reference` falls back on clinical follow-up and
    is a defect, no defect or None.
    """

    patient: PatientFacts
    study: StudyFacts
    read: ReadFacts | None
    pair: Pair | None
    reference: Reference | None
    any_reference: Reference | None

    @property
    def result(self) -> Result:
        if self.study.outcome == StudyOutcome.STOPPED_NOT_ASPIRABLE:
            return Result.NOT_ASPIRABLE
        if self.study.outcome == StudyOutcome.STOPPED_OTHER:
            return Result.STOPPED_OTHER
        if self.read is None:
            return Result.NOT_READ
        if self.read.primary_finding == Finding.INDETERMINATE:
            return Result.INDETERMINATE
        positive = self.read.primary_finding in ABNORMAL_FINDINGS
        return Result.POSITIVE if positive else Result.NEGATIVE

    @property
    def tested(self) -> bool:
        """Whether the study had a result of the test, if only that nothing could be aspirated."""
        return self.result in RESULT_LABELS

    @property
    def finding(self) -> str | None:
        """The imaging finding, or not aspirable; None if neither."""
        if self.result is Result.NOT_ASPIRABLE:
            return str(Result.NOT_ASPIRABLE)
        return None if self.read is None else str(self.read.primary_finding)

    @property
    def verified(self) -> bool:
        return self.reference in (Reference.DEFECT, Reference.NO_DEFECT)

    @property
    def defects(self) -> frozenset[DefectKind]:
        return frozenset() if self.pair is None else defects(self.pair.surgery)

    @property
    def concordance(self) -> Concordance | None:
        """None unless the study was positive or negative and an operation is its reference.

        Exact: the kind of defect confirms the finding, and of a leak with a recorded site the site,
        too. Partial: there was a defect, of another kind or elsewhere.
        """
        if not self.verified or self.result not in (Result.POSITIVE, Result.NEGATIVE):
            return None
        positive = self.result is Result.POSITIVE
        if positive is not (self.reference is Reference.DEFECT):
            return Concordance.DISCORDANT
        if not positive:
            return Concordance.EXACT
        assert self.read is not None
        if not CONFIRMS[Finding(self.read.primary_finding)] & self.defects:
            return Concordance.PARTIAL
        sites = self.read.leak_sites
        elsewhere = sites and not any(self.found_at(LeakSite(site)) for site in sites)
        return Concordance.PARTIAL if elsewhere else Concordance.EXACT

    def found_at(self, site: LeakSite) -> bool:
        """Whether the surgeon found an open wall or joint where contrast leaked."""
        if self.pair is None:
            return False
        return bool(SITES[site] & defect_sites(self.pair.surgery, DefectKind.OPEN))


def counted_studies(
    patient: PatientFacts, *, period: Period, rule: PairingRule
) -> Iterator[CountedStudy]:
    """The patient's studies of the period; all of them take part in the pairing."""
    if not patient.studies:
        return
    pairs = {one.study.study_id: one for one in pair(patient, rule).pairs}
    for study in patient.studies:
        if not period.contains(study.performed_on):
            continue
        found = pairs.get(study.study_id)
        reference = None if found is None else reference_of(found.surgery)
        decided = reference in (Reference.DEFECT, Reference.NO_DEFECT)
        yield CountedStudy(
            patient=patient,
            study=study,
            read=chosen_read(study) if study.outcome == StudyOutcome.COMPLETED else None,
            pair=found,
            reference=reference,
            any_reference=reference if decided else followed_up(patient, study),
        )
