"""What was graded with one instrument on one day; scores are computed from it, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """`grades` are items with their grades as text; instruments that differ are never mixed."""

    group: ClassVar[FactGroup] = FactGroup.ASSESSMENTS

    assessment_id: str
    performed_on: date
    instrument: str
    grades: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "grades", tuple(sorted(self.grades)))

    @property
    def fact_id(self) -> str:
        return self.assessment_id

    @property
    def order(self) -> tuple[str, ...]:
        return self.performed_on.isoformat(), self.instrument, self.assessment_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.performed_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "assessment_id": self.assessment_id,
            "performed_on": self.performed_on.isoformat(),
            "instrument": self.instrument,
            "grades": dict(self.grades),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            stored["assessment_id"],
            date.fromisoformat(stored["performed_on"]),
            stored["instrument"],
            tuple(stored["grades"].items()),
        )
