"""Linked series with the verdict on their geometry."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.models import Series
from registry.models import StudyLink
from registry.queries.case_match import Fact, compare

UNUSABLE = frozenset({"missing_geometry", "mixed_orientation"})
SOUND = frozenset({"even_spacing"})


@dataclass(frozen=True)
class Verdict:
    """One thing the geometry check said; `kind` is sound, caution or unusable."""

    kind: str
    label: str


@dataclass(frozen=True)
class SeriesWords:
    title: str
    slices_url: str
    verdicts: list[Verdict]
    sentences: list[str]


@dataclass(frozen=True)
class LinkedImages:
    """The images of one link, and the way to take the link back."""

    linked: str
    agreement: str
    differing: str
    reason: str
    page_url: str
    held_by: str
    withdraw_url: str | None
    series: list[SeriesWords]


def present(link: StudyLink, *, may_link: bool) -> LinkedImages:
    """A link with its series in the order of their numbers."""
    return LinkedImages(
        linked=gettext("linked %(created_at)s")
        % {"created_at": f"{timezone.localtime(link.created_at):%Y-%m-%d}"},
        agreement=str(AGREEMENT[link.subject_agrees]),
        differing=_differing(link),
        page_url=reverse("imaging:study-detail", args=[link.study.public_id]),
        held_by="" if link.study.centre_code == link.centre_code else link.study.centre_code,
        reason=link.override_reason,
        withdraw_url=reverse("registry:study-link-withdraw", args=[link.public_id])
        if may_link
        else None,
        series=series_words(link.study.series.all()),
    )


AGREEMENT = {
    "yes": _("same patient number as the patient"),
    "no": _("another patient number than the patient"),
    "unknown": _("patient number not known on both sides"),
}


def _differing(link: StudyLink) -> str:
    """What else than the patient number differs today; the records may have been corrected."""
    compared = compare(contrast_study=link.contrast_study, study=link.study)
    return ", ".join(
        one.fact.value for one in compared if one.stops and one.fact is not Fact.SUBJECT_KEY
    )


def series_words(series: Iterable[Series]) -> list[SeriesWords]:
    """Series for the slices island."""
    return [
        SeriesWords(
            title=title,
            slices_url=reverse("imaging:series-slices", args=[one.public_id]),
            verdicts=[_verdict(code) for code in one.geometry_codes],
            sentences=list(one.geometry.get("sentences", [])),
        )
        for title, one in titled(series)
    ]


def titled(series: Iterable[Series]) -> list[tuple[str, Series]]:
    """Series in their order; titles tell that and nothing of the source."""
    ordered = sorted(series, key=lambda one: (one.series_number is None, one.series_number, one.pk))
    return [
        (gettext("Series %(position)s") % {"position": position}, one)
        for position, one in enumerate(ordered, start=1)
    ]


def _verdict(code: str) -> Verdict:
    kind = "unusable" if code in UNUSABLE else "sound" if code in SOUND else "caution"
    return Verdict(kind=kind, label=code.replace("_", " ").capitalize())
