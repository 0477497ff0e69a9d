"""Whether anything that an audit counts may have changed since."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import Count, Max, Sum

from registry.audit.canonical import canonical_bytes
from registry.audit.fact_group import FactGroup
from registry.models import HistoryChain, ReadDraft


def of_centres(centre_codes: Collection[str], *, needs: Collection[FactGroup] = ()) -> str:
    """A digest that is another one after each change of what the centres' audits count.

    Each action writes its event in the transaction of its change, to the chain of each centre whose
    records it changes; so whoever sees the change sees the event, and the other way round. An event
    carries a keyed hash of all events before it: no two states of a registry share one, not after
    a backup was restored and worked on either.

    Parameters
    ----------
    needs
        Reads that are not signed yet leave no event, so they are looked at where they are counted.
    """
    heads = HistoryChain.objects.filter(code__in=centre_codes).values_list("code", "facts_hash")
    state: list[object] = [*sorted(heads)]
    if FactGroup.QUERIES in needs:
        state.append(_drafts(centre_codes))
    return hashlib.sha256(canonical_bytes(state)).hexdigest()


def _drafts(centre_codes: Collection[str]) -> list[object]:
    of_centres = ReadDraft.objects.filter(
        contrast_study__case__patient__centre__code__in=centre_codes
    )
    # Each saving makes an edition, whatever the clock says.
    found = of_centres.aggregate(
        number=Count("pk"), last=Max("saved_at"), newest=Max("pk"), editions=Sum("edition")
    )
    last = found.pop("last")
    return [*found.values(), None if last is None else last.isoformat()]


@contextmanager
def one_moment() -> Iterator[None]:
    """All questions within see the registry as it was at the first of them; nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    begin = {
        "sqlite": "BEGIN DEFERRED",
        "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
    with connection.cursor() as cursor:
        cursor.execute(begin[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
