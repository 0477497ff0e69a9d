"""Run one audit protocol over a cohort."""

from datetime import date
from typing import Any

from .age_table import AGES_RULE
from .age_table import KEY as AGES
from .baseline_table import BASELINE_RULE
from .baseline_table import KEY as BASELINE
from .counting import counted
from .errors import UnknownProtocolError
from .facts import Cohort
from .pairing import ADJUDICATED_CHOICE, PairingRule
from .patient_limits import LIMITS_RULE, limited
from .protocols import PROTOCOLS
from .result import AuditResult
from .selection import Filters, known_by, of_centres
from .stored_facts import facts_sha256


def run(
    protocol_key: str,
    cohort: Cohort,
    *,
    filters: Filters,
    as_of: date,
    code_version: str,
    version: str | None = None,
) -> AuditResult:
    """Count the cohort by the protocol.

    Operations are paired with studies on everything known by `as_of`; only then are
    studies outside the period left out, so a filter never changes which scan an operation
    verifies.

    Parameters
    ----------
    cohort
        All facts the caller may see; their hash is printed on the result.
    as_of
        Where the report cuts: nothing that happened later is counted.
    code_version
        Version of the software, printed on the result.
    version
        Of the protocol, where a report names the one it was counted by.

    Raises
    ------
    UnknownProtocolError
        No protocol has this key.
    """
    protocol = PROTOCOLS.get(protocol_key)
    if protocol is None:
        raise UnknownProtocolError(key=protocol_key, known=PROTOCOLS)
    period = filters.period(as_of)
    chosen = known_by(of_centres(cohort, filters.centres), as_of)
    known = limited(chosen, filters.limits, first=period.first, last=period.last)
    before = protocol.before(cohort.patients, version=version)
    counted_by = before.version if before else protocol.version
    tally = counted(protocol, known, filters, as_of, version=counted_by)
    invented = {one.patient_id for one in known.patients if one.synthetic}
    patient_of = known.patient_of() if invented else {}
    adjudicated = protocol.counts_adjudications and any(
        read.adjudicates for one in known.patients for study in one.studies for read in study.reads
    )
    return AuditResult(
        protocol_key=protocol.key,
        protocol_version=counted_by,
        unit=protocol.unit,
        filters=filters,
        as_of=as_of,
        code_version=code_version,
        facts_sha256=facts_sha256(cohort),
        tally=tally,
        pairing=_printed(protocol.pairing),
        rules=(
            before.index_rule if before else protocol.index_rule,
            protocol.read_rule,
            *protocol.further_rules,
            *([BASELINE_RULE] if protocol.prints(BASELINE, version=counted_by) else []),
            *([AGES_RULE] if protocol.prints(AGES, version=counted_by) else []),
            *([ADJUDICATED_CHOICE] if adjudicated else []),
            *([LIMITS_RULE] if filters.limits else []),
        ),
        caveats=protocol.caveats,
        synthetic=sum(patient_of.get(one) in invented for one in tally.flow.boxes[0].members),
    )


def _printed(rule: PairingRule | None) -> dict[str, Any]:
    if rule is None:
        words = "No operation is paired with a study in this audit."
        return {"version": "none", "window_days": None, "same_case": None, "text": words}
    return {
        "version": rule.version,
        "window_days": rule.window_days,
        "same_case": rule.same_case,
        "text": rule.text,
    }
