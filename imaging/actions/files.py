"""Record what became of a batch of files."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, OperationalError, transaction

from imaging.actions import history
from imaging.dicom.preparation import PreparedInstance
from imaging.models import IngestedFile, IngestRun, Instance, Series, Study

Result = IngestedFile.Result
NAMING_AN_INSTANCE = frozenset({Result.INDEXED, Result.DUPLICATE, Result.CONFLICT})
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
"""SQLSTATEs after which PostgreSQL wants the transaction run again."""


class StaleBatchError(Exception):
    """Another run stored the same images meanwhile: decide anew what each file is."""


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


def record_batch(
    *,
    run: IngestRun,
    files: Sequence[FileFacts],
    by: AbstractBaseUser | None,
    at: datetime,
) -> list[IngestedFile]:
    """Record files whose bytes are durable already, with one history event for all.

    Raises
    ------
    StaleBatchError
        A decision was overtaken by another run; nothing was recorded.
    """
    if not files:
        return []
    try:
        with transaction.atomic():
            return _record(run=run, files=files, by=by, at=at)
    except IntegrityError as error:
        raise StaleBatchError from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED):
            raise StaleBatchError from error
        raise


def _record(
    *, run: IngestRun, files: Sequence[FileFacts], by: AbstractBaseUser | None, at: datetime
) -> list[IngestedFile]:
    new = [
        facts.prepared
        for facts in files
        if facts.result == Result.INDEXED and facts.prepared is not None
    ]
    _create_instances(new, centre_code=run.centre_code, at=at)
    instances = _instance_ids(
        facts.prepared.sop_instance_uid
        for facts in files
        if facts.result in NAMING_AN_INSTANCE and facts.prepared is not None
    )
    rows = IngestedFile.objects.bulk_create(
        IngestedFile(
            run=run,
            position=facts.position,
            entry=facts.entry,
            name=facts.name,
            result=facts.result,
            reason_code=facts.reason_code,
            instance_id=instances[facts.prepared.sop_instance_uid]
            if facts.result in NAMING_AN_INSTANCE and facts.prepared is not None
            else None,
            quarantine_key=facts.quarantine_key,
            recorded_at=at,
        )
        for facts in files
    )
    counts = Counter(facts.result for facts in files)
    history.record(
        centre_code=run.centre_code,
        at=at,
        by=by,
        action="ingest_batch",
        object_type=run._meta.label_lower,
        object_id=run.public_id,
        facts={
            **{result.value: counts[result] for result in Result if counts[result]},
            "stored_digest": _digest(prepared.stored_sha256 for prepared in new),
        },
    )
    return rows


def _create_instances(
    prepared: Sequence[PreparedInstance], *, centre_code: str, at: datetime
) -> None:
    if not prepared:
        return
    series = _series_of(prepared, centre_code=centre_code, at=at)
    Instance.objects.bulk_create(
        Instance(
            series_id=series[one.series_instance_uid],
            sop_instance_uid=one.sop_instance_uid,
            sop_class_uid=one.sop_class_uid,
            transfer_syntax_uid=one.transfer_syntax_uid,
            instance_number=one.attributes.instance_number,
            stored_sha256=one.stored_sha256,
            stored_bytes=one.stored_bytes,
            pixel_sha256=one.pixel_sha256,
            pixel_offset=one.pixel_offset,
            pixel_length=one.pixel_length,
            frames=one.frames,
            attributes=one.attributes.to_json(),
            received_at=at,
        )
        # In one order for all, so that two runs cannot wait for each other.
        for one in sorted(prepared, key=lambda one: one.sop_instance_uid)
    )
    # The verdict holds no longer; finishing the run, or recovery, judges anew.
    Series.objects.filter(id__in=series.values()).update(
        geometry={}, geometry_codes=[], mpr_allowed=False
    )


def _series_of(
    prepared: Sequence[PreparedInstance], *, centre_code: str, at: datetime
) -> dict[str, int]:
    """Database ids of the series, created with their studies where new, by UID."""
    ids: dict[str, int] = {}
    subject_keys = {one.study_instance_uid: one.subject_key for one in prepared if one.subject_key}
    for one in sorted(prepared, key=lambda one: (one.study_instance_uid, one.series_instance_uid)):
        if one.series_instance_uid in ids:
            continue
        subject_key = subject_keys.get(one.study_instance_uid)
        study, _ = Study.objects.get_or_create(
            study_instance_uid=one.study_instance_uid,
            defaults={
                "centre_code": centre_code,
                "subject_key": subject_key,
                "study_date": one.attributes.study_date,
                "received_at": at,
            },
        )
        if study.subject_key is None and subject_key is not None:
            # the images that came before carried no patient number
            Study.objects.filter(id=study.id, subject_key=None).update(subject_key=subject_key)
            study.refresh_from_db(fields=["subject_key"])
        series, _ = Series.objects.get_or_create(
            series_instance_uid=one.series_instance_uid,
            defaults={
                "study": study,
                "series_number": one.attributes.series_number,
                "modality": one.attributes.modality or "",
            },
        )
        if series.study_id != study.id or subject_key not in (None, study.subject_key):
            raise StaleBatchError
        ids[one.series_instance_uid] = series.id
    return ids


def _instance_ids(sop_instance_uids: Iterable[str]) -> dict[str, int]:
    rows = Instance.objects.filter(sop_instance_uid__in=set(sop_instance_uids))
    return dict(rows.values_list("sop_instance_uid", "id"))


def _digest(stored_sha256s: Iterable[str]) -> str:
    """One hash for a set of stored files, whatever their order."""
    return hashlib.sha256("\n".join(sorted(stored_sha256s)).encode()).hexdigest()
