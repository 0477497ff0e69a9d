"""What audits ask for beyond studies, first reads and operations, and what such a fact can do."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Protocol, Self


class FactGroup(StrEnum):
    """Name of a kind of fact, in the facts a report keeps too."""

    CASES = "cases"
    COMPLICATIONS = "complications"
    REVIEWS = "reviews"
    SECOND_LOOKS = "second_looks"
    COMPONENTS = "components"
    BACKGROUND = "background"
    PROCEDURES = "procedures"
    DEPARTURES = "departures"
    SCREENING_TESTS = "screening_tests"
    SATISFACTION = "satisfaction"
    ASSESSMENTS = "assessments"
    DOSES = "doses"
    CENTRE_LOG = "centre_log"
    ANSWERS = "answers"
    QUERIES = "queries"
    THEATRE_LISTS = "theatre_lists"


class LaterFact(Protocol):
    """A fact about one patient, which stands in the canonical form only where there is one.

    So facts that were stored before anybody asked for it keep their bytes and their hash.
    """

    group: ClassVar[FactGroup]

    @property
    def fact_id(self) -> str:
        """The id by which an audit counts it; empty where nothing counts it by itself."""

    @property
    def order(self) -> tuple[str, ...]:
        """Facts of a group are sorted by it."""

    def known_by(self, as_of: date) -> Self | None:
        """The fact without anything that happened after that day; None if nothing is left."""

    def to_json(self) -> dict[str, Any]:
        """The fact as JSON values."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
