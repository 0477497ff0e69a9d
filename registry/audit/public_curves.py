"""Curves as they may be printed where anybody can read them: at whole years, nothing between."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from .result import Cell, Curve
from .suppression import MASKED_BELOW
from .survival_curves import COLUMNS

DAYS_PER_YEAR: Final = 365.25
DECIMALS: Final = 3

YEARLY_COLUMNS: Final = ("year", "value", "lower", "upper")


def public_curves(
    curves: Sequence[Curve], rows_shown: Collection[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Curves of survival whose group is counted in full, at years with enough events between.

    Parameters
    ----------
    rows_shown
        Rows of tables, by table and key, all of whose counts may stand. A curve belongs to the row
        it is named after, as ``free-of-revision-pump``; one that is named after none is left out.
    """
    named = {f"{table.replace('_', '-')}-{row}" for table, row in rows_shown}
    found = []
    for curve in curves:
        if curve.key in named and curve.columns == COLUMNS:
            points = _yearly(curve.points)
            if points:
                found.append(
                    {
                        "key": curve.key,
                        "label": curve.label,
                        "columns": list(YEARLY_COLUMNS),
                        "points": [list(point) for point in points],
                    }
                )
    return found


def _yearly(points: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Years such that between two of them, and after the last, nobody could count the events.

    A printed line leaves steps out where it has many, so there are at least as many events as are
    counted here.
    """
    kept: list[tuple[Cell, ...]] = []
    since = 0
    year = 1
    left = sum(_whole(point[2]) for point in points)
    last_day = _whole(points[-1][0]) if points else 0
    while year * DAYS_PER_YEAR <= last_day:
        until = [p for p in points if _whole(p[0]) <= year * DAYS_PER_YEAR]
        before = sum(_whole(point[2]) for point in until)
        enough = until and _whole(until[-1][1]) >= MASKED_BELOW
        if enough and before - since >= MASKED_BELOW and left - before >= MASKED_BELOW:
            kept.append((year, *(_rounded(number) for number in until[-1][3:])))
            since = before
        year += 1
    return kept


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _rounded(cell: Cell) -> Cell:
    return round(cell, DECIMALS) if isinstance(cell, float) else cell
