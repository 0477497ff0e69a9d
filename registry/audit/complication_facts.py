"""Something that went wrong, with its severity on every axis it was graded on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class ComplicationFacts:
    """One complication; codes are those of the registry's vocabulary, empty is not recorded.

    `surgery_id` and `study_id` name what it is logged to have followed, empty where nothing is.
    """

    group: ClassVar[FactGroup] = FactGroup.COMPLICATIONS

    complication_id: str
    occurred_on: date
    code: str
    code_group: str
    grade: str = ""
    hospitalisation: str = ""
    hospital_nights: int | None = None
    needed_surgery: str = ""
    surgery_id: str = ""
    study_id: str = ""
    resolved_on: date | None = None

    @property
    def fact_id(self) -> str:
        return self.complication_id

    @property
    def order(self) -> tuple[str, ...]:
        return self.occurred_on.isoformat(), self.complication_id

    def known_by(self, as_of: date) -> Self | None:
        if self.occurred_on > as_of:
            return None
        if self.resolved_on is None or self.resolved_on <= as_of:
            return self
        return replace(self, resolved_on=None)

    def to_json(self) -> dict[str, Any]:
        return {
            "complication_id": self.complication_id,
            "occurred_on": self.occurred_on.isoformat(),
            "code": self.code,
            "code_group": self.code_group,
            "grade": self.grade,
            "hospitalisation": self.hospitalisation,
            "hospital_nights": self.hospital_nights,
            "needed_surgery": self.needed_surgery,
            "surgery_id": self.surgery_id,
            "study_id": self.study_id,
            "resolved_on": None if self.resolved_on is None else self.resolved_on.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        resolved_on = stored["resolved_on"]
        days = {
            "occurred_on": date.fromisoformat(stored["occurred_on"]),
            "resolved_on": None if resolved_on is None else date.fromisoformat(resolved_on),
        }
        return cls(**dict(stored) | days)
