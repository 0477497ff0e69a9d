"""A signed read to an archive: written, noted, sent, and what became of it noted."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from imaging import outbound
from imaging.models import RemoteArchive
from registry import actions
from registry.models import Read, ReadSending, User

from . import read_files
from .signed_read import images_of

REPORT, KEY_IMAGES, IMAGE = "report", "key_images", "image"


def send(
    read: Read,
    archive: RemoteArchive,
    *,
    with_images: bool,
    by: User | None,
    clock: Callable[[], datetime],
    public_id: UUID | None = None,
) -> ReadSending:
    """Store report, key images and, if wanted, the images they refer to at the archive.

    Whatever went wrong there is in the sending that comes back; sending again is safe, since the
    same read has the same UIDs.

    Raises
    ------
    NoImagesError, ImageUnavailableError, NotReadBackError
        The files cannot be written; nothing was sent or noted.
    NotReceivingError
    """
    report, selection = read_files.report(read), read_files.key_images(read)
    files = [report, *([selection] if selection else [])]
    kinds = {report.sop_instance_uid: REPORT}
    if selection:
        kinds[selection.sop_instance_uid] = KEY_IMAGES
    images = images_of(read) if with_images else []
    sending = actions.read_sendings.begin(
        read=read, archive=archive, with_images=with_images, by=by, at=clock(), public_id=public_id
    )
    sent = outbound.send(archive, files=files, images=images)
    outcomes = {outcome.sop_instance_uid: outcome for outcome in sent.outcomes}
    told = []
    for uid in [*kinds, *(image.sop_instance_uid for image in images)]:
        outcome = outcomes.get(uid)
        told.append(
            {
                "sop_instance_uid": uid,
                "kind": kinds.get(uid, IMAGE),
                "result": outcome.result if outcome else "not_sent",
                "reason": outcome.reason if outcome else None,
            }
        )
    return actions.read_sendings.finish(
        sending=sending, files=told, problem=sent.problem, by=by, at=clock()
    )
