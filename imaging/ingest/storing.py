"""Decide what each read file is, store its bytes, record it: one batch, one transaction."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import DataError

from imaging import actions
from imaging.actions import Delivered, FileFacts, StaleBatchError
from imaging.archive.archive import Archive, SpooledBlob, SpooledOriginal
from imaging.archive.errors import (
    BlobDamagedError,
    BlobMissingError,
    QuotaExceededError,
    storage_faults_named,
)
from imaging.dicom.loading import MAX_FILE_BYTES
from imaging.ingest.arrival import ReadFile
from imaging.ingest.identities import Identities, Image
from imaging.ingest.pixel_bytes import PixelBytes
from imaging.ingest.quota import require_quota
from imaging.ingest.reasons import ALL_REASONS
from imaging.ingest.submission import Submission
from imaging.models import IngestedFile, IngestRun
from imaging.queries import intake
from imaging.queries.intake import Remembered

MOST_ATTEMPTS = 8
CHUNK_BYTES = 1024 * 1024
OF_ONE_FILE = (
    StaleBatchError,
    DataError,
    BlobMissingError,
    BlobDamagedError,
    QuotaExceededError,
)
"""What a single file of a batch may bring about; the others are tried without it."""

Place = tuple[int, int, int]
Result = IngestedFile.Result


class Batch:
    """Files that are stored and recorded together, of one delivery or of several."""

    def __init__(
        self, *, archive: Archive, submissions: Sequence[Submission], remembered: Remembered
    ) -> None:
        self.archive = archive
        self._remembered = remembered
        self.submissions = submissions
        self._spooled = {
            one.read.prepared.stored_sha256: one.read.output
            for one in submissions
            if one.read is not None and one.read.prepared is not None
        }
        self._moved: set[str] = set()
        self._quarantine_keys: dict[Path, uuid.UUID] = {}
        self._copies: list[Path] = []

    def store(self, *, at: datetime) -> None:
        """Make the batch durable and visible, and only then answer each file.

        A file that was recorded before (a request sent again) is answered with that row. A file
        that cannot be recorded fails alone.

        Raises
        ------
        ArchiveError
            Nothing of the batch counts as stored.
        """
        try:
            self._store(at=at)
        finally:
            for copy in self._copies:
                # those that were not moved, because something failed
                copy.unlink(missing_ok=True)

    def _store(self, *, at: datetime) -> None:
        try:
            rows = self._stored(self.submissions, at=at)
        except OF_ONE_FILE:
            if len(self.submissions) == 1:
                raise
        else:
            _answer(self.submissions, rows)
            return
        for submission in self.submissions:
            try:
                rows = self._stored([submission], at=at)
            except OF_ONE_FILE as error:
                submission.fail(error)
            else:
                _answer([submission], rows)

    def _stored(
        self, submissions: Sequence[Submission], *, at: datetime
    ) -> dict[Place, IngestedFile]:
        """The rows by place.

        Raises
        ------
        StaleBatchError
            Others kept storing the same images at the same time.
        """
        files: dict[Place, Submission] = {}
        for submission in submissions:
            files.setdefault(submission.place, submission)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            # a place we number ourselves is new; if not, the constraint says so and we ask
            asked = [
                place for place, one in files.items() if attempt > 1 or _may_be_sent_again(one)
            ]
            recorded = intake.recorded_files(asked) if asked else {}
            decisions = self._decide(
                [submission for place, submission in files.items() if place not in recorded]
            )
            recorded_now = False
            try:
                with self.archive.storing():
                    self._put(decisions)
                    rows = actions.record_batch(
                        delivered=_by_run(decisions), stored=self._stored_before, at=at
                    )
                    recorded_now = True
            except StaleBatchError:
                if attempt == MOST_ATTEMPTS:
                    raise
                continue
            finally:
                if not recorded_now:
                    self._remembered.forget()
            return recorded | {(row.run_id, row.position, row.entry): row for row in rows}
        raise AssertionError("unreachable")

    def _decide(self, submissions: Sequence[Submission]) -> list[tuple[Submission, FileFacts]]:
        files = [submission.read for submission in submissions if submission.read is not None]
        self._stored_before = intake.stored_identities(
            [file.prepared for file in files if file.prepared is not None],
            remembered=self._remembered,
        )
        self._identities = Identities(self._stored_before, same_pixels=self._same_pixels)
        return [
            (submission, self._facts(file))
            for submission, file in zip(submissions, files, strict=True)
        ]

    def _facts(self, file: ReadFile) -> FileFacts:
        result, reason_code = Result.REJECTED, file.reason_code
        if file.prepared is not None:
            result, reason_code = self._identities.judge(file.prepared)
        elif ALL_REASONS[reason_code].disposition == "quarantined":
            result = Result.QUARANTINED
        quarantine_key = None
        if result in (Result.QUARANTINED, Result.CONFLICT):
            quarantine_key = self._quarantine_keys.setdefault(file.output, uuid.uuid4())
        return FileFacts(
            position=file.arrival.position,
            entry=file.arrival.entry,
            name=file.arrival.name,
            result=result,
            reason_code=reason_code,
            prepared=file.prepared,
            quarantine_key=quarantine_key,
        )

    def _same_pixels(self, stored: Image, new: Image) -> bool:
        """Whether an image that came again differs from the first one in its header only.

        Raises
        ------
        BlobMissingError, BlobDamagedError
            The stored file is not what was stored: it cannot be told what came again.
        """
        try:
            if self._pixels_of(stored).are(self._pixels_of(new)):
                return True
            is_sound = self._is_spooled(stored) or self.archive.verify(stored.stored_sha256)
        except FileNotFoundError as error:
            raise BlobMissingError(stored.stored_sha256) from error
        except OSError as error:
            raise BlobDamagedError(stored.stored_sha256) from error
        if not is_sound:
            raise BlobDamagedError(stored.stored_sha256)
        return False

    def _pixels_of(self, image: Image) -> PixelBytes:
        path = self.archive.path(image.stored_sha256)
        if self._is_spooled(image):
            path = self._spooled[image.stored_sha256]
        return PixelBytes(path, image.pixel_offset, image.pixel_length)

    def _is_spooled(self, image: Image) -> bool:
        """Whether it is one of this batch and was not moved by an earlier attempt."""
        sha256 = image.stored_sha256
        return sha256 in self._spooled and sha256 not in self._moved

    def _put(self, decisions: list[tuple[Submission, FileFacts]]) -> None:
        blobs: dict[str, SpooledBlob] = {}
        originals = []
        new_bytes: Counter[str] = Counter()
        for submission, facts in decisions:
            file = submission.read
            assert file is not None
            if facts.result == Result.INDEXED:
                assert file.prepared is not None
                blobs[file.prepared.stored_sha256] = _blob(file)
                new_bytes[submission.run.centre_code] += file.prepared.stored_bytes
            elif facts.result == Result.DUPLICATE:
                self._check_still_there(file, blobs)
            elif facts.quarantine_key is not None and str(facts.quarantine_key) not in self._moved:
                originals.append(
                    SpooledOriginal(path=self._original_of(file), key=facts.quarantine_key)
                )
        for centre_code, count in new_bytes.items():
            require_quota(centre_code=centre_code, new_bytes=count)
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
        if file.unpacked is not None:
            return file.unpacked
        if file.arrival.ours:
            return file.arrival.source
        copy = self.archive.spool_path()
        self._copies.append(copy)
        _copy(file.arrival.source, copy)
        return copy


def _may_be_sent_again(submission: Submission) -> bool:
    """Whether the sender itself says which place a file has, and may repeat itself."""
    return submission.run.source == IngestRun.Source.UPLOAD


def _answer(submissions: Sequence[Submission], rows: dict[Place, IngestedFile]) -> None:
    for submission in submissions:
        submission.succeed(rows[submission.place])


def _by_run(decisions: Sequence[tuple[Submission, FileFacts]]) -> list[Delivered]:
    """In one order for all, so that two processes cannot wait for each other."""
    delivered: dict[tuple[str, int], Delivered] = {}
    for submission, facts in decisions:
        run = submission.run
        delivered.setdefault(
            (run.centre_code, run.id), Delivered(run=run, by=submission.by, files=[])
        ).files.append(facts)
    return [delivered[key] for key in sorted(delivered)]


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
