"""Taking a signed read out of the registry as a file."""

from datetime import datetime

from django.db import transaction

from registry.actions import history
from registry.models import Read, User


def note(*, read: Read, form: str, by: User, at: datetime) -> None:
    """Note that somebody took the read away, before they get it.

    Parameters
    ----------
    form
        In which form: `report.dcm`, `key-images.dcm` or `report.pdf`.
    """
    with transaction.atomic():
        history.record(
            chain=read.centre_code,
            at=at,
            by=by,
            action="read.export",
            obj=read,
            after={"file": form},
        )
