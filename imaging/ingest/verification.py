"""Compare what the database says is stored with what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imaging.archive.archive import Archive
from imaging.archive.errors import BlobMissingError
from imaging.queries import intake, quarantine

BUCKETS = 2**16
"""Hashes are spread evenly, so the first four digits divide the files into equal buckets."""


@dataclass(frozen=True)
class Finding:
    """One stored file or row that was checked; `damage` is empty when it is sound."""

    damage: str
    what: str


def verify(*, archive: Archive, share: float, on: date) -> Iterator[Finding]:
    """Check that every row has its file and every file its row.

    Parameters
    ----------
    share
        Of the files, the share whose bytes are read; of the others only the presence is checked.
    on
        The day; on consecutive days different files are read.
    """
    named = set()
    for instance in intake.stored_files().iterator():
        sha256 = instance.stored_sha256
        named.add(sha256)
        yield Finding(
            damage=_damage(archive, sha256, read=_is_due(sha256, share=share, on=on)),
            what=f"instance {instance.sop_instance_uid}, file {sha256}",
        )
    yield from _files_without_rows(archive, named=named)
    yield from _quarantine(archive)
    for path in archive.foreign_files():
        # The name of a foreign file may say anything, a patient's name too: the folder only.
        yield Finding(damage="file that is not of the archive", what=f"in {path.parent}")


def _damage(archive: Archive, sha256: str, *, read: bool) -> str:
    if not read:
        return "" if archive.exists(sha256) else "row without bytes"
    try:
        return "" if archive.verify(sha256) else "bytes with another hash"
    except BlobMissingError:
        return "row without bytes"


def _is_due(sha256: str, *, share: float, on: date) -> bool:
    if share >= 1:
        return True
    days = max(1, round(1 / share))
    return int(sha256[:4], 16) * days // BUCKETS == on.toordinal() % days


def _files_without_rows(archive: Archive, *, named: set[str]) -> Iterator[Finding]:
    for sha256 in archive.stored_files():
        if sha256 in named:
            continue
        # It may have been stored after the rows were read, or be on its way to its row.
        with archive.nobody_storing():
            orphan = archive.exists(sha256) and not intake.has_stored_file(sha256)
        if orphan:
            yield Finding(
                damage="bytes without a row (an interrupted delivery; `manage.py recover`)",
                what=f"file {sha256}",
            )


def _quarantine(archive: Archive) -> Iterator[Finding]:
    kept = set(archive.quarantine_keys())
    for row in intake.quarantined_files().iterator():
        key = row.quarantine_key
        assert key is not None
        if key not in kept and not quarantine.is_decided(key):
            yield Finding(damage="row without bytes", what=f"quarantined {key}")
        kept.discard(key)
    for key in sorted(kept):
        with archive.nobody_storing():
            orphan = not intake.has_quarantined_file(key)
            # Asked again: it may have been decided about after the rows were read.
            outlived = quarantine.is_decided(key) and key in archive.quarantine_keys()
        if outlived:
            yield Finding(
                damage="bytes that outlived the decision about them (`manage.py recover`)",
                what=f"quarantined {key}",
            )
        if orphan:
            yield Finding(damage="bytes without a row", what=f"quarantined {key}")
