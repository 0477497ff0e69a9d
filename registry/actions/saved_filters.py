"""Searches that are kept under a name."""

from datetime import datetime

from django.db import transaction

from registry.actions import history, records
from registry.models import Centre, SavedFilter, User


def keep(
    *,
    centre: Centre,
    page: str,
    name: str,
    query: str,
    is_shared: bool,
    by: User,
    at: datetime,
) -> SavedFilter:
    """Keep a search; under a name one has used already it takes the place of the old one.

    Raises
    ------
    InvalidRecordError
        The name is empty or too long.
    """
    wanted = {"centre": centre, "query": query, "is_shared": is_shared}
    with transaction.atomic():
        own = SavedFilter.objects.select_for_update()
        known = own.filter(created_by=by, page=page, name=name.strip()).first()
        if known is not None:
            return records.edit(
                known,
                edition=known.edition,
                by=by,
                at=at,
                action="saved_filter.edit",
                changes=wanted,
            )
        return records.log(
            SavedFilter(page=page, name=name.strip(), **wanted),
            by=by,
            at=at,
            action="saved_filter.keep",
        )


def remove(*, saved_filter: SavedFilter, by: User, at: datetime) -> None:
    """Forget a search; forgetting it twice is no fault."""
    with transaction.atomic():
        found = SavedFilter.objects.select_for_update().filter(pk=saved_filter.pk).first()
        if found is None:
            return
        before = history.state_of(found)
        found.delete()
        history.record(
            chain=saved_filter.centre_code,
            at=at,
            by=by,
            action="saved_filter.remove",
            obj=saved_filter,
            before=before,
        )
