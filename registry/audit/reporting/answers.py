"""What a report says to an item of a checklist."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .printed import Evidence, Found, Part, Printed


class State(StrEnum):
    """How far the report goes.

    *Missing* is what data would say and this report does not; what no registry can know is for the
    authors.
    """

    REPORTED = "reported"
    IN_PART = "in part"
    MISSING = "missing"
    FOR_THE_AUTHORS = "for the authors"
    DOES_NOT_APPLY = "does not apply"


@dataclass(frozen=True, slots=True)
class Answer:
    """State of one item, the parts of the report where it is met, and what is to be said of it."""

    state: State
    parts: tuple[Part, ...] = ()
    words: str = ""


class Reply(Protocol):
    """How an item is answered once there is a result."""

    def answer(self, printed: Printed) -> Answer: ...


class Stands:
    """It stands in the report, if all of the evidence is found there.

    Parameters
    ----------
    note
        What stands there, or how it is to be read.
    lacks
        What the item asks besides and the report does not give.
    """

    def __init__(self, *evidence: Evidence, note: str = "", lacks: str = "") -> None:
        self.evidence = evidence
        self.note = note
        self.lacks = lacks

    def answer(self, printed: Printed) -> Answer:
        found = [one.found(printed) for one in self.evidence]
        parts = tuple(dict.fromkeys(one.part for one in found if one.part is not None))
        missed = _sentences(found)
        if not parts:
            return Answer(State.MISSING, (), _joined(missed, self.lacks))
        state = State.IN_PART if missed or self.lacks else State.REPORTED
        return Answer(state, parts, _joined([self.note], missed, self.lacks))


@dataclass(frozen=True, slots=True)
class ForTheAuthors:
    words: str

    def answer(self, printed: Printed) -> Answer:
        return Answer(State.FOR_THE_AUTHORS, (), self.words)


@dataclass(frozen=True, slots=True)
class Missing:
    """Which data the item asks for that this report does not give."""

    words: str

    def answer(self, printed: Printed) -> Answer:
        return Answer(State.MISSING, (), self.words)


@dataclass(frozen=True, slots=True)
class DoesNotApply:
    words: str

    def answer(self, printed: Printed) -> Answer:
        return Answer(State.DOES_NOT_APPLY, (), self.words)


def _sentences(found: Iterable[Found]) -> list[str]:
    said = (words for one in found for words in (one.absent, one.but) if words)
    return list(dict.fromkeys(said))


def _joined(*words: str | Iterable[str]) -> str:
    flat = [one for some in words for one in ([some] if isinstance(some, str) else some)]
    return " ".join(one for one in flat if one)
