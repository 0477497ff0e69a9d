"""An episode: when a problem was raised, why, and how and when it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case; `outcome` is empty while it is open. Codes are those of the vocabulary."""

    group: ClassVar[FactGroup] = FactGroup.CASES

    case_id: str
    opened_on: date
    trigger: str
    closed_on: date | None = None
    outcome: str = ""

    @property
    def fact_id(self) -> str:
        return self.case_id

    @property
    def order(self) -> tuple[str, ...]:
        return self.opened_on.isoformat(), self.case_id

    def known_by(self, as_of: date) -> Self | None:
        if self.opened_on > as_of:
            return None
        if self.closed_on is None or self.closed_on <= as_of:
            return self
        return replace(self, closed_on=None, outcome="")

    def to_json(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "opened_on": self.opened_on.isoformat(),
            "trigger": self.trigger,
            "closed_on": None if self.closed_on is None else self.closed_on.isoformat(),
            "outcome": self.outcome,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        closed_on = stored["closed_on"]
        days = {
            "opened_on": date.fromisoformat(stored["opened_on"]),
            "closed_on": None if closed_on is None else date.fromisoformat(closed_on),
        }
        return cls(**dict(stored) | days)
