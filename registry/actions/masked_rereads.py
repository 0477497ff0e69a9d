"""Queueing a share of the signed reads for a second look by the same reader, masked."""

from datetime import datetime, timedelta

from django.conf import settings

from registry.actions import history
from registry.actions.records import store
from registry.audit.keyed_choice import is_chosen, masked_id
from registry.models import Centre, MaskedReread, Read, User
from registry.queries import reading_protocols
from registry.vocabulary import ReadSource


def queue(*, read: Read, by: User, at: datetime) -> MaskedReread | None:
    """Decide whether the read is asked for again; None where it is not.

    Called in the transaction that signs. The choice hangs on the read's id and the key alone, so it
    can be made again; the share is that of the centre's protocol on this day.
    """
    first_look = read.supersedes_id is None and read.masked_reread_id is None
    if not first_look or read.source != ReadSource.IMAGES_HERE.value:
        return None
    study = read.contrast_study
    protocol = reading_protocols.in_force(Centre.objects.get(code=study.centre_code))
    key, what = settings.CRESCENT_HISTORY_KEY, str(read.public_id)
    if not is_chosen(key=key, what=what, share_percent=protocol.reread_share_percent):
        return None
    queued = MaskedReread(
        public_id=masked_id(key=key, what=what, earliest=study.created_at, latest=at),
        first_read=read,
        queued_at=at,
        due_at=at + timedelta(days=protocol.reread_after_days),
    )
    store(queued, force_insert=True)
    history.record(
        chain=queued.centre_code,
        at=at,
        by=by,
        action="masked_reread.queue",
        obj=queued,
        after=history.state_of(queued),
    )
    return queued
