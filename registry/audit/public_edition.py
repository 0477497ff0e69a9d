"""The public edition of a result: what may be printed where anybody can read it.

Small numbers are masked, and others with them until no small one can be worked out. A number that
is no count stands only where every count of its row does, rounded as on paper. What this module
cannot place is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from .counted_sets import (
    CountedSets,
    box_key,
    cell_key,
    counted_sets,
    denominator_key,
    is_published,
    merged,
    numerator_key,
    possible_sets,
)
from .facts import Cohort
from .flow import Display
from .pairing import ADJUDICATED_CHOICE
from .patient_limits import LIMITS_RULE
from .possible_patients import possible_patients
from .protocol import Column, Form, Protocol, TableDescription
from .protocols import PROTOCOLS
from .public_curves import public_curves
from .result import AuditResult, ComparedEstimate, Table, Tally, result_sha256
from .selection import Filters, known_by
from .suppression import MASKED_BELOW, Masking, masked_sets

RULE_NAME: Final = "small-numbers"
RULE_VERSION: Final = "1"
RULE: Final = (
    f"Numbers below {MASKED_BELOW}, zero too, are masked [proposal], and as many others as it "
    "takes that none of them can be worked out from this edition. One mark stands for both. A "
    "proportion, rate or other figure stands only where all counts of its row do, rounded. Rows in "
    "which nothing could be shown and that exist only where there is somebody are left out."
)

MASKED: Final[Mapping[str, Any]] = {"value": None, "masked": True}
"""A masked cell of a table."""

WORDS: Final = frozenset(
    {"label", "measure", "study", "unit", "printed", "status", "source", "reference", "centre"}
)
"""Columns of words that name a row; other words say how its numbers came out."""

PROPORTIONS: Final = frozenset({"value", "lower", "upper"})

FIGURES_OF_A_ROW: Final = frozenset(
    {
        "value",
        "exact",
        "wilson",
        "bootstrap",
        "verified",
        "verified_value",
        "rate",
        "failure_rate",
        "years",
    }
    | {"patient_years", "mean_months", "before", "after", "change", "mean_change", "sd_change"}
    | {"median_change", "median_ug", "quarter", "dose_ug", "median_pain", "pump", "other"}
    | {"difference"}
)
"""Figures, without their limits, that tell nothing but of those counted in their row. Kaplan-Meier
at a year is none: it tells how many events there were until then. Others are left out."""

NO_COUNTS_OF_OTHERS: Final = frozenset({("accuracy", "patients")} | {
    (f"free_of_{endpoint}", "at_risk_5") for endpoint in ("revision", "failure")
})  # fmt: skip
"""Whole numbers beside figures that are left out themselves and that no figure of theirs gives
away: how many patients were drawn from, how many were still watched."""

LATEST: Final = date(2030, 12, 31)
"""By then all that happened to the synthetic patients is known."""


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """`content` is what is published; `masking` is for those who may see the report itself."""

    content: Mapping[str, Any]
    masking: Masking

    @property
    def sha256(self) -> str:
        """Of what is published: what was masked is not in it."""
        return result_sha256(self.content)


def public_edition(result: AuditResult, cohort: Cohort) -> PublicEdition:
    """The public edition of a result that was counted from this cohort.

    Neither hash of the report is in it: whoever knows all but a few small numbers could try them
    out until the hash fits.

    Raises
    ------
    AuditError
        The numbers cannot be masked.
    """
    protocol = PROTOCOLS[result.protocol_key]
    never = [
        table.label
        for table in protocol.tables
        if not table.public and protocol.prints(table.key, version=result.protocol_version)
    ]
    result = replace(result, tally=_public(result.tally, protocol))
    own = counted_sets(result.tally)
    masking = _masking(own, protocol, cohort, result)
    # What stands in a report on nobody is the protocol's and not the patients'.
    nobody = protocol.count(Cohort(()), result.filters, result.as_of)
    shown = _Shown(own, masking.masked)
    tables, left_out = _tables(result.tally, nobody, protocol, shown)
    content: dict[str, Any] = {
        "edition": {
            "public": True,
            "rule": {"name": RULE_NAME, "version": RULE_VERSION, "text": RULE},
            "limit": MASKED_BELOW,
            "left_out": [*never, *left_out],
        },
        "protocol": {"key": protocol.key, "version": result.protocol_version},
        "unit": result.unit,
        "filters": result.filters.to_json(),
        "as_of": result.as_of.isoformat(),
        "code_version": result.code_version,
        "synthetic": _synthetic(result),
        "pairing": dict(result.pairing),
        "rules": _rules(protocol, result),
        "caveats": list(protocol.caveats),
        "flow": _flow(result.tally, shown),
        "estimates": [
            _estimate(one, shown)
            for one in result.estimates
            if any(one.estimate.key == other.estimate.key for other in nobody.estimates)
        ],
        "tables": tables,
        "curves": public_curves(result.tally.curves, _rows_of_curves(own, shown)),
    }
    content["edition"]["masked"] = _count_marks(content)
    return PublicEdition(content=content, masking=masking)


def _public(tally: Tally, protocol: Protocol) -> Tally:
    """Without the tables that are in no public edition, whatever they hold."""
    return replace(
        tally, tables=tuple(one for one in tally.tables if protocol.table(one.key).public)
    )


def _masking(own: CountedSets, protocol: Protocol, cohort: Cohort, result: AuditResult) -> Masking:
    """Possible people are counted to the end, and as the report counts: some wait only then."""
    everybody = possible_patients(cohort)
    by_then = known_by(everybody, result.as_of)
    among = merged(
        *(
            counted_sets(_public(protocol.count(people, filters, as_of), protocol))
            for people, filters, as_of in (
                (everybody, Filters(), max(result.as_of, LATEST)),
                (by_then, result.filters, result.as_of),
            )
        )
    )
    possible, guessed = possible_sets(own, among)
    return masked_sets(
        own.sets, hidden=own.hidden, rests=own.rests, possible=possible, guessed=guessed
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which counts may stand."""

    own: CountedSets
    masked: frozenset[str]

    def count(self, key: str) -> int | None:
        return None if key in self.masked else len(self.own.sets[key])

    def knows(self, key: str) -> bool:
        return key in self.own.sets

    def row(self, table: str, row: Any, columns: Sequence[str]) -> bool:
        """Whether somebody is counted in the row, and every count of it may stand."""
        keys = [cell_key(table, row, column) for column in columns]
        known = [key for key in keys if self.knows(key)]
        return bool(known) and not self.masked.intersection(known)

    def any_of(self, table: str, row: Any, columns: Sequence[str]) -> bool:
        keys = [cell_key(table, row, column) for column in columns]
        return any(self.knows(key) and key not in self.masked for key in keys)

    def rows_shown(self) -> frozenset[tuple[str, str]]:
        """Rows, by table and key, all of whose counts may stand."""
        rows: dict[tuple[str, str], bool] = {}
        for key in self.own.sets:
            kind, *parts = key.split("|")
            if kind == "table":
                place = (parts[0], parts[1])
                rows[place] = rows.get(place, True) and key not in self.masked
        return frozenset(place for place, whole in rows.items() if whole)


def _rows_of_curves(own: CountedSets, shown: _Shown) -> frozenset[tuple[str, str]]:
    """Rows whose curve may stand: none where an estimate is masked, as events by a year may be."""
    behind = {key for rest in own.rests for key in (rest.whole, rest.part)}
    return frozenset() if behind & shown.masked else shown.rows_shown()


def _flow(tally: Tally, shown: _Shown) -> list[dict[str, Any]]:
    """Every box that is not a remainder: that one is missing would say that nobody is in it."""
    boxes = []
    for box in tally.flow.boxes:
        if box.display is not Display.REMAINDER:
            n = shown.count(box_key(box.key))
            boxes.append(
                {"key": box.key, "label": box.label, "n": n, "parent": box.parent}
                | ({"masked": True} if n is None else {})
            )
    return boxes


def _estimate(one: ComparedEstimate, shown: _Shown) -> dict[str, Any]:
    known: dict[str, Any] = one.to_json()
    known["numerator"] = shown.count(numerator_key(one.estimate.key))
    known["denominator"] = shown.count(denominator_key(one.estimate.key))
    whole = known["numerator"] is not None and known["denominator"] is not None
    for name in ("value", "lower", "upper"):
        known[name] = rounded(known[name], Form.PERCENT) if whole else None
    masked = [name for name in ("numerator", "denominator") if known[name] is None]
    if not whole:
        masked += ["value", "lower", "upper"]
    return known | ({"masked": masked} if masked else {})


def _tables(
    tally: Tally, nobody: Tally, protocol: Protocol, shown: _Shown
) -> tuple[list[dict[str, Any]], list[str]]:
    """The tables in which something stands, and words for all that does not."""
    tables: list[dict[str, Any]] = []
    left_out: list[str] = []
    # A table that is printed of some facts only is none of nobody's.
    constant = {table.key: {row[0]: row for row in table.rows} for table in nobody.tables}
    without: dict[Any, tuple[Any, ...]] = {}
    for table in tally.tables:
        description = protocol.table(table.key)
        rows = [
            found
            for row in table.rows
            if (
                found := _row(
                    table, row, description, constant.get(table.key, without).get(row[0]), shown
                )
            )
        ]
        kept = [
            column.key
            for place, column in enumerate(description.columns)
            if _is_kept(column, [row[place] for row in rows])
        ]
        if not any(_says_something(table, row, shown) for row in rows):
            left_out.append(description.label)
            continue
        missing = [
            one.label
            for one in description.columns
            if one.key not in kept and not one.key.endswith(("lower", "upper"))
        ]
        if missing:
            left_out.append(f"{description.label}: {', '.join(dict.fromkeys(missing))}")
        places = [table.columns.index(key) for key in kept]
        tables.append(
            {
                "key": table.key,
                "columns": kept,
                "rows": [[row[place] for place in places] for row in rows],
            }
        )
    return tables, left_out


def _is_kept(column: Column, cells: Sequence[Any]) -> bool:
    """A column of counts stays to say that they are masked; figures that all are go."""
    return column.counts or any(cell is not None and cell != MASKED for cell in cells)


def _says_something(table: Table, row: Sequence[Any], shown: _Shown) -> bool:
    if any(shown.knows(cell_key(table.key, row[0], column)) for column in table.columns):
        return shown.any_of(table.key, row[0], table.columns)
    return any(isinstance(cell, int | float) for cell in row[1:])


def _row(
    table: Table,
    row: Sequence[Any],
    description: TableDescription,
    constant: Sequence[Any] | None,
    shown: _Shown,
) -> list[Any] | None:
    """One row as it may be printed; None if it must not be there at all."""
    if is_published(table, tuple(row)):
        return list(row)
    if constant is None and not shown.any_of(table.key, row[0], table.columns):
        return None
    figures = shown.row(table.key, row[0], table.columns) and not any(
        type(cell) is int
        and not shown.knows(cell_key(table.key, row[0], column.key))
        and (table.key, column.key) not in NO_COUNTS_OF_OTHERS
        and (constant is None or constant[place] != cell)
        for place, (column, cell) in enumerate(zip(description.columns, row, strict=True))
    )
    return [
        row[0]
        if place == 0
        else _cell(
            table.key, row[0], column, cell, None if constant is None else [constant[place]],
            figures=figures, shown=shown,
        )
        for place, (column, cell) in enumerate(zip(description.columns, row, strict=True))
    ]  # fmt: skip


def _cell(
    table: str,
    row: Any,
    column: Column,
    cell: Any,
    constant: Sequence[Any] | None,
    *,
    figures: bool,
    shown: _Shown,
) -> Any:
    key = cell_key(table, row, column.key)
    if shown.knows(key):
        n = shown.count(key)
        return MASKED if n is None else n
    if column.key in WORDS:
        return cell if constant is None else constant[0]
    if constant is not None and constant[0] and constant[0] == cell and not isinstance(cell, str):
        return cell
    if column.form is None and column.key not in PROPORTIONS:
        return MASKED
    stem = column.key.removesuffix("_lower").removesuffix("_upper")
    if not figures or (column.key not in PROPORTIONS and stem not in FIGURES_OF_A_ROW):
        return MASKED
    return rounded(cell, column.form or Form.PERCENT)


def rounded(value: float | None, form: Form) -> float | None:
    """As on paper: a tenth of a per cent, two decimals, three of a p value. None is undefined."""
    if value is None:
        return None
    step = Decimal("0.001" if form in (Form.PERCENT, Form.P_VALUE) else "0.01")
    return float(Decimal(repr(float(value))).quantize(step, ROUND_HALF_UP))


def _rules(protocol: Protocol, result: AuditResult) -> list[str]:
    """All that may have applied: that one did not would say that nobody is concerned."""
    return [
        result.rules[0],
        protocol.read_rule,
        *protocol.further_rules,
        *([ADJUDICATED_CHOICE] if protocol.counts_adjudications else []),
        *([LIMITS_RULE] if result.filters.limits else []),
    ]


def _synthetic(result: AuditResult) -> str | None:
    if not result.synthetic:
        return None
    return "Synthetic data: records contain invented values. This is a demonstration, no evidence."


def _count_marks(content: Mapping[str, Any]) -> int:
    marks: int = sum("masked" in box for box in content["flow"])
    marks += sum(len(one.get("masked", ())) for one in content["estimates"])
    for table in content["tables"]:
        marks += sum(cell == MASKED for row in table["rows"] for cell in row)
    return marks
