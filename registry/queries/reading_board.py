"""What is asked of whom: studies that can be read, with their places and who holds them.

Whether a study waits for one reader hangs on what the others did. That is worked out here, and only
the answer leaves: a reader's own list, or the counts of a coordinator.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import (
    Centre,
    ContrastStudy,
    ListEntry,
    Read,
    ReadDraft,
    ReadingAssignment,
)
from registry.models.reading_protocol import READS_PER_STUDY
from registry.queries.contrast_studies import IMAGES_HERE, LINKED_HERE
from registry.queries.reading_rules import Waits, asked_of
from registry.vocabulary import ReadSource, StudyOutcomeCode

MOST_READS = 2
"""Compared and adjudicated are two; nobody begins a third."""

MOST_OFFERED = 200
"""So many studies of a centre are offered at once, those that wait longest [own]."""


@dataclass(frozen=True)
class Places:
    """One study. People are primary keys of accounts.

    `readers` signed a first read of the images, `abstracters` took the finding from a report;
    `begun` have a draft.
    """

    study_pk: int
    public_id: UUID
    centre_code: str
    reads_asked: int
    since: datetime
    readers: frozenset[int]
    abstracters: frozenset[int]
    assigned: frozenset[int]
    begun: frozenset[int]

    @property
    def is_full(self) -> bool:
        """Whether every place is taken by a read or kept by an assignment."""
        return len(self.readers | self.assigned) >= self.reads_asked

    def read_by(self, person: int) -> bool:
        return person in self.readers | self.abstracters

    def waits_for(self, person: int) -> bool:
        """Whether the study is on the list of this reader."""
        if self.read_by(person):
            return False
        return person in self.assigned | self.begun or not self.is_full

    def opens_to(self, person: int) -> bool:
        """Whether the room opens: also a little longer than the study is listed.

        Who began while there was a place left signs, whoever was faster.
        """
        involved = self.readers | self.abstracters | self.assigned | self.begun
        return person in involved or len(self.readers) < MOST_READS


@dataclass(frozen=True)
class Board:
    """Studies that ask for something; not `is_whole` where a centre has more than are offered."""

    places: list[Places]
    is_whole: bool


def of_reader(*, reader_pk: int, centre_codes: Collection[str]) -> Board:
    """Studies that may wait for somebody, of centres that the asking query took from its viewer."""
    own = ReadDraft.objects.filter(reader=reader_pk, room=F("contrast_study__public_id"))
    begun = own.values_list("contrast_study__public_id", flat=True)
    return _board(centre_codes, also=asked_of(reader_pk), unread_by=reader_pk, begun=begun)


def of_centres(*, centre_codes: Collection[str]) -> Board:
    """Studies without their reads, of centres that the asking query took from its viewer."""
    return _board(centre_codes, also=Waits.ASKED.value)


def of_studies(*, study_pks: Iterable[int], centre_codes: Collection[str]) -> list[Places]:
    """The places of some studies, as far as they lie in these centres and can be read."""
    chosen = set(study_pks)
    if not chosen:
        return []
    return _places(
        ContrastStudy.objects.filter(pk__in=chosen, case__patient__centre__code__in=centre_codes)
    )


def of_study(*, study: ContrastStudy) -> Places | None:
    """The places of one study; None where there is nothing to read."""
    found = _places(ContrastStudy.objects.filter(pk=study.pk))
    return found[0] if found else None


def oldest(*, centre_pk: int, term: str, most: int, unread_by: int | None = None) -> list[UUID]:
    """Studies under a term of `reading_rules`, those that wait longest, and one more than `most`.

    Parameters
    ----------
    unread_by
        Primary key of somebody whose own studies are left out: they would fill the list.
    """
    lines = ListEntry.objects.filter(centre=centre_pk, term=term).order_by("on", "pk")
    if unread_by is not None:
        own = Read.objects.filter(reader=unread_by, contrast_study__public_id=OuterRef("about"))
        lines = lines.filter(~Exists(own))
    return list(lines.values_list("about", flat=True)[: most + 1])


def _board(
    codes: Collection[str],
    *,
    also: str,
    unread_by: int | None = None,
    begun: Iterable[UUID] = (),
) -> Board:
    chosen, is_whole = set(begun) if codes else set(), True
    centres = Centre.objects.filter(code__in=codes).values_list("pk", _asked("reading_protocol"))
    for centre_pk, reads_asked in centres:
        terms = [Waits.UNREAD.value, *([Waits.ONE_READ.value] if reads_asked > 1 else []), also]
        for term in terms:
            found = oldest(centre_pk=centre_pk, term=term, most=MOST_OFFERED, unread_by=unread_by)
            chosen.update(found[:MOST_OFFERED])
            is_whole = is_whole and len(found) <= MOST_OFFERED
    studies = ContrastStudy.objects.filter(
        public_id__in=chosen, case__patient__centre__code__in=codes
    )
    return Board(_places(studies) if chosen else [], is_whole)


def _asked(protocol: str) -> Coalesce:
    return Coalesce(f"{protocol}__reads_per_study", READS_PER_STUDY)


def _places(chosen: QuerySet[ContrastStudy]) -> list[Places]:
    studies = list(
        chosen.filter(
            IMAGES_HERE,
            outcome=StudyOutcomeCode.COMPLETED.value,
        )
        .annotate(
            since=Subquery(LINKED_HERE.order_by("created_at").values("created_at")[:1]),
            asked=_asked("case__patient__centre__reading_protocol"),
        )
        .values_list("pk", "public_id", "case__patient__centre__code", "asked", "since")
    )
    of_these = {"contrast_study__in": [pk for pk, *_ in studies]}
    first = Read.objects.filter(
        **of_these, signed_at__isnull=False, supersedes__isnull=True, masked_reread__isnull=True
    )
    by_source = list(first.values_list("contrast_study_id", "reader_id", "source"))
    from_images = ReadSource.IMAGES_HERE.value
    readers = _people(row[:2] for row in by_source if row[2] == from_images)
    abstracters = _people(row[:2] for row in by_source if row[2] != from_images)
    assigned = _people(_pairs(ReadingAssignment.objects.filter(**of_these)))
    begun = _people(
        _pairs(ReadDraft.objects.filter(**of_these, room=F("contrast_study__public_id")))
    )
    return [
        Places(
            study_pk=pk,
            public_id=public_id,
            centre_code=centre_code,
            reads_asked=asked,
            since=since,
            readers=readers[pk],
            abstracters=abstracters[pk],
            assigned=assigned[pk],
            begun=begun[pk],
        )
        for pk, public_id, centre_code, asked, since in studies
    ]


def _pairs(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values_list("contrast_study_id", "reader_id")


def _people(rows: Iterable[Any]) -> defaultdict[int, frozenset[int]]:
    people: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for study_pk, person in rows:
        people[study_pk] |= {person}
    return people
