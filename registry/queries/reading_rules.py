"""Which studies still ask something of readers, as lines that an index finds.

They are kept with the lines of the lists and stand in none of them: who asks for work looks at the
oldest of these instead of at every study there is, and what a study asks of whom is then worked out
from its records (`reading_board`).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from registry.audit.read_comparison import FindingAnswer, ReadAnswers, disputed_fields
from registry.models import ContrastStudy, Read
from registry.vocabulary import ReadSource, StudyOutcomeCode


class Waits(StrEnum):
    """Terms of studies; the lines are about the study, of its day of first images."""

    UNREAD = "waits:unread"
    ONE_READ = "waits:one_read"
    ASKED = "waits:asked"
    DIFFER = "waits:differ"


PREFIX = "waits:"


def asked_of(reader: Any) -> str:
    """Term of the studies somebody was asked to read and has not; `reader` is a primary key."""
    return f"{Waits.ASKED.value}:{reader}"


def again_by(reader: Any) -> str:
    """Term of second looks not taken yet; the line is about the look, of the day it falls due."""
    return f"{PREFIX}again:{reader}"


def lines(study: ContrastStudy) -> Iterator[tuple[str, date, UUID]]:
    """(term, day, what it is about) of one study, whose records are fetched already."""
    signed = [read for read in study.reads.all() if read.signed_at]
    first = [read for read in signed if read.masked_reread_id is None]
    for read in signed:
        again = getattr(read, "queued_again", None)
        if again and not any(look.masked_reread_id == again.pk for look in signed):
            yield again_by(read.reader_id), again.due_at.date(), again.public_id
    if _differ(first) and not any(one.signed_at for one in study.adjudications.all()):
        yield Waits.DIFFER.value, study.performed_on, study.public_id
    linked = [link.created_at for link in study.study_links.all()]
    if not linked or study.outcome != StudyOutcomeCode.COMPLETED.value:
        return
    on = min(linked).date()
    readers = {read.reader_id for read in first if _is_of_images(read)}
    if len(readers) < 2:
        term = Waits.ONE_READ if readers else Waits.UNREAD
        yield term.value, on, study.public_id
    asked = {one.reader_id for one in study.reading_assignments.all()} - readers
    if asked:
        yield Waits.ASKED.value, on, study.public_id
    for reader in sorted(asked):
        yield asked_of(reader), on, study.public_id


def first_two(looks: Sequence[Read]) -> list[Read]:
    """What the two who signed first say now; fewer where fewer read the images.

    Parameters
    ----------
    looks
        First looks of one study in the order of their signatures; a correction is a reader's last.
    """
    latest: dict[int, Read] = {}
    for read in looks:
        if _is_of_images(read):
            latest[read.reader_id] = read
    return list(latest.values())[:2]


def answers_of(read: Read) -> ReadAnswers:
    """The read as the audit compares it."""
    findings = [
        (one.is_primary, FindingAnswer(one.code, frozenset(site.code for site in one.sites.all())))
        for one in read.findings.all()
    ]
    (primary,) = (answer for is_primary, answer in findings if is_primary)
    levels = (read.extent_from_level, read.extent_to_level)
    return ReadAnswers(
        primary=primary,
        adequacy=read.adequacy,
        further=frozenset(answer for is_primary, answer in findings if not is_primary),
        tip_level=read.tip_level,
        extent_mm=read.extent_mm,
        extent_levels=levels if all(levels) else None,
        certainty=read.certainty,
    )


def _differ(looks: list[Read]) -> bool:
    pair = first_two(sorted(looks, key=lambda read: (read.signed_at, read.pk)))
    return len(pair) == 2 and bool(disputed_fields(*(answers_of(read) for read in pair)))


def _is_of_images(read: Read) -> bool:
    return read.source == ReadSource.IMAGES_HERE.value
