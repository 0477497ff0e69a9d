"""The password once more, as a signature: wrong ones count as those of signing in do."""

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _

from registry.views.request import SignedInRequest

WRONG = _("This is not your password. Nothing was signed, and your answers are kept.")
LOCKED = _(
    "Too many wrong passwords. Wait for a quarter of an hour, then sign; your answers are kept."
)


class PasswordRefusedError(Exception):
    """The password is not that of the person, or may not be tried; the message says which."""


def require_own_password(request: SignedInRequest, password: str) -> None:
    """
    Raises
    ------
    PasswordRefusedError
    """
    credentials = {"username": request.user.get_username()}
    AxesProxyHandler.update_request(request)
    allowed = AxesProxyHandler.is_allowed(request, credentials)
    if allowed and request.user.check_password(password):
        return
    if allowed:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        allowed = AxesProxyHandler.is_allowed(request, credentials)
    # The middleware would answer with a page of its own, and what was typed would be gone.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    raise PasswordRefusedError(WRONG if allowed else LOCKED)
