"""From when the centre of a patient logs everything, as the centre says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class CentreLogFacts:
    """The first day of the complete log of the patient's centre; None if the centre never said.

    Facts that were stored before anybody asked have none of these: that is neither.
    """

    group: ClassVar[FactGroup] = FactGroup.CENTRE_LOG

    complete_from: date | None

    @property
    def fact_id(self) -> str:
        return ""

    @property
    def order(self) -> tuple[str, ...]:
        return (str(self.complete_from),)

    def known_by(self, as_of: date) -> Self | None:
        """What the centre says holds for reports of the past, too."""
        return self

    def to_json(self) -> dict[str, Any]:
        day = self.complete_from
        return {"complete_from": None if day is None else day.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        day = stored["complete_from"]
        return cls(None if day is None else date.fromisoformat(day))
