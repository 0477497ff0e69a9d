"""How much is asked of each reader, for who coordinates the reading of a centre.

Nothing of it is for readers: a coordinator who reads in the centre gets nothing here.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from registry.models import (
    Adjudication,
    ContrastStudy,
    MaskedReread,
    Membership,
    Read,
    ReadDraft,
    ReadingAssignment,
    Role,
    User,
)
from registry.queries import reading_board
from registry.queries.adjudications import coordinated_codes
from registry.vocabulary import ReadSource

Key = tuple[int, str]
"""A reader, by primary key, in a centre, by code."""

CENTRE = "contrast_study__case__patient__centre__code"
CENTRE_OF_FIRST = f"first_read__{CENTRE}"


@dataclass(frozen=True)
class Workload:
    """One reader of one centre, in counts; `oldest` is since when the first of them waits."""

    reader: User
    centre_code: str
    waiting: int
    assigned: int
    drafts: int
    signed: int
    oldest: datetime | None
    adjudicated: int
    rereads_waiting: int
    rereads_signed: int


@dataclass(frozen=True)
class OpenStudy:
    """A study that has not got its reads; `assignments` are those without a signed read."""

    study: ContrastStudy
    places: reading_board.Places
    assignments: list[ReadingAssignment]


def readers(*, viewer: User) -> list[Membership]:
    """Who reads in the centres that the viewer coordinates."""
    return list(
        Membership.objects.filter(
            role=Role.READER,
            centre__code__in=coordinated_codes(viewer=viewer),
            user__is_active=True,
        )
        .select_related("user", "centre")
        .order_by("centre__code", "user__username")
    )


def of_readers(*, viewer: User, at: datetime) -> list[Workload]:
    """A line for each reader of the centres that the viewer coordinates."""
    codes = coordinated_codes(viewer=viewer)
    board = reading_board.of_centres(centre_codes=codes)
    looks = Read.objects.filter(
        **{f"{CENTRE}__in": codes},
        source=ReadSource.IMAGES_HERE.value,
        signed_at__isnull=False,
        supersedes__isnull=True,
    )
    signed = _counts(looks.filter(masked_reread__isnull=True), "reader", CENTRE)
    again = _counts(looks.filter(masked_reread__isnull=False), "reader", CENTRE)
    drafts = _counts(ReadDraft.objects.filter(**{f"{CENTRE}__in": codes}), "reader", CENTRE)
    decided = _counts(
        Adjudication.objects.filter(
            **{f"{CENTRE}__in": codes}, signed_at__isnull=False, supersedes__isnull=True
        ),
        "adjudicator",
        CENTRE,
    )
    due = MaskedReread.objects.filter(
        **{f"{CENTRE_OF_FIRST}__in": codes}, due_at__lte=at, reads__isnull=True
    )
    rereads = _counts(due, "first_read__reader", CENTRE_OF_FIRST)
    loads = []
    for one in readers(viewer=viewer):
        key = (one.user_id, one.centre.code)
        waiting = [
            places
            for places in board
            if places.centre_code == one.centre.code and places.waits_for(one.user_id)
        ]
        loads.append(
            Workload(
                reader=one.user,
                centre_code=one.centre.code,
                waiting=len(waiting),
                assigned=sum(one.user_id in places.assigned for places in waiting),
                drafts=drafts[key],
                signed=signed[key],
                oldest=min((places.since for places in waiting), default=None),
                adjudicated=decided[key],
                rereads_waiting=rereads[key],
                rereads_signed=again[key],
            )
        )
    return loads


def open_studies(*, viewer: User) -> list[OpenStudy]:
    """Studies that have not got their reads, those that wait longest first."""
    board = [
        places
        for places in reading_board.of_centres(centre_codes=coordinated_codes(viewer=viewer))
        if len(places.readers) < places.reads_asked or places.assigned - places.readers
    ]
    studies = ContrastStudy.objects.select_related("case__patient__centre").in_bulk(
        [places.study_pk for places in board]
    )
    asked: dict[int, list[ReadingAssignment]] = defaultdict(list)
    for one in assignments(viewer=viewer).order_by("id"):
        asked[one.contrast_study_id].append(one)
    return [
        OpenStudy(
            studies[places.study_pk],
            places,
            [one for one in asked[places.study_pk] if one.reader_id not in places.readers],
        )
        for places in sorted(board, key=lambda one: (one.since, one.study_pk))
    ]


def assignments(*, viewer: User) -> QuerySet[ReadingAssignment]:
    """What the viewer may withdraw."""
    return ReadingAssignment.objects.filter(
        **{f"{CENTRE}__in": coordinated_codes(viewer=viewer)}
    ).select_related("reader", "contrast_study__case__patient__centre")


def _counts(rows: QuerySet[Any], person: str, centre: str) -> Counter[Key]:
    return Counter(rows.order_by().values_list(f"{person}_id", centre))
