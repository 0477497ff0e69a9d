"""Centres."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history
from registry.actions.errors import EditConflictError
from registry.actions.records import require_past, store
from registry.models import INSTALLATION_CHAIN, Centre, HistoryChain, User


def add(*, code: str, name: str, time_zone: str, by: User | None, at: datetime) -> Centre:
    """Open a centre and its history chain.

    Raises
    ------
    InvalidRecordError
        The code is taken or malformed.
    """
    centre = Centre(code=code, name=name, time_zone=time_zone)
    with transaction.atomic():
        store(centre, force_insert=True)
        HistoryChain.objects.get_or_create(code=centre.code)
        history.record(
            chain=INSTALLATION_CHAIN,
            at=at,
            by=by,
            action="centre.add",
            obj=centre,
            after=history.state_of(centre),
        )
    return centre


def set_complete_log(
    *, centre: Centre, complete_from: date | None, seen: date | None, by: User, at: datetime
) -> Centre:
    """Say from which day on a centre logs every operation; the same again changes nothing.

    Parameters
    ----------
    complete_from
        None: that is not known.
    seen
        What stood there when the person looked.

    Raises
    ------
    InvalidRecordError
        The day has not come yet.
    EditConflictError
        Somebody else said another day meanwhile.
    """
    require_past(centre_code=centre.code, at=at, days={"complete_log_from": complete_from})
    with transaction.atomic():
        current = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
        if current.complete_log_from == complete_from:
            return current
        if current.complete_log_from != seen:
            raise EditConflictError(
                gettext("Somebody else said another day meanwhile. Open the page again.")
            )
        before = history.state_of(current)
        current.complete_log_from = complete_from
        store(current, update_fields=["complete_log_from"])
        history.record(
            chain=current.code,
            at=at,
            by=by,
            action="centre.set_complete_log",
            obj=current,
            before=before,
            after=history.state_of(current),
        )
    return current
