"""Answers that are possible but unlikely: asked back once, and kept with the confirmation.

What cannot be is refused by the database. What is only unlikely stands as entered as soon as a
person says so; which doubts were confirmed is stored with the record.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from registry.actions.errors import RegistryError


@dataclass(frozen=True)
class Doubt:
    """One unlikely answer: a stable code, the field it is about, and what to ask."""

    code: str
    field: str
    words: str


class DoubtfulError(RegistryError):
    """Unlikely answers that nobody has confirmed; nothing was written.

    Attributes
    ----------
    doubts
        All that the answers raise, confirmed or not.
    """

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__(" ".join(str(doubt.words) for doubt in doubts))
        self.doubts = tuple(doubts)


def require_confirmed(doubts: Sequence[Doubt], *, confirmed: Collection[str]) -> list[str]:
    """The codes to store with the record.

    Raises
    ------
    DoubtfulError
        A doubt is not among the confirmed ones.
    """
    codes = [doubt.code for doubt in doubts]
    if set(codes) - set(confirmed):
        raise DoubtfulError(doubts)
    return codes
