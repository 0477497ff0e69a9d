"""Files of the archive that no row names, and rows whose file is not there.

A stored file without a row was never confirmed to anybody: its delivery was interrupted between
storing and recording. Sending it again stores it again, under the same name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from uuid import UUID

from imaging.archive.archive import Archive
from imaging.queries import intake

T = TypeVar("T")

FILES_AT_ONCE = 100
"""Nobody can store while so many are judged."""


@dataclass
class Compared:
    """What the names in the archive and the rows of the database do not have in common.

    Attributes
    ----------
    unnamed
        Stored files that no row named when they were compared; some may be on their way to one.
    unnamed_originals
        The same of files in quarantine.
    missing
        Hashes of rows whose file is not there.
    """

    unnamed: set[str] = field(default_factory=set)
    unnamed_originals: set[UUID] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


def compare(archive: Archive) -> Compared:
    """Compare all names with all rows: one listing and one question, however many there are."""
    compared = Compared(unnamed=set(archive.stored_files()))
    for sha256 in intake.stored_hashes():
        if sha256 in compared.unnamed:
            compared.unnamed.remove(sha256)
        elif not archive.exists(sha256):
            compared.missing.append(sha256)
    for some in _batched(archive.quarantine_keys()):
        compared.unnamed_originals |= set(some) - intake.quarantined_among(some)
    return compared


def unrecorded_files(archive: Archive, *, among: Iterable[str]) -> Iterator[str]:
    """Those files that have no row and will get none; nobody stores until the next is asked for."""
    for some in _batched(sorted(among)):
        with archive.nobody_storing():
            intake.await_commits()
            recorded = intake.stored_among(some)
            for sha256 in some:
                if sha256 not in recorded and archive.exists(sha256):
                    yield sha256


def unrecorded_originals(archive: Archive, *, among: Iterable[UUID]) -> Iterator[UUID]:
    """The same for files in quarantine."""
    for some in _batched(sorted(among)):
        with archive.nobody_storing():
            intake.await_commits()
            recorded = intake.quarantined_among(some)
            yield from (key for key in some if key not in recorded and archive.has_original(key))


def _batched(every: Iterable[T]) -> Iterator[list[T]]:
    left = iter(every)
    while some := list(islice(left, FILES_AT_ONCE)):
        yield some
