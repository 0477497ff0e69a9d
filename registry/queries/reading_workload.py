"""How much is asked of each reader, for who coordinates the reading of a centre.

Nothing of it is for readers: a coordinator who reads in the centre gets nothing here.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from registry.models import (
    Adjudication,
    ContrastStudy,
    ListEntry,
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
from registry.queries.keyset import CountUpTo
from registry.queries.reading_rules import again_by
from registry.vocabulary import ReadSource

"""A reader, by primary key, in a centre, by code."""

CENTRE = "contrast_study__case__patient__centre__code"


@dataclass(frozen=True)
class Workload:
    """One reader of one centre, in counts; `oldest` is since when the first of them waits.

    What was done and what is due is counted as far as `keyset.MOST_COUNTED` and one more. Not
    `is_whole` where more wait than the board offers.
    """

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
    is_whole: bool = True


@dataclass(frozen=True)
class OpenStudy:
    """A study that has not got its reads; `assignments` are those without a signed read."""

    study: ContrastStudy
    places: reading_board.Places
    assignments: list[ReadingAssignment]


def readers(*, viewer: User) -> list[Membership]:
    """Who reads in the centres that the viewer coordinates."""
    return list(_readers(viewer))


def of_readers(*, viewer: User, at: datetime) -> list[Workload]:
    """A line for each reader of the centres that the viewer coordinates."""
    codes = coordinated_codes(viewer=viewer)
    board = reading_board.of_centres(centre_codes=codes)
    counted: QuerySet[Any] = _readers(viewer).annotate(**_done_and_due(at))
    # Of these people, not of these centres: few have a draft, and a centre has many studies.
    begun = ReadDraft.objects.filter(reader__in={one.user_id for one in counted})
    drafts = Counter(begun.order_by().values_list("reader_id", CENTRE))
    loads = []
    for one in counted:
        waiting = [
            places
            for places in board.places
            if places.centre_code == one.centre.code and places.waits_for(one.user_id)
        ]
        loads.append(
            Workload(
                reader=one.user,
                centre_code=one.centre.code,
                waiting=len(waiting),
                assigned=sum(one.user_id in places.assigned for places in waiting),
                drafts=drafts[one.user_id, one.centre.code],
                signed=one.signed,
                oldest=min((places.since for places in waiting), default=None),
                adjudicated=one.adjudicated,
                rereads_waiting=one.rereads_waiting,
                rereads_signed=one.rereads_signed,
                is_whole=board.is_whole,
            )
        )
    return loads


def _readers(viewer: User) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(
            role=Role.READER,
            centre__code__in=coordinated_codes(viewer=viewer),
            user__is_active=True,
        )
        .select_related("user", "centre")
        .order_by("centre__code", "user__username")
    )


def _done_and_due(at: datetime) -> dict[str, CountUpTo]:
    """What is counted of each reader in each centre, no further than anybody counts."""
    here = {"contrast_study__case__patient__centre": OuterRef("centre")}
    looks = Read.objects.filter(
        **here,
        reader=OuterRef("user"),
        source=ReadSource.IMAGES_HERE.value,
        signed_at__isnull=False,
        supersedes__isnull=True,
    )
    decided = Adjudication.objects.filter(
        **here, adjudicator=OuterRef("user"), signed_at__isnull=False, supersedes__isnull=True
    )
    due = MaskedReread.objects.filter(public_id=OuterRef("about"), due_at__lte=at)
    again = ListEntry.objects.filter(
        Exists(due),
        centre=OuterRef("centre"),
        term=Concat(Value(again_by("")), Cast(OuterRef("user"), CharField())),
        on__lte=at.date(),
    )
    return {
        "signed": CountUpTo(looks.filter(masked_reread__isnull=True)),
        "rereads_signed": CountUpTo(looks.filter(masked_reread__isnull=False)),
        "adjudicated": CountUpTo(decided),
        "rereads_waiting": CountUpTo(again),
    }


def open_studies(*, viewer: User) -> list[OpenStudy]:
    """Studies that have not got their reads, those that wait longest first.

    Of each centre these are `reading_board.MOST_OFFERED` at most.
    """
    board = [
        places
        for places in reading_board.of_centres(centre_codes=coordinated_codes(viewer=viewer)).places
        if len(places.readers) < places.reads_asked or places.assigned - places.readers
    ]
    studies = ContrastStudy.objects.select_related("case__patient__centre").in_bulk(
        [places.study_pk for places in board]
    )
    asked: dict[int, list[ReadingAssignment]] = defaultdict(list)
    of_these = assignments(viewer=viewer).filter(contrast_study__in=studies)
    for one in of_these.order_by("id"):
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
