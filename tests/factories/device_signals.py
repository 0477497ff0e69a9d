"""Audits that raise device signals, and what people decide about them."""

import uuid
from datetime import date
from typing import Any

from registry import actions
from registry.audit.result import AuditResult
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.models import Centre, SignalDisposition, User
from tests.factories import registry_records as make
from tests.factories.component_cohorts import AS_OF, signalling_cohort

SIGNAL = "pump-model-medtronic_8637_20-failure"
WORDS = "CANARY-REASON: the motor stalled, and the maker was told."


def audited(centre_code: str = "NORTH", *, failed: int = 8, as_of: date = AS_OF) -> AuditResult:
    """Device survival of one centre; the model of `SIGNAL` fails more often than the others."""
    return run(
        "device-survival",
        signalling_cohort(centre_code, failed=failed),
        filters=Filters(centres=(centre_code,)),
        as_of=as_of,
        code_version="tests",
    )


def decided(result: AuditResult, *, by: User, **said: Any) -> SignalDisposition:
    """A disposition of the first signal by somebody who saw what there was."""
    before = said.pop("before", None)
    known: dict[str, Any] = {
        "signal_key": SIGNAL,
        "disposition": "reported",
        "reason": WORDS,
        "seen_facts_sha256": result.facts_sha256,
        "seen_disposition": None if before is None else before.public_id,
        "at": make.NOW,
        "public_id": uuid.uuid4(),
    }
    return actions.signal_dispositions.decide(result=result, by=by, **known | said)


def fill(centre: Centre, *, by: User) -> None:
    """Eight pumps of four models: both of one failed early, one of the others late."""
    models = ("medtronic_8637_20", "medtronic_8637_40", "flowonix_11827", "flowonix_13827")
    for number in range(8):
        model = models[number // 2]
        removed_on = date(2010, 5, 1 + number) if number < 2 else None
        if number == 2:
            removed_on = date(2018, 5, 1)
        make.component(
            of=make.patient(by=by, at_centre=centre),
            by=by,
            model=model,
            implanted_on=date(2010, 1, 4),
            removed_on=removed_on,
            removal_reason="motor_stall" if removed_on else "",
            reservoir_ml=None,
        )
