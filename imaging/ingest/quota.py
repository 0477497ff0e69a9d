"""The space set aside for each centre, checked before anything of hers is stored."""

import threading

from django.conf import settings

from imaging.archive.errors import QuotaExceededError
from imaging.queries import intake

GB = 10**9
COUNTED_AGAIN_AFTER_SHARE = 0.01
"""The database is asked again once a process has stored this share of the quota, and before it
refuses anything. Several processes may together exceed the quota by as much each."""

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
