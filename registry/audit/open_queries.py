"""What is open about the records of an audit: of which kind, and for how long."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from .facts import PatientFacts
from .query_facts import QueryFacts
from .selection import Period

QUERY_RULE: Final = (
    "query-1: open is a mandatory question without an answer, a contradiction between two answers, "
    "a completed contrast study without a signed read, one without images here, a read that was "
    "begun and not signed, and two reads that differ and were not decided [proposal]. A query is "
    "as old as the record it is about, a draft as old as its last change; how long two answers "
    "have contradicted each other is not known."
)


class QueryKind(StrEnum):
    UNANSWERED = "unanswered"
    CONTRADICTION = "contradiction"
    NOT_READ = "not_read"
    WITHOUT_IMAGES = "without_images"
    UNSIGNED_DRAFT = "unsigned_draft"
    READS_DIFFER = "reads_differ"


KIND_LABELS: Final = {
    QueryKind.UNANSWERED: "Mandatory question without an answer",
    QueryKind.CONTRADICTION: "Contradiction between answers",
    QueryKind.NOT_READ: "Completed study not read",
    QueryKind.WITHOUT_IMAGES: "Completed study without images here",
    QueryKind.UNSIGNED_DRAFT: "Read begun, not signed",
    QueryKind.READS_DIFFER: "Reads differ, not decided",
}

CONTRADICTION_LABELS: Final = {
    "study_before_case": "Contrast study before the case was opened",
    "study_after_case": "Contrast study after the case was closed",
    "surgery_before_case": "Operation before the case was opened",
    "surgery_after_case": "Operation after the case was closed",
    "after_death": "After the day of death",
    "before_birth": "Before the year of birth",
    "died_without_day": "Case ended with death, no day of death",
    "resolved_without_operation": "Resolved by operation, none logged",
    "resolved_despite_operation": "Resolved without operation, one logged",
    "implanted_on_another_day": "Implanted on another day than the operation",
    "removed_on_another_day": "Removed on another day than the operation",
    "pumps_overlap": "Two pumps at once, no second one declared",
    "study_without_pump": "No pump on the day of the contrast study",
    "trimmed_longer": "More trimmed off the catheter than its length",
    "walks_at_gmfcs_v": "Walks, but has GMFCS level V",
}
"""Code of the registry's contradictions to what each says here; a test compares the codes."""

AGE_BANDS: Final = (
    ("up_to_30", "Up to 30 days", 0, 30),
    ("up_to_90", "31 to 90 days", 31, 90),
    ("up_to_365", "91 to 365 days", 91, 365),
    ("over_365", "Over 365 days", 366, None),
)
"""Key, words, first and last day of age; ours [proposal]."""

AGE_UNKNOWN: Final = "age_unknown"


def age_band(query: QueryFacts, as_of: date) -> str:
    """Key of the band; a query that came up after the cut-off has no age at it."""
    if query.since is None or query.since > as_of:
        return AGE_UNKNOWN
    days = (as_of - query.since).days
    return next(
        key for key, _, first, last in AGE_BANDS if days >= first and (last is None or days <= last)
    )


def queries_of(patients: Iterable[PatientFacts], period: Period) -> list[QueryFacts]:
    """The queries about days of the period."""
    return [
        query
        for patient in patients
        for query in patient.of(QueryFacts)
        if period.contains(query.on)
    ]
