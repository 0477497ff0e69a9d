"""The space set aside for each centre and each person who uploads."""

import threading
from collections.abc import Sequence

from django.conf import settings

from imaging.archive.errors import QuotaExceededError
from imaging.queries import intake

GB = 10**9
COUNTED_AGAIN_AFTER_SHARE = 0.01
"""The database is asked again once a process has stored this share of the quota, and before it
refuses anything. Several processes may together exceed the quota by as much each."""

NEAR_SHARE = 0.8
"""From this share on people are told before it stops them."""

_mutex = threading.Lock()
_counted: dict[str, int] = {}
_added: dict[str, int] = {}


def require_quota(*, centre_code: str, new_bytes: int) -> None:
    """Refuse images that would exceed what the centre may store; count them if they do not.

    Costs one look-up while no quota is set, and a question to the database now and then.

    Raises
    ------
    QuotaExceededError
    """
    quota_bytes = settings.CRESCENT_CENTRE_QUOTA_BYTES
    if quota_bytes is None or new_bytes == 0:
        return
    with _mutex:
        added = _added.get(centre_code, 0)
        known = centre_code in _counted and added < COUNTED_AGAIN_AFTER_SHARE * quota_bytes
        if not known or _counted[centre_code] + added + new_bytes > quota_bytes:
            _counted[centre_code] = intake.stored_bytes(centre_code)
            added = 0
        if _counted[centre_code] + added + new_bytes > quota_bytes:
            raise QuotaExceededError(
                f"The centre has used the {quota_bytes / GB:g} GB set aside for its images. Files "
                "already confirmed are safe; the others were not taken in. Ask the administrator "
                "to raise CRESCENT_CENTRE_QUOTA_GB, then send them again."
            )
        _added[centre_code] = added + new_bytes


def require_upload_quota(*, bytes_in_parts: int, new_bytes: int) -> None:
    """Refuse a file that would exceed what one person may have half-way.

    Raises
    ------
    QuotaExceededError
    """
    quota_bytes = settings.CRESCENT_UPLOAD_QUOTA_BYTES
    if bytes_in_parts + new_bytes > quota_bytes:
        raise QuotaExceededError(
            f"The files you have begun to send would take more than the {quota_bytes / GB:g} GB "
            "that are set aside for it. Go on with or close your unfinished imports, then send "
            "this file again."
        )


def space_left_words(*, centre_codes: Sequence[str], bytes_in_parts: int) -> list[str]:
    """What a person should know before sending more; empty while there is plenty of room."""
    words = []
    quota_bytes = settings.CRESCENT_CENTRE_QUOTA_BYTES
    if quota_bytes is not None:
        for centre_code in centre_codes:
            used = intake.stored_bytes(centre_code) / quota_bytes
            if used >= NEAR_SHARE:
                words.append(
                    f"The images of {centre_code} take {min(used, 1):.0%} of the "
                    f"{quota_bytes / GB:g} GB set aside for them. Beyond that nothing is taken in: "
                    "tell the administrator in time."
                )
    quota_bytes = settings.CRESCENT_UPLOAD_QUOTA_BYTES
    if bytes_in_parts >= NEAR_SHARE * quota_bytes:
        words.append(
            f"Your unfinished imports take {min(bytes_in_parts / quota_bytes, 1):.0%} of the "
            f"{quota_bytes / GB:g} GB set aside for files that are sent in parts. Go on with them "
            "or close them."
        )
    return words
