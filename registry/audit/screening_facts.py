"""A test dose before implantation, and whether the patient responded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """One test dose; `responded` is the registry's yes, no or unknown."""

    group: ClassVar[FactGroup] = FactGroup.SCREENING_TESTS

    performed_on: date
    responded: str

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return self.performed_on.isoformat(), self.responded

    def known_by(self, as_of: date) -> Self | None:
        return self if self.performed_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {"performed_on": self.performed_on.isoformat(), "responded": self.responded}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(date.fromisoformat(stored["performed_on"]), stored["responded"])
