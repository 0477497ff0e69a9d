"""What de-identification did to the headers of a study, before and after, tag by tag."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydicom.datadict import keyword_for_tag

from imaging.dicom.header_values import HeaderValue
from imaging.dicom.manifest import ADDED, Manifest, Outcome

MASKED = "hidden"
NOTHING = "absent"
PRESENT = "present"
NOT_NOTED = "not noted"
"""Of images stored before manifests were kept."""


@dataclass(frozen=True)
class ManifestRow:
    """One element, before and after. No original value is kept, so none can be shown."""

    path: str
    depth: int
    keyword: str
    before: str
    done: str
    rule: str
    after: str


@dataclass(frozen=True)
class ManifestTable:
    """One way images were treated.

    Attributes
    ----------
    images
        How many images of the study were treated so.
    counts
        How many elements were removed, emptied, replaced, kept …, the most frequent first.
    """

    images: int
    rows: Sequence[ManifestRow]
    file: Sequence[str]
    counts: Sequence[tuple[str, int]]


def manifest_table(
    content: Mapping[str, Any],
    *,
    images: int,
    after: Sequence[HeaderValue],
    values_shown: bool,
) -> ManifestTable:
    """Manifest and stored header side by side.

    Parameters
    ----------
    content
        `imaging.dicom.manifest.Manifest` as JSON.
    after
        The header of one of the images, as stored.
    values_shown
        Whether this person may see the values that are stored.
    """
    treated = Manifest.from_json(content).elements if content else {}
    stored: dict[str, HeaderValue] = {}
    for value in after:
        # Of a sequence with several items the first one is shown.
        stored.setdefault(value.path, value)
    rows = []
    for path in sorted({*treated, *stored}):
        outcomes = _outcomes(path, treated)
        done = [what for what, _ in outcomes]
        rows.append(
            ManifestRow(
                path=path,
                depth=path.count("[]."),
                keyword=_keyword(path, stored.get(path)),
                before=_before(done),
                done=", ".join(dict.fromkeys(done)),
                rule=", ".join(dict.fromkeys(rule for _, rule in outcomes)),
                after=_after(stored.get(path), values_shown=values_shown),
            )
        )
    counts = Counter(row.done for row in rows)
    return ManifestTable(
        images=images,
        rows=rows,
        file=list(content.get("file", ())),
        counts=sorted(counts.items(), key=lambda one: (-one[1], one[0])),
    )


def _outcomes(path: str, treated: Mapping[str, tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
    """What was done to an element, or to the sequence that was written with it in it."""
    while path not in treated:
        path = path.rpartition("[].")[0]
        if not path:
            return ((NOT_NOTED, NOT_NOTED),)
    return treated[path]


def _before(done: Sequence[str]) -> str:
    """Whether the file of the sender held the element, as far as its manifest tells."""
    if NOT_NOTED in done:
        return NOT_NOTED
    return NOTHING if set(done) == {ADDED} else PRESENT


def _keyword(path: str, stored: HeaderValue | None) -> str:
    if stored is not None:
        return stored.keyword
    group, _, element = path.rpartition("(")[2].rstrip(")").partition(",")
    try:
        tag = int(group, 16) << 16 | int(element, 16)
    except ValueError:
        return ""
    if (tag >> 16) % 2:
        return "private"
    return keyword_for_tag(tag)


def _after(value: HeaderValue | None, *, values_shown: bool) -> str:
    if value is None:
        return NOTHING
    if not value.value:
        return "empty"
    return value.value if values_shown else MASKED
