"""Compare what the database says is stored with what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imaging.archive.archive import Archive
from imaging.archive.errors import BlobMissingError
from imaging.ingest.unrecorded import unrecorded_files, unrecorded_originals
from imaging.queries import intake, quarantine

BUCKETS = 2**16
"""Hashes are spread evenly, so the first four digits divide the files into equal buckets."""


@dataclass(frozen=True)
class Finding:
    """One stored file or row that was checked.

    Attributes
    ----------
    damage
        Empty when it is sound.
    row
        Number of the row whose file was checked; None for what has no row of its own.
    is_read
        Whether its bytes were read, and not only looked for.
    """

    damage: str
    what: str
    row: int | None = None
    is_read: bool = False


def verify(*, archive: Archive, share: float, on: date, from_row: int = 0) -> Iterator[Finding]:
    """Check that every row has its file and every file its row.

    Parameters
    ----------
    share
        Of the files, the share whose bytes are read; of the others only the presence is checked.
    on
        The day; on consecutive days different files are read.
    from_row
        Files of rows before this one are not read: an earlier check has done so.
    """
    unnamed = set(archive.stored_files())
    for instance in intake.stored_files().iterator():
        sha256 = instance.stored_sha256
        is_there = sha256 in unnamed or archive.exists(sha256)
        unnamed.discard(sha256)
        is_read = is_there and instance.id >= from_row and _is_due(sha256, share=share, on=on)
        yield Finding(
            damage=_damage(archive, sha256, is_there=is_there, is_read=is_read),
            what=f"instance {instance.sop_instance_uid}, file {sha256}",
            row=instance.id,
            is_read=is_read,
        )
    for sha256 in unrecorded_files(archive, among=unnamed):
        yield Finding(
            damage="bytes without a row (an interrupted delivery; `manage.py recover`)",
            what=f"file {sha256}",
        )
    yield from _quarantine(archive)
    for path in archive.foreign_files():
        # The name of a foreign file may say anything, a patient's name too: the folder only.
        yield Finding(damage="file that is not of the archive", what=f"in {path.parent}")


def _damage(archive: Archive, sha256: str, *, is_there: bool, is_read: bool) -> str:
    try:
        if is_read and not archive.verify(sha256):
            return "bytes with another hash"
    except BlobMissingError:
        is_there = False
    return "" if is_there else "row without bytes"


def _is_due(sha256: str, *, share: float, on: date) -> bool:
    if share >= 1:
        return True
    days = max(1, round(1 / share))
    return int(sha256[:4], 16) * days // BUCKETS == on.toordinal() % days


def _quarantine(archive: Archive) -> Iterator[Finding]:
    kept = set(archive.quarantine_keys())
    for row in intake.quarantined_files().iterator():
        key = row.quarantine_key
        assert key is not None
        if key not in kept and not quarantine.is_decided(key):
            yield Finding(damage="row without bytes", what=f"quarantined {key}")
        kept.discard(key)
    for key in unrecorded_originals(archive, among=kept):
        kept.discard(key)
        yield Finding(damage="bytes without a row", what=f"quarantined {key}")
    for key in sorted(kept):
        # Asked again: it may have been decided about after the rows were read.
        if quarantine.is_decided(key) and archive.has_original(key):
            yield Finding(
                damage="bytes that outlived the decision about them (`manage.py recover`)",
                what=f"quarantined {key}",
            )
