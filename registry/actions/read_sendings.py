"""Sending a read to an archive of others: noted before it begins, and when its outcome is known."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.db import transaction
from django.utils.translation import gettext

from imaging.models import RemoteArchive
from registry.actions import history
from registry.actions.errors import RegistryError
from registry.actions.records import store
from registry.models import Read, ReadSending, User

ARRIVED = frozenset({"stored", "present"})
LONGEST_PROBLEM = 200


class NotReceivingError(RegistryError):
    """The archive was not registered to receive this, is retired, or is another centre's."""


def begin(
    *,
    read: Read,
    archive: RemoteArchive,
    with_images: bool,
    by: User | None,
    at: datetime,
    public_id: UUID | None = None,
) -> ReadSending:
    """Note that a read is about to leave.

    Raises
    ------
    NotReceivingError
    InvalidRecordError
        There is a sending with this `public_id` already.
    """
    with transaction.atomic():
        archive = RemoteArchive.objects.select_for_update().get(pk=archive.pk)
        _require_receiving(archive, read, with_images=with_images)
        if with_images:
            _require_images_here(read)
        sending = ReadSending(
            public_id=public_id or uuid_utils.compat.uuid7(),
            read=read,
            archive=archive,
            with_images=with_images,
            begun_at=at,
            begun_by=by,
        )
        store(sending, force_insert=True)
        _record(sending, action="read.send", by=by, at=at)
    return sending


def finish(
    *,
    sending: ReadSending,
    files: Sequence[dict[str, Any]],
    problem: str,
    by: User | None,
    at: datetime,
) -> ReadSending:
    """Note what became of each file; what the archive did not name as stored has not arrived.

    Parameters
    ----------
    files
        `sop_instance_uid`, `kind`, `result` of `imaging.outbound.Outcome`, and `reason`.
    """
    arrived = [file for file in files if file["result"] in ARRIVED]
    outcome = ReadSending.Outcome.FAILED
    if arrived:
        outcome = ReadSending.Outcome.PARTLY
    if files and len(arrived) == len(files) and not problem:
        outcome = ReadSending.Outcome.SENT
    with transaction.atomic():
        sending.finished_at = at
        sending.outcome = outcome
        sending.problem = problem[:LONGEST_PROBLEM]
        sending.files = list(files)
        store(sending, update_fields=["finished_at", "outcome", "problem", "files"])
        _record(sending, action="read.sent", by=by, at=at)
    return sending


def _require_receiving(archive: RemoteArchive, read: Read, *, with_images: bool) -> None:
    takes = {RemoteArchive.Receives.IMAGES.value}
    if not with_images:
        takes.add(RemoteArchive.Receives.READS.value)
    if (
        archive.retired_at is not None
        or archive.centre_code != read.centre_code
        or archive.receives not in takes
    ):
        raise NotReceivingError(
            gettext("This archive was not registered to receive that. Ask the administrator.")
        )


def _require_images_here(read: Read) -> None:
    """Images of a patient who was transferred stay with the centre that received them."""
    centres = {
        mark.series.study.centre_code
        for marks in (read.measurements, read.key_images)
        for mark in marks.select_related("series__study")
    }
    if centres - {read.centre_code}:
        raise NotReceivingError(
            "The images of this read stay with the centre that received them. Send the read alone."
        )


def _record(sending: ReadSending, *, action: str, by: User | None, at: datetime) -> None:
    history.record(
        chain=sending.centre_code,
        at=at,
        by=by,
        action=action,
        obj=sending.read,
        after={
            "archive": sending.archive.name,
            "with_images": sending.with_images,
            "outcome": sending.outcome,
            "problem": sending.problem,
            "files": sending.files,
        },
    )
