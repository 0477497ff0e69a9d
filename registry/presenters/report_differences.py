"""Differences between two results, in words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.audit.comparison import ABSENT, Difference
from registry.audit.protocol import Protocol

from .audit_tables import NOTHING
from .audit_words import Result, described, interval, percent

_BOX = re.compile(r"flow\[([^\]]+)\]")
_ESTIMATE = re.compile(r"estimates\[([^\]]+)\]")
_CELL = re.compile(r"tables\[([^\]]+)\]\.rows\[(\d+)\]\[(\d+)\]")

NOT_DRAWN = "no such box"


@dataclass(frozen=True)
class DifferenceInWords:
    """One thing that differs, as it was frozen and as it is now."""

    what: str
    frozen: str
    now: str


def in_words(
    differences: Iterable[Difference], *, frozen: Result, now: Result, protocol: Protocol
) -> list[DifferenceInWords]:
    """One row for each number, in the order of the report: flow, estimates, tables, the rest.

    Where only the wording is another there is no row; see `wordings`.
    """
    rows: dict[tuple[int, str], DifferenceInWords] = {}
    for difference in differences:
        if difference.is_wording:
            continue
        rank, row = _row(difference, frozen, now, protocol)
        rows.setdefault((rank, row.what), row)
    return [row for _, row in sorted(rows.items(), key=lambda item: item[0][0])]


def wordings(differences: Iterable[Difference]) -> list[DifferenceInWords]:
    """What is said in other words than when the report was frozen, with the same numbers."""
    return [
        DifferenceInWords(
            one.path,
            str(one.frozen),
            "printed by this version" if one.is_new_table else str(one.recomputed),
        )
        for one in differences
        if one.is_wording
    ]


def _row(
    difference: Difference, frozen: Result, now: Result, protocol: Protocol
) -> tuple[int, DifferenceInWords]:
    if found := _BOX.match(difference.path):
        old, new = (_keyed(result["flow"], found[1]) for result in (frozen, now))
        label = (old or new or {"label": found[1]})["label"]
        words = [NOT_DRAWN if box is None else str(box["n"]) for box in (old, new)]
        return 0, DifferenceInWords(f"Flow: {label}", *words)
    if found := _ESTIMATE.match(difference.path):
        old, new = (_keyed(result["estimates"], found[1]) for result in (frozen, now))
        label = (old or new or {"label": found[1]})["label"]
        return 1, DifferenceInWords(label, _estimate(old), _estimate(new))
    if found := _CELL.match(difference.path):
        what = _cell_words(found[1], int(found[2]), int(found[3]), frozen, protocol)
        return 2, DifferenceInWords(what, _plain(difference.frozen), _plain(difference.recomputed))
    return 3, DifferenceInWords(
        difference.path, _plain(difference.frozen), _plain(difference.recomputed)
    )


def _keyed(entries: Iterable[Mapping[str, Any]], key: str) -> Mapping[str, Any] | None:
    return next((entry for entry in entries if entry["key"] == key), None)


def _estimate(estimate: Mapping[str, Any] | None) -> str:
    if estimate is None:
        return NOTHING
    fraction = f"{estimate['numerator']}/{estimate['denominator']}, {percent(estimate['value'])}"
    limits = interval(estimate["lower"], estimate["upper"])
    return f"{fraction} ({limits})" if limits else fraction


def _cell_words(key: str, row: int, column: int, frozen: Result, protocol: Protocol) -> str:
    table = _keyed(frozen["tables"], key)
    if table is None or row >= len(table["rows"]):
        return f"{key}, row {row + 1}"
    description = described(protocol, table)
    title = description.label if description else key
    label = description.columns[column].label if description else table["columns"][column]
    return f"{title}: {table['rows'][row][1]}, {label.lower()}"


def _plain(value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping | list | tuple):
        return "present"
    return "absent" if value == ABSENT else str(value)
