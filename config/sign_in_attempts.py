"""How often signing in may fail from one place."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt

MOST_NAMES = 20
"""So many names may fail from one address until it has to wait; a hospital may share one [own]."""


class SignInAttempts(AxesDatabaseHandler):  # type: ignore[misc]
    """One name is limited by `AXES_FAILURE_LIMIT`; here, many names from one address are."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if _names_tried(request) >= MOST_NAMES:
            # The middleware answers what is flagged with the page that says how long to wait.
            request.axes_locked_out = True
            return True
        return bool(super().is_locked(request, credentials))


def _names_tried(request: Any) -> int:
    failed = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gte=get_cool_off_threshold(request)
    )
    names: int = failed.values("username").distinct().count()
    return names
