"""Write one event to a centre's chain, in the transaction of the change it tells of."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import gettext

from registry.actions import checkpoints, list_entries
from registry.actions.errors import InvalidRecordError
from registry.audit.canonical import canonical_bytes
from registry.models import (
    AuditReport,
    Centre,
    HistoryChain,
    HistoryEvent,
    Patient,
    ReadingAssignment,
    ReadingProtocol,
    ReadSending,
    ReportSchedule,
    SavedFilter,
    SignalDisposition,
    User,
)

COMMAND_LINE = "command line"

EVENTS_PER_CHECKPOINT = 16
"""Of frequent events: a checkpoint costs a flush of its own, which a sender would wait for."""

PLAIN = (str, int, type(None))
"""A value of such a type is handed to the database as it is."""

NOT_COUNTED = (
    AuditReport,
    ReadingAssignment,
    ReadingProtocol,
    ReadSending,
    ReportSchedule,
    SavedFilter,
    SignalDisposition,
    User,
)
"""Changes of these change no fact of an audit; a change of anything else may."""

State = dict[str, Any]


_moved_at_the_end: ContextVar[bool] = ContextVar("checkpoint_moved_at_the_end", default=False)


@contextmanager
def checkpoint_moved_at_the_end() -> Iterator[None]:
    """For the many events of one transaction: whoever writes the last one after this block moves
    the checkpoint past all of them. Each move is a flush of the disk."""
    token = _moved_at_the_end.set(True)
    try:
        yield
    finally:
        _moved_at_the_end.reset(token)


class HistoryOutsideTransactionError(Exception):
    """An event was recorded outside a transaction, so it could outlive its change or get lost."""


def state_of(obj: models.Model) -> State:
    """Every stored value of the object, as plain JSON values; sealed values never leave."""
    return {
        field.attname: _plain(getattr(obj, field.attname))
        for field in obj._meta.concrete_fields
        if field.attname != "id"
    }


def rows_of(children: Iterable[Any]) -> list[State]:
    """Child rows for the state of their parent, without keys.

    An identifying value is replaced by its keyed digest: that it changed shows, what it was does
    not.
    """
    return [
        {
            field.attname: _hidden(value) if field.name in child.IDENTIFYING and value else value
            for field in child._meta.concrete_fields
            if not field.primary_key and not field.is_relation
            for value in [_plain(getattr(child, field.attname))]
        }
        for child in children
    ]


def record(
    *,
    chain: str,
    at: datetime,
    by: User | None,
    action: str,
    obj: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> HistoryEvent:
    """Append what happened to `obj`, and bring the lists of its patient into step with it.

    A record that is gone is deleted before, so that the lists know it no more.

    Parameters
    ----------
    chain
        Code of the centre, or INSTALLATION_CHAIN.
    obj
        A model instance with a `public_id`.
    before, after
        States from `state_of`, with rows of child tables added by the caller; None where the
        object did not exist or was only looked at.

    Raises
    ------
    HistoryOutsideTransactionError
        There is no open transaction.
    InvalidRecordError
        The patient has gone to another centre meanwhile.
    """
    identifying = set(getattr(obj, "IDENTIFYING", ()))
    identifying |= {f"{name}_id" for name in identifying}
    looked_at_only = before is None and after is None
    event = _append(
        chain=chain,
        at=at,
        by=by,
        action=action,
        object_type=obj._meta.label_lower,
        object_id=obj.public_id,
        changes=_changes(before or {}, after or {}, identifying=identifying),
        before=before,
        after=after,
        reason=reason,
        changes_facts=not looked_at_only and not isinstance(obj, NOT_COUNTED),
    )
    patient_pk = None if looked_at_only else list_entries.patient_pk_of(obj)
    if patient_pk is not None:
        _require_in_centre(patient_pk, chain)
        list_entries.refresh(patient_pk=patient_pk)
    return event


def _require_in_centre(patient_pk: int, chain: str) -> None:
    """The chain must be that of the patient's centre, where it is looked for.

    Asked while the chain is locked, to which a transfer writes before it moves the patient.
    """
    patients, centres = (
        connection.ops.quote_name(model._meta.db_table) for model in (Patient, Centre)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT code FROM {centres} WHERE id = (SELECT centre_id FROM {patients}"  # noqa: S608
            " WHERE id = %s)",
            [patient_pk],
        )
        (code,) = cursor.fetchone()
    if code != chain:
        raise InvalidRecordError(
            {"__all__": [gettext("The patient belongs to another centre by now.")]}
        )


def record_for_imaging(
    *,
    centre_code: str,
    at: datetime,
    by: User | None,
    action: str,
    object_type: str,
    object_id: uuid.UUID,
    facts: Mapping[str, Any],
    reason: str = "",
    frequent: bool = False,
) -> HistoryEvent:
    """Append an event of the intake; imaging reaches this through settings.HISTORY_RECORDER.

    `frequent` events move the checkpoint only now and then: the end of a delivery moves it anyway.
    """
    return _append(
        chain=centre_code,
        at=at,
        by=by,
        action=action,
        object_type=object_type,
        object_id=object_id,
        changes={name: [None, _plain(value)] for name, value in facts.items()},
        before=None,
        after=_plain(facts),
        reason=reason,
        frequent=frequent,
    )


def _append(
    *,
    chain: str,
    at: datetime,
    by: User | None,
    action: str,
    object_type: str,
    object_id: uuid.UUID,
    changes: dict[str, Any],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str,
    frequent: bool = False,
    changes_facts: bool = False,
) -> HistoryEvent:
    if not connection.in_atomic_block:
        raise HistoryOutsideTransactionError(f"{action} was recorded outside a transaction.")
    head = _locked_head(chain)
    if head is None:
        HistoryChain.objects.get_or_create(code=chain)
        head = _locked_head(chain)
        assert head is not None
    event = HistoryEvent(
        chain=head,
        sequence=head.sequence + 1,
        at=at,
        actor=by,
        actor_name=by.get_username() if by else COMMAND_LINE,
        action=action,
        object_type=object_type,
        object_id=object_id,
        changes=changes,
        before_digest=_digest(before),
        after_digest=_digest(after),
        reason=reason,
        previous_hash=head.head_hash,
    )
    event.hash = event.expected_hash(key=settings.CRESCENT_HISTORY_KEY)
    _write(event, head, changes_facts=changes_facts)
    if _moved_at_the_end.get() or (frequent and event.sequence % EVENTS_PER_CHECKPOINT):
        return event
    transaction.on_commit(
        lambda: checkpoints.advance(chain=chain, sequence=event.sequence, head_hash=event.hash),
        # The change is committed: a checkpoint that fails is logged and must not deny it.
        robust=True,
    )
    return event


def _locked_head(chain: str) -> HistoryChain | None:
    """The head of a chain; whoever else writes to it waits until this transaction ends.

    Every change of the product passes here, so its statements are written down and not compiled
    each time.
    """
    table = connection.ops.quote_name(HistoryChain._meta.db_table)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, code, sequence, head_hash FROM {table} WHERE code = %s{lock}",  # noqa: S608
            [chain],
        )
        row = cursor.fetchone()
    return HistoryChain(*row) if row is not None else None


def _write(event: HistoryEvent, head: HistoryChain, *, changes_facts: bool) -> None:
    fields = [field for field in event._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    events, heads = quote(event._meta.db_table), quote(head._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {events} ({columns})"  # noqa: S608 - our own names
            f" VALUES ({', '.join(['%s'] * len(fields))}) RETURNING id",
            [
                value
                if type(value) in PLAIN
                else field.get_db_prep_save(value, connection=connection)
                for field in fields
                for value in [getattr(event, field.attname)]
            ],
        )
        (event.pk,) = cursor.fetchone()
        event._state.adding = False
        also = ", facts_hash = %s" if changes_facts else ""
        cursor.execute(
            f"UPDATE {heads} SET sequence = %s, head_hash = %s{also} WHERE id = %s",  # noqa: S608
            [event.sequence, event.hash, *([event.hash] if changes_facts else []), head.pk],
        )


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], *, identifying: set[str]
) -> dict[str, Any]:
    changed = {
        name: [before.get(name), after.get(name)]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }
    return {
        name: ["hidden", "hidden"] if name in identifying else values
        for name, values in changed.items()
    }


def _hidden(value: Any) -> str:
    return f"hidden {_digest({'value': value})[:16]}"


def _digest(state: Mapping[str, Any] | None) -> str:
    """Keyed, so that a guessed value of an identifying field cannot be tried against it."""
    if state is None:
        return ""
    key = settings.CRESCENT_HISTORY_KEY.encode()
    return hmac.new(key, canonical_bytes(state), hashlib.sha256).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value.normalize(), "f")
        case float():
            # Databases keep JSON numbers in their own way: 1e22 would come back otherwise.
            return repr(value)
        case uuid.UUID():
            return str(value)
        case Mapping():
            return {name: _plain(one) for name, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case _:
            return value
