"""Deciding what a device signal means."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import history
from registry.actions.errors import (
    InvalidRecordError,
    NoSignalError,
    OtherNumbersError,
)
from registry.actions.records import store
from registry.audit.device_signals import RULE_VERSION
from registry.audit.printed_signals import audit_sha256, printed_signals
from registry.audit.result import AuditResult
from registry.models import Centre, SignalDisposition, User
from registry.vocabulary import VOCABULARY_VERSION


def decide(
    *,
    result: AuditResult,
    signal_key: str,
    disposition: str,
    reason: str,
    seen_facts_sha256: str,
    seen_disposition: uuid.UUID | None,
    by: User,
    at: datetime,
    public_id: uuid.UUID | None = None,
) -> SignalDisposition:
    """Keep what a person made of a signal, with the numbers it was decided on, for good.

    The centres are those the result's filters name. What was decided before about the same question
    stays and is superseded. Deciding twice under one `public_id` gives that of the first time.

    Parameters
    ----------
    result
        The audit as it comes out now.
    seen_facts_sha256
        Of the facts whose numbers the person had before them.
    seen_disposition
        The one in force that the person saw; None if there was none.

    Raises
    ------
    NoSignalError
        The rule raises no such signal.
    OtherNumbersError
        The facts or the disposition in force are not those the person saw.
    InvalidRecordError
        No disposition of the vocabulary, or no reason in words.
    """
    printed = result.to_json()
    signal = printed_signals(printed).get(signal_key)
    if signal is None or not signal.flagged:
        raise NoSignalError(gettext("The rule raises no such signal now."))
    if seen_facts_sha256 != result.facts_sha256:
        raise OtherNumbersError(_changed())
    decided = SignalDisposition(
        **({"public_id": public_id} if public_id else {}),
        protocol_key=result.protocol_key,
        protocol_version=result.protocol_version,
        signal_key=signal.key,
        signal_label=signal.label,
        filters=printed["filters"],
        audit_sha256=audit_sha256(result.protocol_key, printed["filters"]),
        as_of=result.as_of,
        facts_sha256=result.facts_sha256,
        rule_version=RULE_VERSION,
        inputs=signal.inputs,
        code_version=result.code_version,
        disposition=disposition,
        vocabulary_version=VOCABULARY_VERSION,
        reason=reason.strip(),
        decided_at=at,
        decided_by=by,
    )
    if not decided.reason:
        raise InvalidRecordError({"reason": [gettext("Say why, in words.")]})
    return _kept(decided, seen_disposition)


def _kept(decided: SignalDisposition, seen: uuid.UUID | None) -> SignalDisposition:
    centres = Centre.objects.filter(code__in=decided.filters["centres"])
    with transaction.atomic():
        # Locks the centres, so that of two decisions the second sees the first.
        list(centres.select_for_update(no_key=True).order_by("pk"))
        if first := SignalDisposition.objects.filter(public_id=decided.public_id).first():
            return first
        decided.supersedes = SignalDisposition.objects.filter(
            audit_sha256=decided.audit_sha256,
            signal_key=decided.signal_key,
            superseded_by__isnull=True,
        ).first()
        if (decided.supersedes and decided.supersedes.public_id) != seen:
            raise OtherNumbersError(
                gettext("Somebody else decided about this signal meanwhile. See what, first.")
            )
        store(decided, force_insert=True)
        decided.centres.set(centres)
        for centre in centres:
            history.record(
                chain=centre.code,
                at=decided.decided_at,
                by=decided.decided_by,
                action="signal.decide",
                obj=decided,
                after=history.state_of(decided),
            )
    return decided


def _changed() -> str:
    return gettext(
        "Nothing was saved: the data changed since you opened the page. These are the numbers now."
    )
