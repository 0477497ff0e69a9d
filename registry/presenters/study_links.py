"""Why images are proposed for a contrast study, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from imaging.models import IngestRun, Study
from registry.presenters.linked_images import SeriesWords, series_words
from registry.queries.case_match import Agreement, Compared, Fact
from registry.queries.study_links import Candidate

WORDS = {
    (Fact.SUBJECT_KEY, Agreement.AGREES): _("same patient number"),
    (Fact.SUBJECT_KEY, Agreement.DIFFERS): _("another patient number"),
    (Fact.SUBJECT_KEY, Agreement.UNKNOWN): _("patient number not known on both sides"),
    (Fact.BIRTH_YEAR, Agreement.AGREES): _("same year of birth"),
    (Fact.BIRTH_YEAR, Agreement.DIFFERS): _("another year of birth"),
    (Fact.SEX, Agreement.AGREES): _("same sex"),
    (Fact.SEX, Agreement.DIFFERS): _("another sex"),
    (Fact.CASE_DATES, Agreement.DIFFERS): _("taken outside the case"),
    (Fact.BODY_PART, Agreement.DIFFERS): _("another body part"),
}
"""What is told of a fact; of the date it is how far apart, and of what is missing here, nothing."""
NOT_KNOWN = _("not known")
NOTE = "note"


@dataclass(frozen=True)
class Proposal:
    """A contrast study the images may belong to."""

    public_id: str
    registry_number: str
    case_url: str
    study: str
    reasons: Sequence["Reason"]
    compared: Sequence["ComparedRow"]
    needs_reason: bool


@dataclass(frozen=True)
class Reason:
    """Something for or against a proposal; `kind` is agrees, differs, unknown or note."""

    kind: str
    words: str


@dataclass(frozen=True)
class ComparedRow:
    """One fact of images and case beside each other."""

    label: str
    images: str
    case: str
    agreement: str
    stops: bool


@dataclass(frozen=True)
class UnlinkedStudy:
    """Stored images that serve no contrast study yet.

    `asks_url` leads to the question that must be answered before they can be linked, "" without;
    `excluded` is why they are offered to nobody.
    """

    title: str
    facts: Sequence[str]
    link_url: str
    page_url: str
    asks_url: str
    excluded: str
    series: Sequence[SeriesWords]
    proposals: Sequence[Proposal]


def present(
    study: Study, *, candidates: Sequence[Candidate], waits_for: IngestRun | None = None
) -> UnlinkedStudy:
    """The images with their proposals, best first.

    Parameters
    ----------
    waits_for
        The delivery with images of several patients that nobody has confirmed yet.
    """
    series = series_words(study.series.all())
    return UnlinkedStudy(
        title=title(study),
        facts=[
            gettext("received %(localtime)s")
            % {"localtime": f"{timezone.localtime(study.received_at):%Y-%m-%d %H:%M}"},
            gettext("%(series)s series") % {"series": len(series)},
            study.centre_code,
            "" if study.subject_key else gettext("carries no patient number"),
        ],
        link_url=reverse("registry:study-link", args=[study.public_id]),
        page_url=reverse("imaging:study-detail", args=[study.public_id]),
        asks_url=reverse("imaging:run-detail", args=[waits_for.public_id]) if waits_for else "",
        excluded=study.exclusion.reason if hasattr(study, "exclusion") else "",
        series=series,
        proposals=[_proposal(candidate) for candidate in candidates],
    )


def title(study: Study) -> str:
    """The images by their day, with the end of their public id where two share one."""
    taken = (
        gettext("of %(study_date)s") % {"study_date": study.study_date}
        if study.study_date
        else gettext("without a date")
    )
    return gettext("Images %(taken)s (%(upper)s)") % {
        "taken": taken,
        "upper": study.public_id.hex[-4:].upper(),
    }


def reasons(candidate: Candidate) -> list[Reason]:
    """For and against, in the order of their weight."""
    told = []
    for one in candidate.compared:
        if one.fact is Fact.STUDY_DATE:
            # Another day is a reason against it only beyond the window.
            near = one.agreement is Agreement.DIFFERS and not one.stops
            kind = NOTE if near else one.agreement.value
            told.append(Reason(kind, _days(candidate.days_apart)))
        elif words := WORDS.get((one.fact, one.agreement)):
            told.append(Reason(one.agreement.value, str(words)))
    if candidate.has_images:
        told.append(Reason(NOTE, gettext("already has images")))
    return told


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def compared_rows(compared: Sequence[Compared]) -> list[ComparedRow]:
    """The comparison as a table."""
    return [
        ComparedRow(
            label=_capitalised(gettext(one.fact.value)),
            images=one.images or str(NOT_KNOWN),
            case=one.case or str(NOT_KNOWN),
            agreement=one.agreement.value,
            stops=one.stops,
        )
        for one in compared
    ]


def _proposal(candidate: Candidate) -> Proposal:
    study = candidate.contrast_study
    return Proposal(
        public_id=str(study.public_id),
        registry_number=study.case.patient.registry_number,
        case_url=reverse("registry:case-detail", args=[study.case.public_id]),
        study=gettext("%(modality)s of %(performed_on)s")
        % {"modality": study.get_modality_display(), "performed_on": study.performed_on},
        reasons=reasons(candidate),
        compared=compared_rows(candidate.compared),
        needs_reason=candidate.stops,
    )


def _days(days_apart: int | None) -> str:
    if days_apart is None:
        return gettext("the images carry no date")
    if days_apart == 0:
        return gettext("same day as the contrast study")
    days = abs(days_apart)
    words = (
        ngettext(
            "images %(n)s day after the contrast study",
            "images %(n)s days after the contrast study",
            days,
        )
        if days_apart > 0
        else ngettext(
            "images %(n)s day before the contrast study",
            "images %(n)s days before the contrast study",
            days,
        )
    )
    return words % {"n": days}
