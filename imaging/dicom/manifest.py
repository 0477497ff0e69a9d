"""What de-identification did to a file, element by element and without a single value."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from . import confidentiality_profile

VERSION = 1

KEPT, REPLACED, EMPTIED, DUMMY, REMOVED, ADDED = (
    "kept",
    "replaced",
    "emptied",
    "dummy",
    "removed",
    "added",
)
"""What can have been done to an element. `dummy`: a value that says it was withheld. `kept` is the
value of the source but for its padding; what stays of it in part is `replaced`. `added` was not in
the source at all."""

PRIVATE = "private"
OVERLAY = "overlay"
CURVE = "curve"
GROUP_LENGTH = "group length"
NOT_ON_THE_LIST = "not on the allow-list"
VALUE_RULE = "value"
"""The value does not follow the rules for it, is too long or repeats an identifier."""
CODED_TERM = "code list"
PSEUDONYM = "pseudonym"
TYPE_2 = "must be present"
METHOD = "statement of the method"

PREAMBLE = "preamble cleared"
FILE_META = "file meta information rewritten"
CONVERTED = "implicit VR written as explicit VR"
AFTER_PIXELS = "elements after the pixel data removed"

Outcome = tuple[str, str]
"""What was done, and by which rule."""


def table(action: str) -> str:
    """The rule of a row of PS3.15 Table E.1-1."""
    return f"table {action}"


def allowed(reason: str) -> str:
    """The rule of an entry of the allow-list."""
    return f"allow-list: {reason}"


@lru_cache(maxsize=8192)
def outcome_of_removed(tag: int) -> Outcome:
    """Why an element goes that is not on the allow-list."""
    group = tag >> 16
    action = confidentiality_profile.action(tag)
    if tag & 0xFFFF == 0:
        rule = GROUP_LENGTH
    elif group & 1:
        rule = PRIVATE
    elif group & 0xFF00 == 0x6000:
        rule = OVERLAY
    elif group & 0xFF00 == 0x5000:
        rule = CURVE
    else:
        rule = table(action) if action is not None else NOT_ON_THE_LIST
    return REMOVED, rule


@dataclass(frozen=True, slots=True)
class Manifest:
    """The same for all files that were treated alike.

    Attributes
    ----------
    elements
        By path, such as ``(0040,A730)[].(0040,A123)``: what was done and by which rule; more than
        one outcome where the items of a sequence were not treated alike.
    file
        What was done to the file around its data set.
    """

    elements: Mapping[str, tuple[Outcome, ...]] = field(default_factory=dict)
    file: tuple[str, ...] = ()

    @classmethod
    def of(cls, noted: Iterable[tuple[str, int, Outcome]], file: Iterable[str]) -> Self:
        """Build from outcomes by path of the parent and tag."""
        outcomes: dict[str, set[Outcome]] = {}
        for parent, tag, outcome in noted:
            outcomes.setdefault(path(parent, tag), set()).add(outcome)
        return cls(
            elements={where: tuple(sorted(found)) for where, found in outcomes.items()},
            file=tuple(sorted(set(file))),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values in one order for all."""
        return {
            "version": VERSION,
            "elements": {
                where: [list(outcome) for outcome in self.elements[where]]
                for where in sorted(self.elements)
            },
            "file": list(self.file),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        elements = {
            where: tuple((done, rule) for done, rule in outcomes)
            for where, outcomes in plain["elements"].items()
        }
        return cls(elements=elements, file=tuple(plain["file"]))


def path(parent: str, tag: int) -> str:
    """The path of an element below another one, whose path is empty at the top."""
    own = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    return f"{parent}[].{own}" if parent else own


def content_sha256(plain: Mapping[str, Any]) -> str:
    """The hash by which equal manifests are told."""
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
