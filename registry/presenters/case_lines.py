"""Cases in one line each: what the contrast study showed stands beside its day."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry import queries
from registry.models import ContrastStudy, RevisionCase, User
from registry.presenters import findings
from registry.presenters.findings import Badge


@dataclass(frozen=True)
class StudyLine:
    """A contrast study with what it showed, as far as the viewer may know it."""

    study: ContrastStudy
    badge: Badge | None

    @property
    def words(self) -> str:
        """What it showed, or how it ended while no read is visible."""
        return self.badge.label if self.badge else self.study.get_outcome_display()


@dataclass(frozen=True)
class CaseLine:
    case: RevisionCase
    studies: list[StudyLine]


def case_lines(*, viewer: User, cases: Iterable[RevisionCase]) -> list[CaseLine]:
    """Lines of cases from `queries.cases` whose studies are fetched."""
    cases = list(cases)
    studies = [study for case in cases for study in case.contrast_studies.all()]
    reads = queries.reads.of_studies(viewer=viewer, studies=studies)
    decisions = queries.adjudications.of_studies(viewer=viewer, studies=studies)
    return [
        CaseLine(
            case,
            [
                StudyLine(study, findings.of_study(study, reads[study.pk], decisions[study.pk]))
                for study in case.contrast_studies.all()
            ],
        )
        for case in cases
    ]
