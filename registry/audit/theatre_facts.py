"""Lists of operations as hospitals keep them, beside the patients of an audit.

A line says on what day somebody was operated on. Hospital numbers stay in the registry: here a line
names the patient it belongs to, or nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class TheatreLine:
    """One line of a list.

    Parameters
    ----------
    row
        Its number in the file that was uploaded.
    on
        Day of the operation; None where the file does not say one.
    person
        The same for lines of one hospital number; "" where the file does not say one.
    patient_id
        Who has this number in the registry of the centre; "" is nobody.
    other_centre
        The file says that the operation was done for another centre.
    opted_out
        The patient declined to be in the registry or withdrew.
    """

    row: int
    on: date | None = None
    person: str = ""
    patient_id: str = ""
    other_centre: bool = False
    opted_out: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "on": None if self.on is None else self.on.isoformat(),
            "person": self.person,
            "patient_id": self.patient_id,
            "other_centre": self.other_centre,
            "opted_out": self.opted_out,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        on = stored["on"]
        return cls(**dict(stored) | {"on": None if on is None else date.fromisoformat(on)})


@dataclass(frozen=True, slots=True)
class TheatreListFacts:
    """One list that was uploaded and not withdrawn.

    Parameters
    ----------
    covers_from, covers_to
        Days between which the list holds every operation, as whoever sent it says.
    file_sha256
        Hash of the file as it was sent.
    kept_words
        Only lines whose procedure holds one of these words were kept; "" is every line.
    left_out
        How many lines the words left out.
    """

    list_id: str
    centre: str
    sent_on: date
    covers_from: date
    covers_to: date
    file_sha256: str
    lines: tuple[TheatreLine, ...] = ()
    kept_words: str = ""
    left_out: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(sorted(self.lines, key=lambda one: one.row)))

    def covers(self, day: date) -> bool:
        return self.covers_from <= day <= self.covers_to

    def line_id(self, line: TheatreLine) -> str:
        """By which an audit counts the line."""
        return f"{self.list_id}:{line.row}"

    def to_json(self) -> dict[str, Any]:
        return {
            "list_id": self.list_id,
            "centre": self.centre,
            "sent_on": self.sent_on.isoformat(),
            "covers_from": self.covers_from.isoformat(),
            "covers_to": self.covers_to.isoformat(),
            "file_sha256": self.file_sha256,
            "lines": [line.to_json() for line in self.lines],
            "kept_words": self.kept_words,
            "left_out": self.left_out,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        days = ("sent_on", "covers_from", "covers_to")
        read = {name: date.fromisoformat(stored[name]) for name in days}
        lines = tuple(TheatreLine.from_json(one) for one in stored["lines"])
        return cls(**dict(stored) | read | {"lines": lines})
