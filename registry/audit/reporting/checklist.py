"""A reporting checklist as it was published: numbered items, each with its section."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """What one item asks for, paraphrased close to the published words."""

    number: str
    section: str
    words: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items in their published order.

    Parameters
    ----------
    source
        Where the statement was published, with its doi.
    """

    key: str
    name: str
    title: str
    source: str
    items: tuple[Item, ...]
