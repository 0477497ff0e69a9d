"""What the pump was set to give each day, from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class DoseFacts:
    """One setting of the daily dose; 0 where the pump was stopped.

    The dose is kept as text in the canonical form: it has a decimal, and JSON numbers there are
    whole.
    """

    group: ClassVar[FactGroup] = FactGroup.DOSES

    set_on: date
    dose_ug_per_day: Decimal

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return self.set_on.isoformat(), f"{self.dose_ug_per_day:010.1f}"

    def known_by(self, as_of: date) -> Self | None:
        return self if self.set_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "set_on": self.set_on.isoformat(),
            "dose_ug_per_day": f"{self.dose_ug_per_day:.1f}",
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(date.fromisoformat(stored["set_on"]), Decimal(stored["dose_ug_per_day"]))
