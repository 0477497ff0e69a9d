"""The one study, read and operation a patient counts with.

The unit of these audits is the patient, and a patient may have several studies; a rule
with a version picks one, so that every patient stands in one box.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .codes import FINDING_LABELS, StudyOutcome
from .facts import PatientFacts, ReadFacts, StudyFacts
from .pairing import Pair, PairingRule, chosen_read, pair
from .selection import Period, therapy_overlaps

INDEX_RULE: Final = (
    "index-1: a patient counts with the study that the earliest operation of a pair verifies, "
    "else with the earliest study of the period."
)

NOT_READ: Final = "not_read"
"""A completed study without a signed read is neither normal nor abnormal: nothing is known."""

RESULT_LABELS: Final[dict[str, str]] = {
    **{finding.value: label for finding, label in FINDING_LABELS.items()},
    NOT_READ: "Completed, not read",
    StudyOutcome.STOPPED_NOT_ASPIRABLE.value: "Stopped: not aspirable",
    StudyOutcome.STOPPED_OTHER.value: "Stopped: other reason",
}
"""Every result an index study can have, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class IndexedPatient:
    """A patient with what is counted.

    `studies` are those of the period, earliest first. `index` is None if there are none;
    `read` is None unless the index study was completed and read; `pair` is None unless an
    operation verifies the index study. `unpaired_surgeries` verify no study at all.
    """

    patient: PatientFacts
    studies: tuple[StudyFacts, ...]
    index: StudyFacts | None
    read: ReadFacts | None
    pair: Pair | None
    unpaired_surgeries: int
    therapy_dates_fit: bool

    @property
    def operated(self) -> bool:
        """Whether an operation verifies the index study."""
        return self.pair is not None

    @property
    def result(self) -> str | None:
        """A key of `RESULT_LABELS`; None without a study."""
        if self.index is None:
            return None
        if self.index.outcome != StudyOutcome.COMPLETED:
            return str(self.index.outcome)
        return NOT_READ if self.read is None else str(self.read.primary_finding)


def indexed(patient: PatientFacts, *, period: Period, rule: PairingRule) -> IndexedPatient:
    """Choose what the patient counts with.

    All studies take part in pairing, also those outside the period: an operation must
    not move to an older scan because a filter hides the one it followed.
    """
    pairing = pair(patient, rule)
    studies = tuple(
        sorted(
            (study for study in patient.studies if period.contains(study.performed_on)),
            key=lambda study: (study.performed_on, study.study_id),
        )
    )
    first = next((p for p in pairing.pairs if period.contains(p.study.performed_on)), None)
    index = first.study if first is not None else next(iter(studies), None)
    completed = index is not None and index.outcome == StudyOutcome.COMPLETED
    return IndexedPatient(
        patient=patient,
        studies=studies,
        index=index,
        read=chosen_read(index) if index is not None and completed else None,
        pair=first,
        unpaired_surgeries=len(pairing.unpaired),
        therapy_dates_fit=therapy_overlaps(patient, period),
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Ids of the patients with one result, by whether an operation verifies it; sorted."""

    operated: tuple[str, ...]
    not_operated: tuple[str, ...]

    @property
    def everybody(self) -> tuple[str, ...]:
        return tuple(sorted(self.operated + self.not_operated))


def groups_by_result(cohort: Mapping[str, IndexedPatient]) -> dict[str, Group]:
    """The studied patients, one group for each of `RESULT_LABELS`, empty ones included."""
    operated: dict[str, list[str]] = {result: [] for result in RESULT_LABELS}
    not_operated: dict[str, list[str]] = {result: [] for result in RESULT_LABELS}
    for patient_id, one in sorted(cohort.items()):
        if one.result is not None:
            (operated if one.operated else not_operated)[one.result].append(patient_id)
    return {
        result: Group(tuple(operated[result]), tuple(not_operated[result]))
        for result in RESULT_LABELS
    }


def joined(groups: Mapping[str, Group], results: Iterable[str]) -> Group:
    """Several groups as one."""
    chosen = [groups[result] for result in results]
    return Group(
        operated=tuple(sorted(one for group in chosen for one in group.operated)),
        not_operated=tuple(sorted(one for group in chosen for one in group.not_operated)),
    )
