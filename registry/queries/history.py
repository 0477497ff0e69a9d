"""Reading the history, and finding where it was tampered with."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import F, Q, QuerySet

from registry.models import Centre, HistoryChain, HistoryEvent, User
from registry.queries import keyset
from registry.queries.keyset import Page

NO_HASH = "0" * 64


class Checkpoint(Protocol):
    """How far a chain had come, from a file outside the database."""

    @property
    def sequence(self) -> int: ...
    @property
    def head_hash(self) -> str: ...


@dataclass(frozen=True)
class BrokenLink:
    """The first thing wrong with a chain: `sequence` is where, `sentence` is what."""

    chain: str
    sequence: int
    sentence: str


def visible(*, viewer: User) -> QuerySet[HistoryEvent]:
    """Events of the centres whose history the viewer may see, newest first.

    Where the viewer may read studies, reads and adjudications signed by others are left out, and
    which reads are asked for again: they would unblind.
    """
    codes = viewer.centre_codes("registry.view_history")
    return _not_unblinding(viewer, HistoryEvent.objects.filter(chain__code__in=codes))


def _not_unblinding(viewer: User, events: QuerySet[HistoryEvent]) -> QuerySet[HistoryEvent]:
    here = Q(chain__code__in=viewer.centre_codes("registry.read_study"))
    signed = Q(action__startswith="read.") | Q(action__startswith="adjudication.")
    return (
        events.exclude(here & signed & ~Q(actor=viewer))
        .exclude(here & Q(action__startswith="masked_reread."))
        .select_related("chain")
        .order_by("-at", "-id")
    )


def page(*, viewer: User, after: str, size: int) -> Page[HistoryEvent]:
    """Events newest first, a page at a time; each chain is read from where the last page ended."""
    codes = sorted(viewer.centre_codes("registry.view_history"))
    chains = dict(HistoryChain.objects.filter(code__in=codes).values_list("code", "pk"))
    return keyset.cut(
        [
            visible(viewer=viewer)
            .filter(chain=chains[code])
            .filter(keyset.pk_after(after))
            .order_by("-pk")
            for code in codes
            if code in chains
        ],
        size=size,
        key=lambda event: event.pk,
        cursor=lambda event: str(event.pk),
        newest_first=True,
    )


def of_objects(*, viewer: User, object_ids: list[UUID]) -> QuerySet[HistoryEvent]:
    """The same of some records alone."""
    codes = viewer.centre_codes("registry.view_history")
    chains = list(HistoryChain.objects.filter(code__in=codes).values_list("pk", flat=True))
    # The sum keeps SQLite from going through all events of a chain instead of those of the records.
    events = HistoryEvent.objects.alias(of_chain=F("chain_id") + 0)
    return _not_unblinding(viewer, events.filter(object_id__in=object_ids, of_chain__in=chains))


def has_action(*, chain: str, action: str) -> bool:
    """Whether the chain holds an event of this kind; for commands, where nobody is signed in."""
    return HistoryEvent.objects.filter(chain__code=chain, action=action).exists()


def chain_codes() -> list[str]:
    """Every chain there is or, since each centre has one, should be; for the verifying command."""
    chains = HistoryChain.objects.values_list("code", flat=True)
    return sorted({*chains, *Centre.objects.values_list("code", flat=True)})


def first_broken_link(
    chain: str, *, key: str, checkpoint: Checkpoint | None = None
) -> BrokenLink | None:
    """Walk the chain from its first event; None when it is sound.

    Parameters
    ----------
    key
        The history key the events were written with.
    checkpoint
        Head of the chain remembered outside the database. Without one, cutting off the newest
        events cannot be told from a chain that is shorter.
    """
    expected_sequence, previous_hash = 1, NO_HASH
    checkpoint_hash = None
    events = HistoryEvent.objects.filter(chain__code=chain).select_related("chain")
    for event in events.order_by("sequence", "id").iterator(chunk_size=2000):
        if event.sequence != expected_sequence:
            return BrokenLink(
                chain,
                min(expected_sequence, event.sequence),
                f"event {expected_sequence} is missing"
                if event.sequence > expected_sequence
                else f"event {event.sequence} stands twice",
            )
        if event.previous_hash != previous_hash:
            return BrokenLink(
                chain,
                event.sequence,
                f"event {event.sequence} does not follow the one before it",
            )
        if not hmac.compare_digest(event.hash, event.expected_hash(key=key)):
            return BrokenLink(
                chain,
                event.sequence,
                f"event {event.sequence} was changed, or written with another key",
            )
        previous_hash = event.hash
        if checkpoint and event.sequence == checkpoint.sequence:
            checkpoint_hash = event.hash
        expected_sequence += 1
    length = expected_sequence - 1
    if checkpoint and checkpoint.sequence > length:
        return BrokenLink(
            chain,
            length + 1,
            f"events {length + 1} to {checkpoint.sequence} were cut off: the checkpoint knows them",
        )
    if checkpoint and checkpoint_hash != checkpoint.head_hash and checkpoint.sequence > 0:
        return BrokenLink(
            chain,
            checkpoint.sequence,
            f"event {checkpoint.sequence} is not the one the checkpoint remembers",
        )
    head = HistoryChain.objects.filter(code=chain).first()
    if head is None:
        return BrokenLink(chain, 1, "the whole chain is missing")
    if head.sequence != length or head.head_hash != previous_hash:
        return BrokenLink(chain, length, "the head of the chain does not match its last event")
    return None


def lengths() -> Mapping[str, int]:
    """Events by chain."""
    return dict(HistoryChain.objects.order_by("code").values_list("code", "sequence"))
