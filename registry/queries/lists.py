"""Pages of working lists and of the search, as far as a viewer may know what they tell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import CentreTally, ListEntry, Patient, User
from registry.queries import keyset
from registry.queries.keyset import BoundedCount, Page
from registry.queries.list_rules import tells_of_reads

MOST_LOOKED_AT = 2000
"""With filters that no index serves, so many lines are looked at for one page [own]."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: a term, a span of days, and facts of the patient.

    `also` are terms under which the patient is found as well. Empty asks for nothing.
    """

    term: str
    since: date | None = None
    until: date | None = None
    newest_first: bool = False
    centre_code: str = ""
    sex: str = ""
    diagnosis: str = ""
    gmfcs: str = ""
    detail: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListPage:
    """`looked_until` is set where the page ended because so many lines had been looked at."""

    rows: list[ListEntry]
    next_after: str
    looked_until: date | None = None


def page(*, viewer: User, wanted: Wanted, after: str, size: int) -> ListPage:
    """One page, in the order of the days."""
    which = _filters(viewer, wanted)
    parts = [
        part.filter(keyset.after("on", after, newest_first=wanted.newest_first))
        for part in _parts(viewer, wanted)
    ]
    if not which:
        found = _cut(parts, wanted, size)
        return ListPage(found.rows, found.next_after)
    bound = _bound(parts, wanted)
    if bound is None:
        found = _cut([part.filter(which) for part in parts], wanted, size)
        return ListPage(found.rows, found.next_after)
    day, pk = bound
    nearer, beyond = ("gte", "lt") if wanted.newest_first else ("lte", "gt")
    limit = Q(**{f"on__{nearer}": day}) & ~Q(**{"on": day, f"pk__{beyond}": pk})
    found = _cut([part.filter(limit).filter(which) for part in parts], wanted, size)
    if found.next_after:
        return ListPage(found.rows, found.next_after)
    return ListPage(found.rows, keyset.day_cursor(day, pk), looked_until=day)


def chunks(*, viewer: User, wanted: Wanted, size: int) -> Iterator[list[ListEntry]]:
    """Every line, in the order of the days, page by page."""
    after = ""
    while True:
        found = page(viewer=viewer, wanted=wanted, after=after, size=size)
        yield found.rows
        if not found.next_after:
            return
        after = found.next_after


def _bound(parts: list[QuerySet[ListEntry]], wanted: Wanted) -> tuple[date, int] | None:
    """Day and key of the last line looked at for one page; None where the lists end before."""
    found = [
        last_two[0]
        for part in parts
        for last_two in [
            list(
                part.select_related(None).values_list("on", "pk")[
                    MOST_LOOKED_AT - 1 : MOST_LOOKED_AT + 1
                ]
            )
        ]
        if len(last_two) > 1
    ]
    if not found:
        return None
    return max(found) if wanted.newest_first else min(found)


def of_patient(*, viewer: User, patient: Patient, term: str) -> list[ListEntry]:
    """Every line of one patient under a term, in the order of the days."""
    rows = ListEntry.objects.filter(
        patient=patient, term=term, centre__in=_centre_pks(viewer, term, patient.centre_code)
    )
    return list(rows.order_by("on", "pk"))


def count(*, viewer: User, wanted: Wanted) -> BoundedCount:
    """How many lines there are, up to a bound; without the filters that no index serves."""
    return keyset.bounded_count(_parts(viewer, wanted))


def has_list(*, viewer: User, term: str) -> bool:
    """Whether there is a centre whose lines of this term the viewer may see."""
    return bool(_centre_pks(viewer, term))


def unanswered(*, viewer: User) -> dict[str, tuple[int, int]]:
    """Question → how often it was asked, and not answered, in the centres of the viewer."""
    found: dict[str, tuple[int, int]] = {}
    tallies = CentreTally.objects.filter(centre__in=_centre_pks(viewer, ""))
    for question, asked, missing in tallies.values_list("question", "asked", "unanswered"):
        before = found.get(question, (0, 0))
        found[question] = (before[0] + asked, before[1] + missing)
    return found


def _filters(viewer: User, wanted: Wanted) -> Q:
    """What the index of the term does not serve."""
    facts = {"patient__sex": wanted.sex, "patient__diagnosis": wanted.diagnosis}
    facts |= {"patient__gmfcs": wanted.gmfcs, "detail": wanted.detail}
    which = Q(**{name: value for name, value in facts.items() if value})
    for term in wanted.also:
        also = ListEntry.objects.filter(
            term=term, patient=OuterRef("patient"), centre__in=_centre_pks(viewer, term)
        )
        which &= Q(Exists(also))
    return which


def _parts(viewer: User, wanted: Wanted) -> list[QuerySet[ListEntry]]:
    rows = ListEntry.objects.filter(term=wanted.term).select_related("patient__centre", "case")
    if wanted.since:
        rows = rows.filter(on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(on__lte=wanted.until)
    order = ("-on", "-pk") if wanted.newest_first else ("on", "pk")
    return keyset.centre_parts(
        rows.order_by(*order), "centre", _centre_pks(viewer, wanted.term, wanted.centre_code)
    )


def _cut(parts: list[QuerySet[ListEntry]], wanted: Wanted, size: int) -> Page[ListEntry]:
    return keyset.cut(
        parts,
        size=size,
        key=lambda row: (row.on, row.pk),
        cursor=lambda row: keyset.day_cursor(row.on, row.pk),
        newest_first=wanted.newest_first,
    )


def _centre_pks(viewer: User, term: str, only: str = "") -> list[int]:
    """Where the viewer sees cases; not where they read, for what tells of reads."""
    reading = viewer.centre_codes("registry.read_study") if tells_of_reads(term) else frozenset()
    return [
        centre.pk
        for centre in viewer.centres("registry.view_patient")
        if centre.code not in reading and (not only or centre.code == only)
    ]


def narrowed(wanted: Wanted, *, until: date) -> Wanted:
    """The same, up to a day: what falls due later is not listed yet."""
    return replace(wanted, until=min(until, wanted.until) if wanted.until else until)
