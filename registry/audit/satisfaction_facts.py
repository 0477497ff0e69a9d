"""Whether somebody was satisfied with the therapy, as asked at a review."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class SatisfactionFacts:
    """One answer, the registry's yes or no; what was not asked is no fact."""

    group: ClassVar[FactGroup] = FactGroup.SATISFACTION

    asked_on: date
    satisfied: str

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return self.asked_on.isoformat(), self.satisfied

    def known_by(self, as_of: date) -> Self | None:
        return self if self.asked_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {"asked_on": self.asked_on.isoformat(), "satisfied": self.satisfied}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(date.fromisoformat(stored["asked_on"]), stored["satisfied"])
