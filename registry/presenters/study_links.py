"""Why images are proposed for a contrast study, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from imaging.models import Study
from registry.presenters.linked_images import SeriesWords, series_words
from registry.queries.study_links import Candidate

SUBJECT = {
    True: "same patient number",
    False: "another patient number",
    None: "patient number not known on both sides",
}


@dataclass(frozen=True)
class Proposal:
    """A contrast study the images may belong to."""

    public_id: str
    registry_number: str
    case_url: str
    study: str
    reasons: Sequence[str]
    agrees: bool
    differs: bool


@dataclass(frozen=True)
class UnlinkedStudy:
    """Stored images that serve no contrast study yet."""

    title: str
    facts: Sequence[str]
    link_url: str
    series: Sequence[SeriesWords]
    proposals: Sequence[Proposal]


def present(study: Study, *, candidates: Sequence[Candidate]) -> UnlinkedStudy:
    """The images with their proposals, best first."""
    series = series_words(study.series.all())
    return UnlinkedStudy(
        title=title(study),
        facts=[
            f"received {study.received_at:%Y-%m-%d %H:%M}",
            f"{len(series)} series",
            study.centre_code,
            "" if study.subject_key else "carries no patient number",
        ],
        link_url=reverse("registry:study-link", args=[study.public_id]),
        series=series,
        proposals=[_proposal(candidate, study.study_date) for candidate in candidates],
    )


def title(study: Study) -> str:
    """The images by their day, with the end of their public id where two share one."""
    taken = f"of {study.study_date}" if study.study_date else "without a date"
    return f"Images {taken} ({study.public_id.hex[-4:].upper()})"


def reasons(candidate: Candidate) -> list[str]:
    """For and against, the strongest first."""
    words = [SUBJECT[candidate.subject_agrees], _days(candidate.days_apart)]
    if candidate.has_images:
        words.append("already has images")
    return words


def _proposal(candidate: Candidate, study_date: date | None) -> Proposal:
    study = candidate.contrast_study
    return Proposal(
        public_id=str(study.public_id),
        registry_number=study.case.patient.registry_number,
        case_url=reverse("registry:case-detail", args=[study.case.public_id]),
        study=f"{study.get_modality_display()} of {study.performed_on}",
        reasons=reasons(candidate),
        agrees=candidate.subject_agrees is True,
        differs=candidate.subject_agrees is False,
    )


def _days(days_apart: int | None) -> str:
    if days_apart is None:
        return "the images carry no date"
    if days_apart == 0:
        return "same day as the contrast study"
    days = abs(days_apart)
    where = "after" if days_apart > 0 else "before"
    return f"images {days} day{'' if days == 1 else 's'} {where} the contrast study"
