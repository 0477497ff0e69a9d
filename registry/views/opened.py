"""When a form was first opened; the session remembers it until what it asks for is signed."""

from datetime import datetime

from registry.views.request import SignedInRequest

KEY = "opened_at"


def opened_at(request: SignedInRequest, what: object, *, now: datetime) -> datetime:
    """The first time the page was opened; a later look does not move it.

    Never later than `now`: a clock that was put back must not keep anybody from signing.

    Parameters
    ----------
    what
        What is being answered for, for example the public id of a contrast study.
    """
    opened = request.session.setdefault(KEY, {})
    first = opened.setdefault(str(what), now.isoformat())
    request.session.modified = True
    return min(datetime.fromisoformat(first), now)


def forget_opening(request: SignedInRequest, what: object) -> None:
    """It is signed; a correction starts its own clock."""
    request.session.get(KEY, {}).pop(str(what), None)
    request.session.modified = True
