"""What became of the elements of a header, or of those that are the same in a series."""

from dataclasses import dataclass, field

from .header_shape import Element
from .manifest import Outcome


@dataclass(slots=True)
class Cleaned:
    """Grows as elements are cleaned.

    Attributes
    ----------
    elements
        Those that stay, at the top.
    encoded
        The same in the bytes of the stored file.
    written
        Texts of our own in them.
    outcomes
        What was done to each element at the top, those that go included.
    below
        The same for those within sequences: path of the parent, tag, outcome.
    subject_key
        Of the person the source names.
    """

    elements: dict[int, Element] = field(default_factory=dict)
    encoded: dict[int, bytes] = field(default_factory=dict)
    written: set[bytes] = field(default_factory=set)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    below: list[tuple[str, int, Outcome]] = field(default_factory=list)
    subject_key: str | None = None

    def copy(self) -> "Cleaned":
        """One that can grow without the other."""
        return Cleaned(
            dict(self.elements),
            dict(self.encoded),
            set(self.written),
            dict(self.outcomes),
            list(self.below),
            self.subject_key,
        )
