"""What was done at an operation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    """The procedures of one operation, as codes of the registry's vocabulary."""

    group: ClassVar[FactGroup] = FactGroup.PROCEDURES

    surgery_id: str
    performed_on: date
    indication: str
    procedures: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "procedures", tuple(sorted(self.procedures)))

    @property
    def fact_id(self) -> str:
        return self.surgery_id

    @property
    def order(self) -> tuple[str, ...]:
        return self.performed_on.isoformat(), self.surgery_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.performed_on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "surgery_id": self.surgery_id,
            "performed_on": self.performed_on.isoformat(),
            "indication": self.indication,
            "procedures": list(self.procedures),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        read = {
            "performed_on": date.fromisoformat(stored["performed_on"]),
            "procedures": tuple(stored["procedures"]),
        }
        return cls(**dict(stored) | read)
