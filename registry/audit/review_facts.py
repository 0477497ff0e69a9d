"""How a case stood at a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """How a case stood at one review; `surgery_id` is empty where nobody operated."""

    group: ClassVar[FactGroup] = FactGroup.REVIEWS

    case_id: str
    reviewed_on: date
    symptoms: str
    surgery_id: str = ""

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return self.reviewed_on.isoformat(), self.case_id, self.surgery_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.reviewed_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "reviewed_on": self.reviewed_on.isoformat(),
            "symptoms": self.symptoms,
            "surgery_id": self.surgery_id,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**dict(stored) | {"reviewed_on": date.fromisoformat(stored["reviewed_on"])})
