"""What people made of device signals, newest first."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from registry.audit.printed_signals import audit_sha256
from registry.models import Centre, SignalDisposition, User

Stated = dict[str, Any]
"""A disposition as JSON values, as a frozen report keeps it."""


def visible(*, viewer: User) -> QuerySet[SignalDisposition]:
    """Those all of whose centres the viewer may audit."""
    foreign = Centre.objects.exclude(code__in=viewer.centre_codes("registry.run_audit"))
    return (
        SignalDisposition.objects.exclude(centres__in=foreign)
        .select_related("decided_by", "superseded_by")
        .prefetch_related("centres")
    )


def of_audit(*, viewer: User, protocol_key: str, filters: Mapping[str, Any]) -> list[Stated]:
    """Those about the signals of an audit with these filters, on whatever day it was run."""
    return [stated(one) for one in _of_audit(visible(viewer=viewer), protocol_key, filters)]


def of_audit_for_record(protocol_key: str, filters: Mapping[str, Any]) -> list[Stated]:
    """The same for what keeps an audit whole: a report that is frozen, a command of the machine."""
    every = SignalDisposition.objects.select_related("decided_by", "superseded_by")
    return [stated(one) for one in _of_audit(every, protocol_key, filters)]


def stated(one: SignalDisposition) -> Stated:
    """The disposition as JSON values."""
    by = one.decided_by
    following = getattr(one, "superseded_by", None)
    return {
        "id": str(one.public_id),
        "signal": one.signal_key,
        "label": one.signal_label,
        "disposition": one.disposition,
        "reason": one.reason,
        "decided_at": one.decided_at.isoformat(),
        "decided_by": by.get_full_name() or by.get_username(),
        "as_of": one.as_of.isoformat(),
        "facts_sha256": one.facts_sha256,
        "protocol_version": one.protocol_version,
        "rule": one.rule_version,
        "vocabulary_version": one.vocabulary_version,
        "inputs": one.inputs,
        "superseded_by": None if following is None else str(following.public_id),
    }


def _of_audit(
    among: QuerySet[SignalDisposition], protocol_key: str, filters: Mapping[str, Any]
) -> list[SignalDisposition]:
    same = among.filter(audit_sha256=audit_sha256(protocol_key, filters))
    return list(same.order_by("-decided_at", "-pk"))
