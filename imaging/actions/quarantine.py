"""What a person, or the end of its time, decides about a file in quarantine.

The row of the file stays as it was written; the decision is a row of its own. It is committed
before the bytes are removed, so that no row ever claims bytes that are gone without a decision.
"""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from imaging.actions import history
from imaging.models import IngestedFile, QuarantineDecision

Decision = QuarantineDecision.Decision

TIME_IS_UP = "kept for {days} days, the time set for this installation"


class AlreadyDecidedError(Exception):
    """Somebody, or the end of its time, has decided about the file meanwhile."""


class ReasonMissingError(Exception):
    """Releasing and discarding need a reason."""


def release(
    *,
    file: IngestedFile,
    released_file: IngestedFile,
    by: AbstractBaseUser,
    at: datetime,
    reason: str,
    frames_looked_at: int | None = None,
) -> QuarantineDecision:
    """Record that the file was taken in again as `released_file`, which is durable already.

    `frames_looked_at` is told in the history where somebody had to look at every frame.

    Raises
    ------
    AlreadyDecidedError, ReasonMissingError
    """
    return _decide(
        file=file, decision=Decision.RELEASED, released_file=released_file, by=by, at=at,
        reason=reason, frames_looked_at=frames_looked_at,
    )  # fmt: skip


def discard(
    *, file: IngestedFile, by: AbstractBaseUser, at: datetime, reason: str
) -> QuarantineDecision:
    """Record that the file is not wanted; whoever called removes its bytes.

    Raises
    ------
    AlreadyDecidedError, ReasonMissingError
    """
    return _decide(
        file=file, decision=Decision.DISCARDED, released_file=None, by=by, at=at, reason=reason
    )


def expire(*, file: IngestedFile, at: datetime, kept_days: int) -> QuarantineDecision:
    """Record that the time of the file is up; whoever called removes its bytes.

    Raises
    ------
    AlreadyDecidedError
    """
    reason = TIME_IS_UP.format(days=kept_days)
    return _decide(
        file=file, decision=Decision.EXPIRED, released_file=None, by=None, at=at, reason=reason
    )


def look(*, file: IngestedFile, by: AbstractBaseUser, at: datetime, first_frame: int = 1) -> None:
    """Log that somebody opens what identifies the patient of a file in quarantine.

    `first_frame`, counted from 1, is where the page of frames begins.
    """
    with transaction.atomic():
        _tell(
            file, at=at, by=by, action="look_at_quarantined",
            facts={"first_frame": str(first_frame)},
        )  # fmt: skip


def _decide(
    *,
    file: IngestedFile,
    decision: QuarantineDecision.Decision,
    released_file: IngestedFile | None,
    by: AbstractBaseUser | None,
    at: datetime,
    reason: str,
    frames_looked_at: int | None = None,
) -> QuarantineDecision:
    if not reason.strip():
        raise ReasonMissingError(gettext("Say why, in words."))
    with transaction.atomic():
        # The lock makes of two decisions at the same moment a first and a second.
        IngestedFile.objects.select_for_update().get(pk=file.pk)
        if QuarantineDecision.objects.filter(file=file).exists():
            raise AlreadyDecidedError(gettext("This file has been decided about already."))
        row = QuarantineDecision.objects.create(
            file=file,
            decision=decision,
            reason=reason.strip(),
            released_file=released_file,
            decided_by_id=by.pk if by else None,
            decided_at=at,
        )
        facts = {"reason_code": file.reason_code}
        if frames_looked_at is not None:
            facts["frames_looked_at"] = str(frames_looked_at)
        if released_file is not None:
            facts |= {
                "result": released_file.result,
                "run": str(released_file.run.public_id),
            }
        _tell(
            file, at=at, by=by, action=f"quarantine_{decision.value}", facts=facts,
            reason=row.reason,
        )  # fmt: skip
    return row


def _tell(
    file: IngestedFile,
    *,
    at: datetime,
    by: AbstractBaseUser | None,
    action: str,
    facts: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    assert file.quarantine_key is not None
    history.record(
        centre_code=file.run.centre_code,
        at=at,
        by=by,
        action=action,
        object_type=file._meta.label_lower,
        object_id=file.quarantine_key,
        facts=facts or {},
        reason=reason,
    )
