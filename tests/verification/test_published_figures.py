"""The proportions other authors printed, recomputed.

`published_figures.csv` holds 44 proportions with numerator, denominator, the value as
printed (if it was) and exact limits in per cent; `published_sources.csv` says where each
was printed. Limits were not printed: they are ours, once rounded by hand, and guard
against a change of method.
"""

import csv
from pathlib import Path

import pytest
from scipy.stats import binomtest

from registry.audit.intervals import clopper_pearson, proportion
from registry.audit.protocols.abousamra_2016 import PUBLISHED

FOLDER = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


FIGURES = rows("published_figures.csv")

PRINTED_OTHERWISE = {
    "C1_pt": "the paper prints 14.6 for 50 of 341, which is 14.66",
    "C10_pt": "27 % is printed for 38 of 138, which is 27.54",
}

each_figure = pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["id"])


def counts(figure: dict[str, str]) -> tuple[int, int]:
    return int(figure["numerator"]), int(figure["denominator"])


def test_all_44_figures_are_there_once():
    assert len({figure["id"] for figure in FIGURES}) == len(FIGURES) == 44


def test_every_figure_has_a_source():
    known = {source["source_key"] for source in rows("published_sources.csv")}
    assert {figure["source_key"] for figure in FIGURES} == known


@each_figure
def test_proportion_and_exact_limits_round_to_the_tabled_ones(figure):
    numerator, denominator = counts(figure)
    estimate = proportion(
        key=figure["id"],
        label=figure["measure"],
        numerator=numerator,
        denominator=denominator,
        unit="as published",
    )
    # Half a unit of the last tabled digit, and a little for decimals that are no binary.
    assert estimate.value * 100 == pytest.approx(float(figure["recomputed_pct"]), abs=0.00501)
    assert estimate.lower * 100 == pytest.approx(float(figure["cp95_lo_pct"]), abs=0.0501)
    assert estimate.upper * 100 == pytest.approx(float(figure["cp95_hi_pct"]), abs=0.0501)


@each_figure
def test_exact_limits_agree_with_scipy(figure):
    ours = clopper_pearson(*counts(figure))
    theirs = binomtest(*counts(figure)).proportion_ci(method="exact")
    assert ours.lower == pytest.approx(theirs.low, abs=1e-10)
    assert ours.upper == pytest.approx(theirs.high, abs=1e-10)


@pytest.mark.parametrize(
    "figure",
    [figure for figure in FIGURES if figure["printed_value"]],
    ids=lambda figure: figure["id"],
)
def test_printed_percentages_are_the_rounded_proportion(figure):
    numerator, denominator = counts(figure)
    printed = figure["printed_value"].removesuffix("%")
    digits = len(printed.partition(".")[2])
    unit = 10**-digits
    slack = unit if figure["id"] in PRINTED_OTHERWISE else unit / 2
    assert abs(100 * numerator / denominator - float(printed)) <= slack + 1e-9


def test_the_figures_a_protocol_prints_are_among_them():
    """What the protocol adds is derived from the same abstract: its parts of 16 and of 24."""
    tabled = {counts(figure) for figure in FIGURES}
    for figure in PUBLISHED:
        count = (figure.numerator, figure.denominator)
        derived_here = figure.measure.startswith(("finding_", "operated_finding_"))
        assert count in tabled or derived_here or count == (19, 50), figure.measure
