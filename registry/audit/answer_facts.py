"""Which mandatory questions one record had to answer, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Keys of the questions asked of one record, each in one of three places.

    Parameters
    ----------
    record_id
        Of the patient, component, case, contrast study or operation that was asked.
    on
        The day the record is about.
    given, unknown, missing
        Answered; said to be unknown or not assessed; left without an answer.
    """

    group: ClassVar[FactGroup] = FactGroup.ANSWERS

    record_id: str
    on: date
    given: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("given", "unknown", "missing"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))

    @property
    def fact_id(self) -> str:
        return self.record_id

    @property
    def order(self) -> tuple[str, ...]:
        return self.on.isoformat(), self.record_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "record_id": self.record_id,
            "on": self.on.isoformat(),
            "given": list(self.given),
            "unknown": list(self.unknown),
            "missing": list(self.missing),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        answers = {name: tuple(stored[name]) for name in ("given", "unknown", "missing")}
        return cls(**dict(stored) | answers | {"on": date.fromisoformat(stored["on"])})
