"""Studies that were looked at more than once: by several readers, or twice by one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .codes import ABNORMAL_FINDINGS, Finding, StudyOutcome
from .facts import PatientFacts, ReadFacts, StudyFacts

ABNORMAL: Final = "abnormal"
NORMAL: Final = "normal"
NEITHER: Final = "indeterminate"


@dataclass(frozen=True, slots=True)
class ReadStudy:
    """A study with the first reads of its readers, one each, in the order they were signed.

    `looks` are pairs of one reader's first and masked second look.
    """

    patient: PatientFacts
    study: StudyFacts
    reads: tuple[ReadFacts, ...]
    looks: tuple[tuple[ReadFacts, ReadFacts], ...]

    @property
    def completed(self) -> bool:
        return self.study.outcome == StudyOutcome.COMPLETED

    @property
    def by_several(self) -> bool:
        return self.completed and len(self.reads) > 1

    @property
    def agreed(self) -> bool:
        """Whether all readers named the same primary finding."""
        return len({read.primary_finding for read in self.reads}) == 1


def read_study(patient: PatientFacts, study: StudyFacts) -> ReadStudy:
    """Sort the reads of a study; adjudications are not first reads and never count here."""
    by_reader: dict[str, ReadFacts] = {}
    for read in _in_order(one for one in study.reads if not one.adjudicates):
        by_reader.setdefault(read.reader_id, read)
    looks: dict[str, tuple[ReadFacts, ReadFacts]] = {}
    for look in _in_order(study.second_looks):
        first = by_reader.get(look.reader_id)
        if first is not None:
            looks.setdefault(look.reader_id, (first, look))
    return ReadStudy(
        patient=patient,
        study=study,
        reads=tuple(by_reader.values()),
        looks=tuple(looks.values()),
    )


def side(read: ReadFacts) -> str:
    """Abnormal, normal or neither."""
    if read.primary_finding == Finding.INDETERMINATE:
        return NEITHER
    return ABNORMAL if read.primary_finding in ABNORMAL_FINDINGS else NORMAL


def _in_order(reads: Iterable[ReadFacts]) -> list[ReadFacts]:
    return sorted(reads, key=lambda read: (read.signed_at, read.read_id))
