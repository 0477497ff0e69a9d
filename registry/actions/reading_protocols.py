"""Setting how often the studies of a centre are read."""

from collections.abc import Mapping
from datetime import datetime

from registry.actions import records
from registry.models import Centre, ReadingProtocol, User


def edit(
    *, centre: Centre, edition: int, by: User, at: datetime, changes: Mapping[str, int]
) -> ReadingProtocol:
    """Set the protocol of a centre. What is signed already stays as it is.

    Parameters
    ----------
    edition
        The edition the editor saw; 0 where there was none yet.
    changes
        `reads_per_study`, `reread_share_percent`, `reread_after_days`.

    Raises
    ------
    EditConflictError
        Somebody else saved it since.
    InvalidRecordError
        A number outside its range, or somebody else set the first protocol meanwhile.
    """
    stored = ReadingProtocol.objects.filter(centre=centre).first()
    if stored is None:
        return records.log(
            ReadingProtocol(centre=centre, **changes),
            by=by,
            at=at,
            action="reading_protocol.set",
        )
    return records.edit(
        stored, edition=edition, by=by, at=at, action="reading_protocol.edit", changes=changes
    )
