"""One's own numbers beside every printed one."""

from collections.abc import Sequence
from typing import Final

from .protocol import Column, PublishedFigure, TableDescription
from .result import OWN_STUDY, Cell, ComparedEstimate, Table

COMPARATORS: Final = TableDescription(
    key="comparators",
    label="Published figures beside these",
    columns=(
        Column("key", "Key"),
        Column("measure", "Measure"),
        Column("study", "Study"),
        Column("numerator", "Numerator", counts=True),
        Column("denominator", "Denominator", counts=True),
        Column("unit", "Counts"),
        Column("value", "Proportion"),
        Column("lower", "Lower limit"),
        Column("upper", "Upper limit"),
        Column("printed", "As printed"),
        Column("status", "Source of the counts"),
        Column("source", "Source"),
    ),
    note=(
        "Exact 95 % intervals (Clopper-Pearson) are computed here for every study. Comparison is "
        "unadjusted: populations, inclusion and unit of counting differ."
    ),
)


def comparators_table(
    estimates: Sequence[ComparedEstimate], published: Sequence[PublishedFigure]
) -> Table:
    """Each estimate that has a published figure, followed by all figures for it.

    The key of a row is the estimate's, and for a published row the estimate's and a
    number from 1.
    """
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for compared in estimates:
        figures = [f for f in published if f.measure == compared.estimate.key]
        if figures:
            rows.append(_own_row(compared))
            cells[compared.estimate.key, "numerator"] = compared.numerator
            cells[compared.estimate.key, "denominator"] = compared.denominator
            rows += [_published_row(compared, f, n) for n, f in enumerate(figures, start=1)]
    return COMPARATORS.filled(rows, cells)


def _own_row(compared: ComparedEstimate) -> tuple[Cell, ...]:
    own = compared.estimate
    return (
        own.key,
        own.label,
        OWN_STUDY,
        own.numerator,
        own.denominator,
        own.unit,
        own.value,
        own.lower,
        own.upper,
        None,
        None,
        None,
    )


def _published_row(
    compared: ComparedEstimate, figure: PublishedFigure, number: int
) -> tuple[Cell, ...]:
    printed = figure.to_json(confidence=compared.estimate.confidence)
    return (
        f"{figure.measure}_{number}",
        compared.estimate.label,
        figure.study,
        figure.numerator,
        figure.denominator,
        figure.unit,
        printed["value"],
        printed["lower"],
        printed["upper"],
        figure.printed,
        figure.status,
        figure.source,
    )
