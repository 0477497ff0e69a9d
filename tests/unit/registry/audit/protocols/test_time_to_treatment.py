"""Times from suspicion to restored therapy: a cohort counted by hand, and sums on any data."""

import pytest
from hypothesis import given, settings

from registry.audit.case_course import quantile
from registry.audit.protocols.time_to_treatment import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.case_cohorts import cohorts, counted_by_hand
from tests.factories.cohorts import AS_OF, filters


def audited(cohort, chosen=None):
    return run(PROTOCOL.key, cohort, filters=chosen or Filters(), as_of=AS_OF, code_version="1.0")


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


@pytest.fixture(scope="module")
def result():
    return audited(counted_by_hand())


def test_a_cohort_counted_by_hand(result):
    assert {box.key: box.n for box in result.flow.boxes} == {
        "cases": 9, "no_ct_no_operation": 2, "operated_without_ct": 1, "with_ct": 6,
        "ct_not_operated": 2, "ct_operated": 4, "restored": 2, "ended": 1, "waiting": 1,
    }  # fmt: skip
    columns = ("started", "reached", "ended", "waiting", "first_quartile", "median",
               "third_quartile", "longest", "half_by")  # fmt: skip
    times = rows(result, "times")
    assert {key: tuple(row[column] for column in columns) for key, row in times.items()} == {
        "suspicion_to_ct": (9, 6, 2, 1, 4, 5, 8, 40, 8),
        "ct_to_surgery": (6, 4, 1, 1, 2, 8, 16, 94, 16),
        "surgery_to_restored": (5, 3, 1, 1, 30, 40, 40, 40, 40),
        "suspicion_to_restored": (9, 4, 2, 3, 33, 40, 50, 60, 60),
    }  # fmt: skip
    shares = {
        one.estimate.key: (one.estimate.numerator, one.estimate.denominator)
        for one in result.estimates
    }
    assert shares["suspicion_to_ct_7_days"] == (4, 9), "of h 11 days are known"
    assert shares["suspicion_to_ct_30_days"] == (5, 8)
    assert shares["ct_to_surgery_30_days"] == (3, 6)
    assert shares["surgery_to_restored_90_days"] == (3, 5)
    assert shares["suspicion_to_restored_90_days"] == (4, 8)
    paths = rows(result, "paths")
    ends = ("restored", "ended", "waiting", "cases")
    assert {key: tuple(row[end] for end in ends) for key, row in paths.items()} == {
        "ct_operated": (2, 1, 1, 4), "ct_only": (1, 0, 1, 2), "operated_only": (1, 0, 0, 1),
        "neither": (0, 1, 1, 2),
    }  # fmt: skip
    waits = rows(result, "longest_waits")
    assert [(row["days"], row["label"]) for row in waits.values()] == [
        (365, "Restored therapy, after an operation"),
        (365, "What follows the CT"),
        (11, "A CT or operation"),
    ]
    assert result.members("longest_waits.wait_1.cases") == ("case-c",)


def test_quartiles_are_days_that_were_seen():
    assert [quantile([5], share) for share in (0.25, 0.5, 0.75)] == [5, 5, 5]
    assert [quantile([1, 2, 3, 4], share) for share in (0.25, 0.5, 0.75)] == [1, 2, 3]
    assert quantile([], 0.5) is None


@settings(deadline=None, max_examples=30)
@given(cohorts, filters)
def test_leaves_add_up_and_every_number_has_its_cases(cohort, chosen):
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
                assert members is None or len(members) == cell
    for row in rows(result, "times").values():
        assert row["reached"] + row["ended"] + row["waiting"] == row["started"]
    assert sum(row["cases"] for row in rows(result, "paths").values()) == result.flow.boxes[0].n
    patient_of = cohort.patient_of()
    assert all(member in patient_of for members in result.numbers().values() for member in members)
