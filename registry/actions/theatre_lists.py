"""Taking a theatre list in, and withdrawing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from imaging import queries as imaging_queries
from registry.actions import history
from registry.actions.errors import TheatreListRefusedError
from registry.models import Centre, TheatreLine, TheatreList, User

CHUNK = 500
"""How many lines are written at once."""

MOST_CHARACTERS = 200


@dataclass(frozen=True)
class SentLine:
    """A line as it was sent; `number` is the hospital's, of which only the hash is kept."""

    row: int
    performed_on: date | None
    number: str
    is_elsewhere: bool = False


@transaction.atomic
def send(
    *,
    centre: Centre,
    by: User,
    at: datetime,
    file_sha256: str,
    covers_from: date,
    covers_to: date,
    lines: Sequence[SentLine],
    kept_words: str = "",
    left_out: int = 0,
) -> TheatreList:
    """Keep day and keyed hash of every line; nothing else of the file stays.

    Raises
    ------
    TheatreListRefusedError
        It has no lines, its days are in the wrong order or lie ahead, or this file is counted
        already.
    """
    if not lines:
        raise TheatreListRefusedError(gettext("The list has no line to keep."))
    if covers_from > covers_to:
        raise TheatreListRefusedError(gettext("The days the list covers end before they begin."))
    if covers_to > centre.day_at(at):
        raise TheatreListRefusedError(gettext("The list cannot cover days that are still to come."))
    # Of two sendings of one file the second waits, and sees the first.
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    known = TheatreList.objects.filter(
        centre=centre, file_sha256=file_sha256, withdrawn_at__isnull=True
    )
    if known.exists():
        raise TheatreListRefusedError(
            gettext("This file is here already and counted. Withdraw it first to send it anew.")
        )
    sent = TheatreList.objects.create(
        centre=centre,
        file_sha256=file_sha256,
        covers_from=covers_from,
        covers_to=covers_to,
        rows=len(lines),
        kept_words=kept_words[:MOST_CHARACTERS],
        left_out=left_out,
        sent_at=at,
        sent_by=by,
    )
    TheatreLine.objects.bulk_create(
        (
            TheatreLine(
                theatre_list=sent,
                row=line.row,
                performed_on=line.performed_on,
                subject_key=imaging_queries.subject_key_of(line.number, centre_code=centre.code),
                is_elsewhere=line.is_elsewhere,
            )
            for line in lines
        ),
        batch_size=CHUNK,
    )
    history.record(
        chain=centre.code, at=at, by=by, action="theatre_list.send", obj=sent,
        after=history.state_of(sent),
    )  # fmt: skip
    return sent


@transaction.atomic
def withdraw(*, theatre_list: TheatreList, reason: str, by: User, at: datetime) -> TheatreList:
    """Count the list no more, and forget its lines; frozen reports keep what they counted.

    Raises
    ------
    TheatreListRefusedError
        It was withdrawn already, or there is no reason.
    """
    current = TheatreList.objects.select_for_update(of=("self",)).get(pk=theatre_list.pk)
    if current.withdrawn_at is not None:
        raise TheatreListRefusedError(gettext("This list was withdrawn already."))
    reason = reason.strip()[:MOST_CHARACTERS]
    if not reason:
        raise TheatreListRefusedError(gettext("Say why the list is withdrawn."))
    before = history.state_of(current)
    current.withdrawn_at, current.withdrawn_by = at, by
    current.withdrawal_reason = reason
    current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    TheatreLine.objects.filter(theatre_list=current).delete()
    history.record(
        chain=current.centre_code, at=at, by=by, action="theatre_list.withdraw", obj=current,
        before=before, after=history.state_of(current), reason=reason,
    )  # fmt: skip
    return current
