"""What the viewer's script is told: where drafts go, what was drawn, which studies are earlier."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from imaging.models import Series
from registry.models import Centre, Read, ReadDraft
from registry.presenters.linked_images import series_words

Plain = dict[str, Any]


def reading_data(
    *,
    draft_url: str | None = None,
    draft: Plain | None = None,
    marks: Plain | None = None,
    earlier: Sequence[Sequence[Series]] = (),
) -> Plain:
    """
    Parameters
    ----------
    draft
        From `draft_of`; None where nothing was kept.
    marks
        From `marks_of`, of a signed read: shown and not changed.
    earlier
        Series of earlier studies of the patient, the latest study first.
    """
    return {
        "draft_url": draft_url,
        "draft": draft,
        "marks": marks,
        "earlier": [
            {
                "label": gettext("Earlier study %(number)s") % {"number": number},
                "series": [
                    {"slices_url": one.slices_url, "label": one.title}
                    for one in series_words(series)
                ],
            }
            for number, series in enumerate(earlier, start=1)
        ],
    }


def draft_of(draft: ReadDraft, *, centre: Centre) -> Plain:
    """A draft as the page restores it."""
    return {
        "answers": draft.answers,
        "marks": draft.marks,
        "edition": draft.edition,
        "saved": clock(draft.saved_at, centre=centre),
    }


def clock(at: datetime, *, centre: Centre) -> str:
    """The time of day at the centre: 14:02."""
    return f"{at.astimezone(ZoneInfo(centre.time_zone)):%H:%M}"


def marks_of(read: Read, *, places: Mapping[tuple[int, int], int]) -> Plain:
    """The marks of a signed read as the viewer draws them.

    Parameters
    ----------
    places
        Instance and frame → place in the series, from `queries.read_marks.places`.
    """

    def place(mark: Any) -> int | None:
        return places.get((mark.instance_id, mark.frame))

    return {
        "measurements": [
            {
                "kind": mark.kind,
                "series": str(mark.series.public_id),
                "slice_index": place(mark),
                "points_mm": mark.points_mm,
                "text": mark.text,
            }
            for mark in read.measurements.all()
        ],
        "key_images": [
            {
                "series": str(mark.series.public_id),
                "slice_index": place(mark),
                "window": {
                    "centre_hu": mark.window_centre_hu,
                    "width_hu": mark.window_width_hu,
                },
            }
            for mark in read.key_images.all()
        ],
    }
