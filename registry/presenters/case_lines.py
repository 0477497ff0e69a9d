"""Cases in one line each: what the contrast study showed stands beside its day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from registry import queries
from registry.models import ContrastStudy, Read, RevisionCase, User
from registry.presenters import findings, read_marks
from registry.presenters.findings import Badge


@dataclass(frozen=True)
class StudyLine:
    """A contrast study with what it showed, as far as the viewer may know it."""

    study: ContrastStudy
    badge: Badge | None
    marks: Sequence[str] = ()
    """What was measured and marked in reads that stand, where it was asked for."""
    reads: list[Read] = field(default_factory=list)
    """As far as the viewer may see them."""

    @property
    def words(self) -> str:
        """What it showed, or how it ended while no read is visible."""
        return self.badge.label if self.badge else self.study.get_outcome_display()


@dataclass(frozen=True)
class CaseLine:
    case: RevisionCase
    studies: list[StudyLine]


def case_lines(
    *, viewer: User, cases: Iterable[RevisionCase], marks: bool = False
) -> list[CaseLine]:
    """Lines of cases from `queries.cases` whose studies are fetched."""
    cases = list(cases)
    studies = [study for case in cases for study in case.contrast_studies.all()]
    reads = queries.reads.of_studies(viewer=viewer, studies=studies, marks=marks)
    decisions = queries.adjudications.of_studies(viewer=viewer, studies=studies)
    return [
        CaseLine(
            case,
            [
                StudyLine(
                    study,
                    findings.of_study(study, reads[study.pk], decisions[study.pk]),
                    _marks(reads[study.pk]) if marks else (),
                    reads[study.pk],
                )
                for study in case.contrast_studies.all()
            ],
        )
        for case in cases
    ]


def _marks(reads: Iterable[Read]) -> list[str]:
    return [
        words
        for read in reads
        if not hasattr(read, "superseded_by")
        for words in read_marks.marks(read)
    ]
