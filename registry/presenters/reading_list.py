"""The list of a reader: what waits, what is done, and studies to decide about.

A line tells nothing of the case, of other readers, or whether the study was looked at before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from imaging.queries.uncounted import UncountedPage, page_of
from registry import queries
from registry.models import ContrastStudy, Read, User
from registry.presenters import findings
from registry.presenters.findings import Badge
from registry.presenters.reads import neutral_code
from registry.queries.adjudications import ReadPair
from registry.queries.keyset import BoundedCount, bounded_count
from registry.queries.reading_tasks import ReadingTask

PER_PAGE: Final = 50
AGES: Final = {"": _("all"), "7": _("a week or longer"), "28": _("four weeks or longer")}
"""Filters of the list: waits for at least so many days."""

WAITING, ASSIGNED, DONE = "waiting", "assigned", "done"
WORDS: Final = {WAITING: _("Waiting"), ASSIGNED: _("Assigned to you"), DONE: _("Done")}
EMPTY: Final = {
    WAITING: (
        _("No contrast study is waiting for your read"),
        _("Studies appear here when images are linked to a completed contrast study."),
    ),
    ASSIGNED: (
        _("Nothing is assigned to you"),
        _("A coordinator can ask you for a read. Other studies stand under Waiting."),
    ),
    DONE: (_("You have signed no read yet"), _("What you sign appears here.")),
}


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    count: BoundedCount
    current: bool


@dataclass(frozen=True)
class Line:
    """One look at a study, waiting or signed."""

    code: str
    url: str
    when: str
    series_count: int | None = None
    assigned: bool = False
    badge: Badge | None = None


@dataclass(frozen=True)
class ReadingList:
    tabs: list[Tab]
    ages: list[Tab]
    lines: list[Line]
    page: UncountedPage
    query: str
    empty: tuple[str, str]
    next_url: str | None
    signed: BoundedCount
    waiting: BoundedCount
    shows_done: bool
    to_adjudicate: list[Line]

    @property
    def asked(self) -> int | None:
        """Read and to be read; None where there is more than anybody counts."""
        exact = self.signed.is_exact and self.waiting.is_exact
        return self.signed.number + self.waiting.number if exact else None


def present(*, viewer: User, now: datetime, show: str, age: str, number: str) -> ReadingList:
    """The list as asked for; what cannot be asked for counts as not asked."""
    show, age = _understood(show, age)
    tasks = queries.reading_tasks.waiting(viewer=viewer, at=now)
    done = queries.reading_tasks.done(viewer=viewer)
    signed = bounded_count([done])
    assigned = [task for task in tasks if task.assigned]
    listed = _listed(tasks, now=now, show=show, age=age)
    shown = done if show == DONE else listed
    # A page beyond the last one is the first.
    page = page_of(shown, asked_for=number, size=PER_PAGE)
    page = page if len(page) else page_of(shown, asked_for=None, size=PER_PAGE)
    listed_here: list[Any] = list(page)
    waiting = BoundedCount(len(tasks))
    counts = {WAITING: waiting, ASSIGNED: BoundedCount(len(assigned)), DONE: signed}
    return ReadingList(
        tabs=[
            Tab(str(WORDS[one]), _url(show=one), counts[one], current=one == show) for one in WORDS
        ],
        ages=[]
        if show == DONE
        else [
            Tab(str(label), _url(show=show, age=days), BoundedCount(0), days == age)
            for days, label in AGES.items()
        ],
        lines=_done(listed_here) if show == DONE else _waiting(listed_here, viewer=viewer, now=now),
        page=page,
        query=urlencode({"show": show, "age": age}),
        empty=(str(EMPTY[show][0]), str(EMPTY[show][1])),
        next_url=_room(tasks[0]) if tasks else None,
        signed=signed,
        waiting=waiting,
        shows_done=show == DONE,
        to_adjudicate=[adjudication(pair) for pair in queries.adjudications.waiting(viewer=viewer)],
    )


def whole(*, viewer: User, now: datetime, show: str, age: str) -> Iterable[Line]:
    """Every line of the list as asked for, for a file."""
    show, age = _understood(show, age)
    if show == DONE:
        return _done(queries.reading_tasks.done(viewer=viewer))
    tasks = queries.reading_tasks.waiting(viewer=viewer, at=now)
    return _waiting(_listed(tasks, now=now, show=show, age=age), viewer=viewer, now=now)


def asked_words(show: str, age: str) -> tuple[tuple[str, str], ...]:
    """What is listed, in words."""
    show, age = _understood(show, age)
    return (("list", str(WORDS[show])), ("waits", str(AGES[age])))


def _understood(show: str, age: str) -> tuple[str, str]:
    show = show if show in EMPTY else WAITING
    return show, age if age in AGES and show != DONE else ""


def _listed(tasks: list[ReadingTask], *, now: datetime, show: str, age: str) -> list[ReadingTask]:
    return [
        task
        for task in tasks
        if (show != ASSIGNED or task.assigned) and (not age or (now - task.since).days >= int(age))
    ]


def adjudication(pair: ReadPair) -> Line:
    """A study whose two reads differ; not in what."""
    return Line(
        code=neutral_code(pair.study),
        url=reverse("registry:adjudication", args=[pair.study.public_id]),
        when="",
    )


def waits(since: datetime, *, now: datetime) -> str:
    """How long, in days: hours would tell when somebody signed."""
    days = (now - since).days
    if days < 1:
        return gettext("since today")
    return ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}


def _waiting(tasks: list[ReadingTask], *, viewer: User, now: datetime) -> list[Line]:
    studies = queries.reading_tasks.studies_of(viewer=viewer, tasks=tasks)
    return [
        Line(
            code=neutral_code(task),
            url=_room(task),
            when=waits(task.since, now=now),
            series_count=_series(studies[task.study_pk]),
            assigned=task.assigned,
        )
        for task in tasks
    ]


def _done(reads: Iterable[Read]) -> list[Line]:
    return [
        Line(
            code=neutral_code(read.masked_reread or read.contrast_study),
            url=reverse(
                "registry:reading-room",
                args=[(read.masked_reread or read.contrast_study).public_id],
            ),
            when=f"{timezone.localtime(read.signed_at):%Y-%m-%d}",
            badge=findings.primary_of(read),
        )
        for read in reads
    ]


def _series(study: ContrastStudy) -> int:
    return sum(
        len(link.study.series.all())
        for link in study.study_links.all()
        if link.study.centre_code == study.centre_code
    )


def _room(task: ReadingTask) -> str:
    return reverse("registry:reading-room", args=[task.public_id])


def _url(**asked: str) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"{reverse('registry:reading-list')}?{urlencode(given)}"
