"""Does a frozen report still come out the same?"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeGuard

from .errors import MalformedResultError
from .result import AuditResult
from .run import run
from .selection import Filters
from .stored_facts import cohort_from_json

RELATIVE_TOLERANCE: Final = 1e-9
"""Interval limits may differ in their last digits between versions of scipy; counts may not."""

ABSENT: Final = "(absent)"

_TABLE: Final = re.compile(r"tables\[[^\]]+\]")

_WORDED: Final = re.compile(
    r"""
    (flow|estimates)\[[^\]]+\]\.(label|window)
    | tables\[[^\]]+\]\.rows\[\d+\]\[1\]       # the label of a row
    | (?P<listed>(rules|caveats)\[\d+\])
    | pairing\.text
    | synthetic
    """,
    re.VERBOSE,
)
"""Where a result holds words for a reader; all else is a number, a key or a name."""

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the two results differ, as "estimates[ct_rate].numerator"."""

    path: str
    frozen: object
    recomputed: object

    @property
    def is_new_table(self) -> bool:
        """Whether this version prints a whole table that the frozen report does not have."""
        return self.frozen == ABSENT and _TABLE.fullmatch(self.path) is not None

    @property
    def is_wording(self) -> bool:
        """Whether only the words are others, around the same numbers, or a caveat came or went.

        Newer code may say a thing better, or print one table more. That is no damage: what the
        frozen report says is kept by its hash.
        """
        if self.is_new_table:
            return True
        worded = _WORDED.fullmatch(self.path)
        if not worded or not isinstance(self.frozen, str) or not isinstance(self.recomputed, str):
            return False
        if ABSENT in (self.frozen, self.recomputed):
            return worded["listed"] is not None
        return _NUMBER.findall(self.frozen) == _NUMBER.findall(self.recomputed)


def recompute(*, facts: bytes | str, frozen: Mapping[str, Any]) -> AuditResult:
    """Run the audit of a frozen report again on its frozen facts.

    Parameters
    ----------
    facts
        What `canonical_json` wrote when the report was frozen.
    frozen
        `AuditResult.to_json()` of the report: protocol, filters and cut-off date are
        taken from it, and the version of the protocol where this code still counts by it.

    Raises
    ------
    MalformedFactsError, MalformedResultError, UnknownProtocolError, FiltersError
        The report cannot be run again by this version of the code.
    """
    try:
        protocol_key = str(frozen["protocol"]["key"])
        filters = frozen["filters"]
        as_of = date.fromisoformat(frozen["as_of"])
        code_version = frozen["code_version"]
        version = frozen["protocol"]["version"]
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedResultError("the frozen results have another shape") from error
    return run(
        protocol_key,
        cohort_from_json(facts),
        filters=Filters.from_json(filters),
        as_of=as_of,
        code_version=code_version,
        version=version if isinstance(version, str) else None,
    )


def compare(
    frozen: Mapping[str, Any],
    recomputed: Mapping[str, Any],
    *,
    ignore: Collection[str] = ("code_version",),
) -> list[Difference]:
    """All differences between a frozen result and the same audit run again.

    Parameters
    ----------
    frozen, recomputed
        `AuditResult.to_json()` of each, possibly read back from a file.
    ignore
        Top-level keys that may differ: newer code must still give the same numbers.

    Returns
    -------
    Differences in the order of their path, empty if the report still holds.
    """
    kept = [{k: v for k, v in result.items() if k not in ignore} for result in (frozen, recomputed)]
    return _differences("", kept[0], kept[1])


def _differences(path: str, frozen: object, recomputed: object) -> list[Difference]:
    if isinstance(frozen, Mapping) and isinstance(recomputed, Mapping):
        return [
            difference
            for key in sorted({*frozen, *recomputed})
            for difference in _differences(
                f"{path}.{key}" if path else str(key),
                frozen.get(key, ABSENT),
                recomputed.get(key, ABSENT),
            )
        ]
    if _is_list(frozen) and _is_list(recomputed):
        return _list_differences(path, frozen, recomputed)
    return [] if _same(frozen, recomputed) else [Difference(path, frozen, recomputed)]


def _list_differences(
    path: str, frozen: Sequence[object], recomputed: Sequence[object]
) -> list[Difference]:
    """Compare lists by the key of their entries where they have one, else by position."""
    old, new = _named(frozen), _named(recomputed)
    names = [*old, *(name for name in new if name not in old)]
    found = [
        difference
        for name in names
        for difference in _differences(
            f"{path}[{name}]", old.get(name, ABSENT), new.get(name, ABSENT)
        )
    ]
    if not found and list(old) != list(new):
        found.append(Difference(f"{path} (order)", list(old), list(new)))
    return found


def _named(entries: Sequence[object]) -> dict[str, object]:
    keys = [
        str(entry["key"] if isinstance(entry, Mapping) and "key" in entry else position)
        for position, entry in enumerate(entries)
    ]
    if len(set(keys)) != len(keys):
        keys = [str(position) for position in range(len(entries))]
    return dict(zip(keys, entries, strict=True))


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, list | tuple)


def _same(frozen: object, recomputed: object) -> bool:
    if type(frozen) is float and type(recomputed) is float:
        return math.isclose(frozen, recomputed, rel_tol=RELATIVE_TOLERANCE, abs_tol=0)
    # True == 1 in Python, and 1 == 1.0; in a report they are different statements.
    return type(frozen) is type(recomputed) and frozen == recomputed
