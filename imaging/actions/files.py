"""Record what became of a batch of files."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, transaction

from imaging.actions import history
from imaging.actions.insertion import insert
from imaging.actions.instances import create_instances
from imaging.actions.stale import StaleBatchError
from imaging.dicom.preparation import PreparedInstance
from imaging.models import IngestedFile, IngestRun
from imaging.queries.intake import StoredIdentities

Result = IngestedFile.Result
NAMING_AN_INSTANCE = frozenset({Result.INDEXED, Result.DUPLICATE, Result.CONFLICT})
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
"""SQLSTATEs after which PostgreSQL wants the transaction run again."""


@dataclass(frozen=True)
class FileFacts:
    """One file, decided: its result and, where it could be read, what it holds."""

    position: int
    entry: int
    name: str
    result: Result
    reason_code: str
    prepared: PreparedInstance | None
    quarantine_key: uuid.UUID | None


@dataclass(frozen=True)
class Delivered:
    """Files of one delivery, and who sent them."""

    run: IngestRun
    by: AbstractBaseUser | None
    files: list[FileFacts] = field(default_factory=list)


def record_batch(
    *,
    delivered: Sequence[Delivered],
    stored: StoredIdentities,
    at: datetime,
) -> list[IngestedFile]:
    """Record files whose bytes are durable already, with one history event for each delivery.

    Parameters
    ----------
    stored
        What was stored under the identities of these files when they were decided.

    Raises
    ------
    StaleBatchError
        A decision was overtaken by another process; nothing was recorded.
    """
    if not delivered:
        return []
    try:
        # Within another transaction the rows could vanish after somebody was answered.
        with transaction.atomic(durable=True):
            return _record(delivered=delivered, stored=stored, at=at)
    except IntegrityError as error:
        raise StaleBatchError from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED):
            raise StaleBatchError from error
        raise


def _record(
    *, delivered: Sequence[Delivered], stored: StoredIdentities, at: datetime
) -> list[IngestedFile]:
    instance_ids = {uid: one.id for uid, one in stored.instances.items()}
    for one in delivered:
        instance_ids |= create_instances(
            _new(one.files), centre_code=one.run.centre_code, stored=stored, at=at
        )
    rows = [
        IngestedFile(
            run=one.run,
            position=facts.position,
            entry=facts.entry,
            # sent over a network it came without one
            name=facts.name or None,
            result=facts.result,
            reason_code=facts.reason_code,
            instance_id=instance_ids[facts.prepared.sop_instance_uid]
            if facts.result in NAMING_AN_INSTANCE and facts.prepared is not None
            else None,
            quarantine_key=facts.quarantine_key,
            recorded_at=at,
        )
        for one in delivered
        for facts in one.files
    ]
    insert(rows)
    for one in delivered:
        counts = Counter(facts.result for facts in one.files)
        history.record(
            centre_code=one.run.centre_code,
            at=at,
            by=one.by,
            action="ingest_batch",
            object_type=one.run._meta.label_lower,
            object_id=one.run.public_id,
            facts={
                **{result.value: counts[result] for result in Result if counts[result]},
                "stored_digest": _digest(new.stored_sha256 for new in _new(one.files)),
            },
            frequent=True,
        )
    return rows


def _new(files: Iterable[FileFacts]) -> list[PreparedInstance]:
    return [
        facts.prepared
        for facts in files
        if facts.result == Result.INDEXED and facts.prepared is not None
    ]


def _digest(stored_sha256s: Iterable[str]) -> str:
    """One hash for a set of stored files, whatever their order."""
    return hashlib.sha256("\n".join(sorted(stored_sha256s)).encode()).hexdigest()
