"""Decide what each read file is, store its bytes, record it: one batch, one transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser

from imaging import actions
from imaging.actions import FileFacts, StaleBatchError
from imaging.archive.archive import Archive, SpooledBlob, SpooledOriginal
from imaging.archive.errors import BlobMissingError, storage_faults_named
from imaging.dicom.loading import MAX_FILE_BYTES
from imaging.ingest.arrival import ReadFile
from imaging.ingest.identities import Identities
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, IngestRun
from imaging.queries import intake

MOST_ATTEMPTS = 8
CHUNK_BYTES = 1024 * 1024
Result = IngestedFile.Result


class Batch:
    """Files that are stored and recorded together."""

    def __init__(self, *, run: IngestRun, archive: Archive, files: Sequence[ReadFile]) -> None:
        self.run = run
        self.archive = archive
        self.files = files
        self._moved: set[str] = set()
        self._quarantine_keys: dict[Path, uuid.UUID] = {}

    def store(self, *, by: AbstractBaseUser | None, at: datetime) -> list[IngestedFile]:
        """Make the batch durable and visible; only then may anybody be told.

        Returns
        -------
        One row per file; for a file that was recorded before (a request sent again), that row.

        Raises
        ------
        ArchiveError
            Nothing of the batch counts as stored.
        StaleBatchError
            Others kept storing the same images at the same time.
        """
        for attempt in range(1, MOST_ATTEMPTS + 1):
            recorded = intake.recorded_files(
                self.run, positions={file.arrival.position for file in self.files}
            )
            new = [file for file in self.files if _place(file) not in recorded]
            decisions = self._decide(new)
            try:
                with self.archive.storing():
                    self._put(decisions)
                    rows = actions.record_batch(
                        run=self.run, files=[facts for _, facts in decisions], by=by, at=at
                    )
            except StaleBatchError:
                if attempt == MOST_ATTEMPTS:
                    raise
                continue
            recorded |= {(row.position, row.entry): row for row in rows}
            return [recorded[_place(file)] for file in self.files]
        raise AssertionError("unreachable")

    def _decide(self, files: Sequence[ReadFile]) -> list[tuple[ReadFile, FileFacts]]:
        self._identities = Identities.claimed_by(
            [file.prepared for file in files if file.prepared is not None]
        )
        decisions = []
        for file in files:
            result, reason_code = Result.REJECTED, file.reason_code
            if file.prepared is not None:
                result, reason_code = self._identities.judge(file.prepared)
            elif ALL_REASONS[reason_code].disposition == "quarantined":
                result = Result.QUARANTINED
            quarantine_key = None
            if result in (Result.QUARANTINED, Result.CONFLICT):
                quarantine_key = self._quarantine_keys.setdefault(file.output, uuid.uuid4())
            facts = FileFacts(
                position=file.arrival.position,
                entry=file.arrival.entry,
                name=file.arrival.name,
                result=result,
                reason_code=reason_code,
                prepared=file.prepared,
                quarantine_key=quarantine_key,
            )
            decisions.append((file, facts))
        return decisions

    def _put(self, decisions: list[tuple[ReadFile, FileFacts]]) -> None:
        blobs: dict[str, SpooledBlob] = {}
        originals = []
        for file, facts in decisions:
            if facts.result == Result.INDEXED:
                assert file.prepared is not None
                blobs[file.prepared.stored_sha256] = _blob(file)
            elif facts.result == Result.DUPLICATE:
                self._check_still_there(file, blobs)
            elif facts.quarantine_key is not None and str(facts.quarantine_key) not in self._moved:
                originals.append(
                    SpooledOriginal(path=self._original_of(file), key=facts.quarantine_key)
                )
        for sha256 in self._moved & blobs.keys():
            del blobs[sha256]
        if blobs or originals:
            self.archive.put(list(blobs.values()), originals=originals)
        self._moved |= blobs.keys() | {str(original.key) for original in originals}

    def _check_still_there(self, file: ReadFile, blobs: dict[str, SpooledBlob]) -> None:
        """A duplicate may be answered only while the stored bytes exist; else they come back."""
        assert file.prepared is not None
        stored = self._identities.stored_sha256(file.prepared.sop_instance_uid)
        if stored in blobs or self.archive.exists(stored):
            return
        if stored != file.prepared.stored_sha256:
            raise BlobMissingError(stored)
        blobs[stored] = _blob(file)

    def _original_of(self, file: ReadFile) -> Path:
        """The bytes as they came, in the spool."""
        if file.arrival.zip_index is not None:
            return file.unpacked
        if file.arrival.ours:
            return file.arrival.source
        copy = self.archive.spool_path()
        _copy(file.arrival.source, copy)
        return copy


def _copy(source: Path, target: Path) -> None:
    with storage_faults_named(), source.open("rb") as original, target.open("xb") as copy:
        target.chmod(0o600)
        left = MAX_FILE_BYTES
        while left > 0 and (chunk := original.read(min(CHUNK_BYTES, left))):
            copy.write(chunk)
            left -= len(chunk)


def _blob(file: ReadFile) -> SpooledBlob:
    assert file.prepared is not None
    return SpooledBlob(
        path=file.output,
        sha256=file.prepared.stored_sha256,
        size_bytes=file.prepared.stored_bytes,
    )


def _place(file: ReadFile) -> tuple[int, int]:
    return file.arrival.position, file.arrival.entry
