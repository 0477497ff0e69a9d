"""The parts of a pump system, each with its own dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Self

from .devices import ComponentKind
from .errors import UnknownCodeError
from .fact_group import FactGroup


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """One component; it is in place, as far as is known, unless `removed_on` says otherwise.

    Codes are those of the registry's vocabulary. An `implanted_on` that is known to the month or
    the year only is its first day. `removed_by` is the operation that took it out, if it is logged.
    """

    group: ClassVar[FactGroup] = FactGroup.COMPONENTS

    component_id: str
    kind: str
    model: str = ""
    implanted_on: date | None = None
    precision: str = "day"
    removed_on: date | None = None
    removal_reason: str = ""
    removed_by: str = ""

    def __post_init__(self) -> None:
        if self.kind not in ComponentKind._value2member_map_:
            raise UnknownCodeError(field="component kind", code=self.kind, allowed=ComponentKind)

    @property
    def fact_id(self) -> str:
        return self.component_id

    @property
    def order(self) -> tuple[str, ...]:
        return (self.component_id,)

    def known_by(self, as_of: date) -> Self | None:
        if self.implanted_on is not None and self.implanted_on > as_of:
            return None
        if self.removed_on is None or self.removed_on <= as_of:
            return self
        return replace(self, removed_on=None, removal_reason="", removed_by="")

    def to_json(self) -> dict[str, Any]:
        return {
            "component_id": self.component_id,
            "kind": self.kind,
            "model": self.model,
            "implanted_on": None if self.implanted_on is None else self.implanted_on.isoformat(),
            "precision": self.precision,
            "removed_on": None if self.removed_on is None else self.removed_on.isoformat(),
            "removal_reason": self.removal_reason,
            "removed_by": self.removed_by,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        days = {
            name: None if stored[name] is None else date.fromisoformat(stored[name])
            for name in ("implanted_on", "removed_on")
        }
        return cls(**dict(stored) | days)
