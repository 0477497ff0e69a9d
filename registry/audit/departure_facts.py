"""When a patient was lost from sight or went to another centre."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class DepartureFacts:
    """A case that was closed because nobody here watches the patient any more."""

    group: ClassVar[FactGroup] = FactGroup.DEPARTURES

    case_id: str
    left_on: date

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return self.left_on.isoformat(), self.case_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.left_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {"case_id": self.case_id, "left_on": self.left_on.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**dict(stored) | {"left_on": date.fromisoformat(stored["left_on"])})
