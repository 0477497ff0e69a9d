"""What de-identification did to a file, element by element and without a single value."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The same for all files that were treated alike.

    Attributes
    ----------
    elements
        By path, such as ``(0040,A730)[].(0040,A123)``: what was done and by which rule.
    file
        What was done to the file around its data set.
    """

    elements: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    file: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values in one order for all."""
        return {
            "version": VERSION,
            "elements": {path: list(self.elements[path]) for path in sorted(self.elements)},
            "file": sorted(self.file),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        elements = {path: (done, rule) for path, (done, rule) in plain["elements"].items()}
        return cls(elements=elements, file=tuple(plain["file"]))


def content_sha256(plain: Mapping[str, Any]) -> str:
    """The hash by which equal manifests are told."""
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
