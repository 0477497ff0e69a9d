"""What is asked of whom: every study that can be read, with its places and who holds them.

Whether a study waits for one reader hangs on what the others did. That is worked out here, and only
the answer leaves: a reader's own list, or the counts of a coordinator.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Min, QuerySet
from django.db.models.functions import Coalesce

from registry.models import ContrastStudy, Read, ReadDraft, ReadingAssignment
from registry.models.reading_protocol import READS_PER_STUDY
from registry.vocabulary import ReadSource, StudyOutcomeCode

MOST_READS = 2
"""Compared and adjudicated are two; nobody begins a third."""


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


def of_centres(*, centre_codes: Collection[str]) -> list[Places]:
    """Completed studies with images, of centres that the asking query took from its viewer."""
    return _places(ContrastStudy.objects.filter(case__patient__centre__code__in=centre_codes))


def of_study(*, study: ContrastStudy) -> Places | None:
    """The places of one study; None where there is nothing to read."""
    found = _places(ContrastStudy.objects.filter(pk=study.pk))
    return found[0] if found else None


def _places(chosen: QuerySet[ContrastStudy]) -> list[Places]:
    studies = list(
        chosen.filter(
            outcome=StudyOutcomeCode.COMPLETED.value,
            study_links__isnull=False,
        )
        .annotate(
            since=Min("study_links__created_at"),
            asked=Coalesce(
                "case__patient__centre__reading_protocol__reads_per_study", READS_PER_STUDY
            ),
        )
        .values_list("pk", "public_id", "case__patient__centre__code", "asked", "since")
    )
    of_these = {"contrast_study__in": chosen}
    first = Read.objects.filter(
        **of_these, signed_at__isnull=False, supersedes__isnull=True, masked_reread__isnull=True
    )
    from_images = ReadSource.IMAGES_HERE.value
    readers = _people(first.filter(source=from_images))
    abstracters = _people(first.exclude(source=from_images))
    assigned = _people(ReadingAssignment.objects.filter(**of_these))
    begun = _people(ReadDraft.objects.filter(**of_these, room=F("contrast_study__public_id")))
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


def _people(rows: QuerySet[Any]) -> defaultdict[int, frozenset[int]]:
    people: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for study_pk, person in rows.values_list("contrast_study_id", "reader_id"):
        people[study_pk] |= {person}
    return people
