"""Centres."""

from datetime import datetime

from django.db import transaction

from registry.actions import history
from registry.actions.records import store
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
