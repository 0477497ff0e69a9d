"""Which years of a timeline are drawn, and the links to see fewer, more, earlier or later ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.audit.due_dates import months_later
from registry.presenters.timeline_parts import Window

YEARS = (10, 5, 2, 1)
MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class ZoomLink:
    """`query` is what the address gets; `key` moves there from the keyboard."""

    label: str
    query: str
    key: str = ""
    current: bool = False


@dataclass(frozen=True)
class Zoom:
    window: Window
    links: Sequence[ZoomLink]


def zoom(whole: Window, *, years: str, until: str) -> Zoom:
    """The window that was asked for; the whole story where what was asked for makes no sense.

    Parameters
    ----------
    years, until
        As they stand in the address: a number of `YEARS`, and the last day.
    """
    shown = next((count for count in YEARS if str(count) == years), None)
    offered = [count for count in YEARS if count * 365 < whole.days]
    if shown not in offered:
        shown = None
    if shown is None:
        window = whole
    else:
        last = min(max(_day(until) or whole.last, whole.first), whole.last)
        first = date.min
        if last.year > shown:  # There is no year 0.
            first = months_later(last, -shown * MONTHS_PER_YEAR) + timedelta(days=1)
        if first < whole.first:
            first = whole.first
            last = min(months_later(first, shown * MONTHS_PER_YEAR), whole.last)
        window = Window(first, last)
    steps = [None, *offered]
    place = steps.index(shown)
    links = []
    for index, count in enumerate(steps):
        key = {place - 1: "-", place + 1: "+"}.get(index, "")
        label = (
            _("All")
            if count is None
            else ngettext("%(n)s year", "%(n)s years", count) % {"n": count}
        )
        links.append(ZoomLink(label, _query(count, window.last), key, current=index == place))
    if shown is not None:
        half = timedelta(days=shown * 183)
        if window.first > whole.first:
            links.append(ZoomLink(_("Earlier"), _query(shown, window.last - half), "["))
        if window.last < whole.last:
            links.append(
                ZoomLink(_("Later"), _query(shown, min(window.last + half, whole.last)), "]")
            )
    return Zoom(window, links if offered else [])


def _query(years: int | None, until: date) -> str:
    if years is None:
        return "?years=all"
    return "?" + urlencode({"years": years, "until": until.isoformat()})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
