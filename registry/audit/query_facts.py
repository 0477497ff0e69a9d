"""Something about a record that a person has to answer, correct or finish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """One open query.

    Parameters
    ----------
    kind
        As `open_queries.QueryKind` names it.
    record_id
        The record it is about.
    on
        The day in question.
    since
        The first day on which it can have been open; None where nothing tells.
    detail
        Which question, which contradiction, whose draft.
    """

    group: ClassVar[FactGroup] = FactGroup.QUERIES

    kind: str
    record_id: str
    on: date
    since: date | None = None
    detail: str = ""

    @property
    def fact_id(self) -> str:
        return ":".join((self.record_id, self.kind, self.detail))

    @property
    def order(self) -> tuple[str, ...]:
        return self.on.isoformat(), self.fact_id

    def known_by(self, as_of: date) -> Self | None:
        return self if self.on <= as_of else None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "record_id": self.record_id,
            "on": self.on.isoformat(),
            "since": None if self.since is None else self.since.isoformat(),
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        since = stored["since"]
        days = {
            "on": date.fromisoformat(stored["on"]),
            "since": None if since is None else date.fromisoformat(since),
        }
        return cls(**dict(stored) | days)
