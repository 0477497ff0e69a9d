"""What an audit found: numbers, and who stands behind each of them."""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from .canonical import canonical_bytes
from .errors import UnknownNumberError
from .flow import Flow
from .intervals import Estimate
from .selection import Filters

EXACT_INTEGERS_END: Final = 1e16
"""From here on Python writes a float with an exponent."""

Cell = str | int | float | None
"""What a table holds; None is undefined or not stated, never 0."""

OWN_STUDY: Final = "This audit"
"""How the row of the audit itself is named in a table that has rows of published studies."""


@dataclass(frozen=True, slots=True)
class ComparedEstimate:
    """An estimate, who was counted for it, and the printed figure it stands beside."""

    estimate: Estimate
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    published: Mapping[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.estimate.key,
            "label": self.estimate.label,
            "numerator": self.estimate.numerator,
            "denominator": self.estimate.denominator,
            "value": self.estimate.value,
            "lower": self.estimate.lower,
            "upper": self.estimate.upper,
            "confidence": self.estimate.confidence,
            "method": self.estimate.method,
            "unit": self.estimate.unit,
            "window": self.estimate.window,
            "published": None if self.published is None else dict(self.published),
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; the first column is the key of the row.

    `cells` holds the patients behind a count, by (row key, column key).
    """

    key: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cells: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a line under named columns, the first of which is where each point stands."""

    key: str
    label: str
    columns: tuple[str, ...]
    points: tuple[tuple[Cell, ...], ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": self.label,
            "columns": list(self.columns),
            "points": [list(point) for point in self.points],
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """What a protocol counted, before it is dated and signed off."""

    flow: Flow
    estimates: tuple[ComparedEstimate, ...]
    tables: tuple[Table, ...]
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditResult:
    """A finished audit: tally, and all that is needed to obtain it again.

    `synthetic` counts the patients of the flow whose record contains invented values.
    """

    protocol_key: str
    protocol_version: str
    unit: str
    filters: Filters
    as_of: date
    code_version: str
    facts_sha256: str
    tally: Tally
    pairing: Mapping[str, Any]
    rules: tuple[str, ...]
    caveats: tuple[str, ...]
    synthetic: int

    @property
    def synthetic_notice(self) -> str | None:
        """What every form of the result must say of invented data; None if there are none."""
        if not self.synthetic:
            return None
        return (
            f"Synthetic data: the records of {self.synthetic} of the {self.flow.boxes[0].n} "
            f"counted {self.unit} contain invented values. This is a demonstration, no evidence."
        )

    @property
    def flow(self) -> Flow:
        return self.tally.flow

    @property
    def estimates(self) -> tuple[ComparedEstimate, ...]:
        return self.tally.estimates

    @property
    def tables(self) -> tuple[Table, ...]:
        return self.tally.tables

    def members(self, key: str) -> tuple[str, ...]:
        """Ids of what was counted, patients or studies as `unit` says, sorted.

        Parameters
        ----------
        key
            A flow key ("operated_leak"), an estimate's numerator ("ct_rate") or its
            denominator ("ct_rate.denominator"), or a count in a table as
            "table.row.column" ("findings.leak.operated").

        Raises
        ------
        UnknownNumberError
            The result has no such number.
        """
        try:
            return self.numbers()[key]
        except KeyError:
            raise UnknownNumberError(key=key) from None

    def numbers(self, *, tables: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """Every number that can be opened, with the ids behind it; `tables` leaves others out."""
        numbers = {box.key: box.members for box in self.flow.boxes}
        for compared in self.estimates:
            numbers[compared.estimate.key] = compared.numerator
            numbers[f"{compared.estimate.key}.denominator"] = compared.denominator
        for table in self.tables:
            if tables is not None and table.key not in tables:
                continue
            for (row, column), members in table.cells.items():
                numbers[f"{table.key}.{row}.{column}"] = members
        return numbers

    def to_json(self) -> dict[str, Any]:
        """The result as JSON values; no patient id is in it."""
        kept: dict[str, Any] = _as_kept(
            {
                "protocol": {"key": self.protocol_key, "version": self.protocol_version},
                "unit": self.unit,
                "filters": self.filters.to_json(),
                "as_of": self.as_of.isoformat(),
                "code_version": self.code_version,
                "facts_sha256": self.facts_sha256,
                "synthetic": self.synthetic_notice,
                "pairing": dict(self.pairing),
                "rules": list(self.rules),
                "caveats": list(self.caveats),
                "flow": [
                    {"key": box.key, "label": box.label, "n": box.n, "parent": box.parent}
                    for box in self.flow.printed
                ],
                "estimates": [compared.to_json() for compared in self.estimates],
                "tables": [table.to_json() for table in self.tables],
                "curves": [curve.to_json() for curve in self.tally.curves],
            }
        )
        return kept


def _as_kept(value: Any) -> Any:
    """Numbers as every database gives them back, so that their hash stays.

    PostgreSQL knows no -0.0, and no difference between 1e16 and the integer.
    """
    if isinstance(value, float):
        return int(value) if EXACT_INTEGERS_END <= abs(value) < math.inf else value + 0.0
    if isinstance(value, dict):
        return {key: _as_kept(one) for key, one in value.items()}
    return [_as_kept(one) for one in value] if isinstance(value, list) else value


def result_sha256(result_json: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256 of the canonical form, hexadecimal; of a part of a report alike."""
    return hashlib.sha256(canonical_bytes(result_json)).hexdigest()
