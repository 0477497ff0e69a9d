"""Who a patient is, as coarse as the registry keeps it: no name, no birth date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class BackgroundFacts:
    """Codes are those of the registry's vocabulary; an unknown year of birth is None."""

    group: ClassVar[FactGroup] = FactGroup.BACKGROUND

    birth_year: int | None
    sex: str
    diagnosis: str

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return str(self.birth_year), self.sex, self.diagnosis

    def known_by(self, as_of: date) -> Self | None:
        return self

    def to_json(self) -> dict[str, Any]:
        return {"birth_year": self.birth_year, "sex": self.sex, "diagnosis": self.diagnosis}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)
