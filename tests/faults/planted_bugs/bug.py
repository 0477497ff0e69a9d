"""A few lines of the code that are replaced, and the tests that must notice."""

from dataclasses import dataclass
from pathlib import Path


class NotApplicableError(Exception):
    """The lines to replace are not there exactly once; the code has moved on."""


@dataclass(frozen=True)
class Bug:
    """One bug.

    Attributes
    ----------
    tests
        The fewest test files, or selections of them, that must turn red.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def plant(self, tree: Path) -> None:
        """Change the code below `tree`.

        Raises
        ------
        NotApplicableError
        """
        path = tree / self.file
        if not path.is_file() or path.read_text().count(self.old) != 1:
            raise NotApplicableError(f"{self.name}: {self.file}")
        path.write_text(path.read_text().replace(self.old, self.new))
