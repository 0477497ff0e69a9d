"""Note that somebody took data of patients out of the registry."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from registry.actions import history
from registry.models import Centre, User


@transaction.atomic
def note(*, centres: Iterable[Centre], what: str, by: User, at: datetime) -> None:
    """Write into the history of each centre that its data left, and in which form.

    Parameters
    ----------
    what
        Name of the file; it says nothing of a person.
    """
    for centre in centres:
        history.record(
            chain=centre.code, at=at, by=by, action="data.export", obj=centre, after={"file": what}
        )
