"""Working lists and the search as pages: lines with their patient, day and words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from registry import queries
from registry.models import ListEntry, SavedFilter, User
from registry.presenters.case_lines import case_lines
from registry.presenters.findings import Badge
from registry.presenters.list_terms import LISTS, MISSING_LISTS, ListWords, Words, words_of
from registry.queries.keyset import BoundedCount
from registry.queries.list_rules import Term, serial_term
from registry.queries.lists import ListPage, Wanted, narrowed
from registry.queries.mandatory_answers import QUESTIONS

PER_PAGE = 50
LONGEST_TERM = 80


@dataclass(frozen=True)
class Line:
    """One record of one patient."""

    number: str
    patient_url: str
    facts: str
    centre: str
    on: date
    words: Words
    url: str
    badge: Badge | None = None


@dataclass(frozen=True)
class EntryPage:
    """`next_query` continues where the page ends; `looked_until` as in `ListPage`."""

    lines: list[Line]
    next_query: str
    looked_until: date | None
    is_first: bool


@dataclass(frozen=True)
class ListCount:
    words: ListWords
    url: str
    count: BoundedCount


@dataclass(frozen=True)
class AnswerLine:
    """How often a mandatory question was asked and not answered."""

    label: Words
    of: str
    asked: int
    missing: int
    url: str

    @property
    def answered(self) -> int:
        return self.asked - self.missing

    @property
    def percent(self) -> int | None:
        """Answered, of those asked; None where nobody was asked."""
        return round(100 * self.answered / self.asked) if self.asked else None


@dataclass(frozen=True)
class Kept:
    """A saved filter as a link."""

    saved_filter: SavedFilter
    url: str
    is_own: bool


def list_words(key: str, *, viewer: User) -> ListWords | None:
    """The list of this key, or None where this viewer has no such list."""
    words = LISTS.get(key) or MISSING_LISTS.get(key)
    if words is None or not queries.lists.has_list(viewer=viewer, term=words.term):
        return None
    return words


def list_url(words: ListWords) -> str:
    return reverse("registry:work-list", args=[words.key])


def wanted(words: ListWords, *, today: date, **filters: Any) -> Wanted:
    """What a list shows on a day."""
    asked = Wanted(words.term, newest_first=words.newest_first, **filters)
    return narrowed(asked, until=today + timedelta(days=words.ahead_days))


def overview(*, viewer: User, today: date) -> list[ListCount]:
    return [
        ListCount(
            words,
            list_url(words),
            queries.lists.count(viewer=viewer, wanted=wanted(words, today=today)),
        )
        for words in LISTS.values()
        if queries.lists.has_list(viewer=viewer, term=words.term)
    ]


def answers(*, viewer: User) -> list[AnswerLine]:
    counts = queries.lists.unanswered(viewer=viewer)
    return [
        AnswerLine(
            label=gettext(QUESTIONS[question].label),
            of=gettext(QUESTIONS[question].of),
            asked=counts.get(question, (0, 0))[0],
            missing=counts.get(question, (0, 0))[1],
            url=list_url(words),
        )
        for question, words in zip(QUESTIONS, MISSING_LISTS.values(), strict=True)
    ]


def present(*, viewer: User, asked: Wanted, after: str, query: dict[str, str]) -> EntryPage:
    """A page of lines.

    Parameters
    ----------
    query
        What the address asks for besides where to go on.
    """
    page: ListPage = queries.lists.page(viewer=viewer, wanted=asked, after=after, size=PER_PAGE)
    return EntryPage(
        lines=lines(viewer=viewer, rows=page.rows),
        next_query=urlencode(query | {"after": page.next_after}) if page.next_after else "",
        looked_until=page.looked_until,
        is_first=not after,
    )


def address_of(viewer: User, text: str) -> str | None:
    """The search for a day or a serial number typed where a patient's number belongs."""
    search = reverse("registry:search")
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        term = serial_term(text)
        if len(term) > LONGEST_TERM or "\x00" in term:
            return None
        known = queries.lists.count(viewer=viewer, wanted=Wanted(term))
        return f"{search}?{urlencode({'serial': text.strip()})}" if known else None
    return f"{search}?{urlencode({'what': 'case', 'since': str(day), 'until': str(day)})}"


def lines(*, viewer: User, rows: Sequence[ListEntry]) -> list[Line]:
    """Lines with what their contrast study showed, as far as the viewer may know."""
    # The rows are the viewer's, and so are their cases: asked for by centre once more, SQLite would
    # go through every case of the centre.
    cases = list({row.case_id: row.case for row in rows if row.case is not None}.values())
    prefetch_related_objects(cases, "contrast_studies")
    badges: dict[Any, Badge | None] = {}
    for line in case_lines(viewer=viewer, cases=cases):
        shown = [one for one in line.studies if one.badge]
        badges[line.case.public_id] = shown[-1].badge if shown else None
        badges |= {one.study.public_id: one.badge for one in line.studies}
    return [_line(row, badges.get(row.about)) for row in rows]


def kept_filters(*, viewer: User, page: str) -> list[Kept]:
    return [
        Kept(one, filter_url(one), one.created_by_id == viewer.pk)
        for one in queries.saved_filters.usable(viewer=viewer, page=page)
    ]


def filter_url(kept: SavedFilter) -> str:
    if kept.page == "search":
        return f"{reverse('registry:search')}?{kept.query}"
    key, _ampersand, rest = kept.query.partition("&")
    return f"{reverse('registry:work-list', args=[key.removeprefix('list=')])}?{rest}"


def _line(row: ListEntry, badge: Badge | None) -> Line:
    patient = row.patient
    patient_url = reverse("registry:patient-detail", args=[patient.public_id])
    url = reverse("registry:case-detail", args=[row.case.public_id]) if row.case else patient_url
    if row.term == Term.DUPLICATE.value:
        url = f"{reverse('registry:patient-merge', args=[patient.public_id])}?with={row.about}"
    born = str(patient.birth_year) if patient.birth_year else ""
    facts = " ".join(part for part in (patient.get_sex_display().lower(), born) if part)
    return Line(
        number=patient.registry_number,
        patient_url=patient_url,
        facts=facts,
        centre=patient.centre.code,
        on=row.on,
        words=words_of(row.term, row.detail)
        or (row.case.get_trigger_display() if row.case else ""),
        url=url,
        badge=badge,
    )
