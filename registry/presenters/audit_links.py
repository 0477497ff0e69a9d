"""Addresses that carry an audit's filters, so that a number and its cases are counted alike."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from registry.audit.patient_limits import PatientLimits
from registry.audit.selection import Filters
from registry.models import AuditReport


def query(filters: Filters, as_of: date) -> str:
    """The filters as the query of an address, the cut-off always included."""
    pairs = [("centre", code) for code in filters.centres or ()]
    if filters.performed_from is not None:
        pairs.append(("from", filters.performed_from.isoformat()))
    if filters.performed_to is not None:
        pairs.append(("to", filters.performed_to.isoformat()))
    pairs += limit_pairs(filters.limits)
    return urlencode([*pairs, ("as_of", as_of.isoformat())])


def limit_pairs(limits: PatientLimits) -> list[tuple[str, str]]:
    """The limits under the names of their fields."""
    said = limits.to_json()
    pairs = [("diagnosis", code) for code in said.pop("diagnoses", ())]
    return pairs + [(name, str(value)) for name, value in said.items()]


def to_cases(protocol_key: str, filters: Filters, as_of: date) -> Callable[[str], str]:
    """From the key of a number to the page of its cases."""
    start = f"{reverse('registry:audit-cases', args=[protocol_key])}?{query(filters, as_of)}"
    return lambda number: f"{start}&{urlencode({'number': number})}"


def to_frozen_cases(report: AuditReport) -> Callable[[str], str]:
    """The same for a number of a frozen report."""
    start = reverse("registry:report-cases", args=[report.public_id])
    return lambda number: f"{start}?{urlencode({'number': number})}"
