"""Begin and end a file that is sent in parts."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from imaging.actions import history
from imaging.models import IngestRun, PartialUpload


class AnotherFileError(Exception):
    """The place in the delivery belongs to another file."""


def begin_partial_upload(
    *,
    run: IngestRun,
    position: int,
    name: str,
    size_bytes: int,
    by: AbstractBaseUser | None,
    at: datetime,
) -> PartialUpload:
    """The upload of the file at this place; begun anew or, after an interruption, the same.

    Raises
    ------
    AnotherFileError
        A file of another name or size was begun there.
    IngestRun.DoesNotExist
        The delivery is finished.
    """
    with transaction.atomic():
        run = IngestRun.objects.select_for_update().get(id=run.id, finished_at=None)
        upload, is_new = PartialUpload.objects.get_or_create(
            run=run,
            position=position,
            defaults={"name": name, "size_bytes": size_bytes, "begun_at": at},
        )
        if (upload.name, upload.size_bytes) != (name, size_bytes):
            raise AnotherFileError
        if is_new:
            history.record(
                centre_code=run.centre_code,
                at=at,
                by=by,
                action="begin_partial_upload",
                object_type=upload._meta.label_lower,
                object_id=upload.public_id,
                facts={"run": str(run.public_id), "size_bytes": size_bytes},
            )
    return upload


def end_partial_upload(
    *, upload: PartialUpload, taken_in: bool, by: AbstractBaseUser | None, at: datetime
) -> bool:
    """Note that the file went through the door, or was given up; False if that was noted before."""
    with transaction.atomic():
        ended = PartialUpload.objects.filter(id=upload.id, ended_at=None).update(ended_at=at)
        if ended:
            run = upload.run
            history.record(
                centre_code=run.centre_code,
                at=at,
                by=by,
                action="end_partial_upload",
                object_type=upload._meta.label_lower,
                object_id=upload.public_id,
                facts={"run": str(run.public_id), "taken_in": taken_in},
            )
    return bool(ended)
