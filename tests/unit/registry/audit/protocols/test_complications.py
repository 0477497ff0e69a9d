"""Complications: a cohort counted by hand, the published counts, and sums on any data."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from scipy.stats import chi2

from registry.audit.protocols.complications import PROTOCOL, PUBLISHED
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohorts import AS_OF, filters
from tests.factories.complication_cohorts import cohorts, counted_by_hand

FIGURES = Path(__file__).parents[4] / "verification" / "published_figures.csv"


def audited(cohort, chosen=None, as_of=AS_OF):
    return run(
        PROTOCOL.key, cohort, filters=chosen or Filters(), as_of=as_of, code_version="1.0"
    )  # fmt: skip


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


@pytest.fixture(scope="module")
def result():
    return audited(counted_by_hand())


def test_a_cohort_counted_by_hand(result):
    assert {box.key: box.n for box in result.flow.boxes} == {
        "patients": 6, "without_complication": 1, "with_complication": 5, "with_infection": 4,
        "early_infection": 3, "late_infection": 1, "infection_without_operation": 0,
        "other_only": 1,
    }  # fmt: skip
    shares = {
        one.estimate.key: (one.numerator, len(one.denominator)) for one in result.estimates
    }  # fmt: skip
    assert shares == {
        "infection_90_days": (("op-a", "pump-b"), 3),
        "deep_infection_90_days": (("op-a", "pump-b"), 3),
        "infection_60_days": (("op-a",), 3),
        "complication_90_days": (("op-a", "pump-b"), 3),
        "infection_per_operation": (("op-a", "op-c", "op-d", "pump-b"), 4),
        "infection_patients": (("a", "b", "c", "d"), 6),
        "early_infection_patients": (("a", "b", "d"), 6),
        "late_infection_patients": (("c",), 6),
        "csf_patients": ((), 6),
        "catheter_patients": (("e",), 6),
        "pump_patients": ((), 6),
        "admitted_patients": (("a", "c"), 6),
        "major_patients": (("a",), 6),
        "any_patients": (("a", "b", "c", "d", "e"), 6),
    }  # fmt: skip
    after = rows(result, "after_operation")
    columns = ("operations", "closed", "infected_60", "infected_90")
    assert [tuple(row[key] for key in columns) for row in after.values()] == [
        (3, 3, 1, 2), (1, 0, 0, 0), (0, 0, 0, 0), (4, 3, 1, 2),
    ]  # fmt: skip
    assert after["replacement"]["value"] is None
    kinds = rows(result, "kinds")["infection"]
    assert [kinds[key] for key in ("events", "early", "late", "no_operation")] == [4, 3, 1, 0]
    assert [row["events"] for row in rows(result, "infections").values()] == [1, 2, 1, 1, 4]
    grades = rows(result, "grades")
    assert (grades["grade_iii"]["care_ward"], grades["grade_ii"]["care_icu"]) == (1, 1)
    assert grades["total"]["total"] == 5
    notes = {key: row["counted"] for key, row in rows(result, "complication_notes").items()}
    assert notes == {
        "synthetic": 6, "without_time_at_risk": 1, "outside_therapy": 1, "window_open": 1,
        "died_within_window": 0, "not_graded": 3, "several_records": 1,
    }  # fmt: skip


def test_rates_count_days_of_therapy_and_have_exact_limits(result):
    """Days of a, b, c, d and f up to the cut, both ends included; Garwood by chi-square."""
    starts = [date(year, 1, 1) for year in (2020, 2021, 2022, 2024)] + [date(2024, 12, 1)]
    years = sum((AS_OF - start).days + 1 for start in starts) / 365.25
    row = rows(result, "rates")["infection"]
    assert (row["events"], row["patients"]) == (4, 5)
    assert row["patient_years"] == pytest.approx(years, rel=1e-12)
    assert row["rate"] == pytest.approx(400 / years, rel=1e-12)
    assert row["rate_lower"] == pytest.approx(100 * chi2.ppf(0.025, 8) / 2 / years, rel=1e-9)
    assert row["rate_upper"] == pytest.approx(100 * chi2.ppf(0.975, 10) / 2 / years, rel=1e-9)
    catheter = rows(result, "rates")["catheter"]
    assert catheter["events"] == 0, "the start of therapy is unknown"
    assert audited(counted_by_hand(), Filters(performed_from=date(2024, 5, 1))).members(
        "rates.catheter.events"
    ) == ("c-e",)


def test_a_window_that_is_open_is_in_no_denominator_until_it_has_closed():
    early = audited(counted_by_hand(), as_of=date(2022, 3, 31))
    assert early.members("infection_90_days.denominator") == ("op-c", "pump-b")
    assert early.members("infection_60_days.denominator") == ("op-a", "op-c", "pump-b")
    assert audited(counted_by_hand(), as_of=date(2022, 4, 1)).members("infection_90_days") == (
        "op-a", "pump-b",
    )  # fmt: skip


def test_published_counts_are_those_of_the_tabled_figures():
    with FIGURES.open(encoding="utf-8") as lines:
        tabled = {(int(row["numerator"]), int(row["denominator"])) for row in csv.DictReader(lines)}
    assert {(one.numerator, one.denominator) for one in PUBLISHED} <= tabled


def test_published_rates_are_what_the_sources_print(result):
    """NHNN 1.40 and 0.31 % a year, recomputed in the domain reference; Slovenia 0.074 a year."""
    shown = {row["label"]: row for row in rows(result, "published_rates").values()}
    before, after = shown["NHNN 2013-15, adults"], shown["NHNN 2016-18, adults"]
    assert (round(before["rate"], 2), round(after["rate"], 2)) == (1.40, 0.31)
    assert before["rate_lower"] < before["rate"] < before["rate_upper"]
    slovenia = [
        row
        for row in rows(result, "published_rates").values()
        if (row["label"], row["measure"]) == ("Slovenia 2023", "Any complication")
    ]
    assert [(round(row["rate"], 1), row["rate_lower"]) for row in slovenia] == [(7.4, None)]


@settings(deadline=None, max_examples=30)
@given(cohorts, filters)
def test_leaves_add_up_and_every_number_has_its_members(cohort, chosen):
    result = audited(cohort, chosen)
    parents = {box.parent for box in result.flow.boxes}
    leaves = [box for box in result.flow.boxes if box.key not in parents]
    assert sum(box.n for box in leaves) == result.flow.boxes[0].n
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert set(one.numerator) <= set(one.denominator)
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == len(set(members)) == cell
    patient_of = cohort.patient_of()
    assert all(member in patient_of for members in result.numbers().values() for member in members)
    kinds = rows(result, "kinds")
    for column in ("events", "early", "late", "no_operation"):
        total = kinds["total"][column]
        assert sum(row[column] for key, row in kinds.items() if key != "total") == total
    for row in kinds.values():
        assert row["early"] + row["late"] + row["no_operation"] == row["events"]
