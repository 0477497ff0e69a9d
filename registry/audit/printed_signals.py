"""The device signals of a result as it was printed: what people decide about.

They are read from the tables of the result, so that a decision rests on the very numbers that stand
on page and paper, of a fresh result and of a frozen one alike.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .canonical import canonical_bytes
from .comparison import compare
from .device_signals import FLAGS, INPUTS, SIGNALS
from .result import Cell

NAMES: Final = frozenset({"key", "label"})

Printed = Mapping[str, Mapping[str, Cell]]
"""By table and column; None is a dash."""


@dataclass(frozen=True, slots=True)
class PrintedSignal:
    """One row of the rule: device and event, what came out, and every number it came from.

    ``flagged`` is None where the rule cannot be answered.
    """

    key: str
    label: str
    flagged: bool | None
    inputs: Printed


def has_signals(result: Mapping[str, Any]) -> bool:
    """Whether the audit applies the rule at all."""
    return any(table["key"] == SIGNALS.key for table in result["tables"])


def printed_signals(result: Mapping[str, Any]) -> dict[str, PrintedSignal]:
    """Every device and event the rule was applied to, by key; `result` as `to_json` gives it."""
    inputs = _rows(result, INPUTS.key)
    answers = {words: flagged for flagged, words in FLAGS.items()}
    return {
        key: PrintedSignal(
            key=key,
            label=str(row["label"]),
            flagged=answers[str(row["signal"])],
            inputs={
                name: {column: cell for column, cell in cells.items() if column not in NAMES}
                for name, cells in ((SIGNALS.key, row), (INPUTS.key, inputs[key]))
            },
        )
        for key, row in _rows(result, SIGNALS.key).items()
    }


def same_numbers(one: Printed, other: Printed) -> bool:
    """Whether two decisions would rest on the same inputs; last digits may differ."""
    return not compare(one, other, ignore=())


def audit_sha256(protocol_key: str, filters: Mapping[str, Any]) -> str:
    """What an audit is known by on whatever day it is run: its centres, period and limits.

    Parameters
    ----------
    filters
        As `Filters.to_json` gives them.
    """
    asked = {"protocol": protocol_key, "filters": filters}
    return hashlib.sha256(canonical_bytes(asked)).hexdigest()


def _rows(result: Mapping[str, Any], key: str) -> dict[str, dict[str, Cell]]:
    return {
        str(cells[0]): dict(zip(table["columns"], cells, strict=True))
        for table in result["tables"]
        if table["key"] == key
        for cells in table["rows"]
    }
