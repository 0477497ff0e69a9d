"""Data quality: a cohort counted by hand, and sums on any records."""

from datetime import date

import pytest
from hypothesis import given, settings

from registry.audit.patient_limits import PatientLimits
from registry.audit.protocols.data_quality import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.audit.stored_facts import canonical_json, cohort_from_json
from tests.factories.cohorts import AS_OF, filters
from tests.factories.quality_cohorts import cohorts, counted_by_hand, listed_by_hand, listed_cohorts

OF_2024 = Filters(performed_from=date(2024, 1, 1))


def audited(cohort, chosen=None):
    return run(PROTOCOL.key, cohort, filters=chosen or Filters(), as_of=AS_OF, code_version="1.0")


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


@pytest.fixture(scope="module")
def result():
    return audited(counted_by_hand(), OF_2024)


def shares(result):
    return {
        one.estimate.key: (one.estimate.numerator, one.estimate.denominator)
        for one in result.estimates
    }


def test_a_cohort_counted_by_hand(result):
    assert {box.key: box.n for box in result.flow.boxes} == {
        "patients": 4, "nothing_open": 1, "unanswered_only": 1, "other_queries_only": 1,
        "both_open": 1,
    }  # fmt: skip
    answers = ("asked", "given", "unknown", "missing")
    found = {
        key: tuple(row[name] for name in answers)
        for key, row in rows(result, "completeness").items()
        if row["asked"]
    }
    assert found == {
        "consent": (4, 3, 0, 1), "origin": (4, 2, 1, 1), "needle": (2, 1, 0, 1),
        "next_step": (2, 1, 1, 0),
    }  # fmt: skip
    assert shares(result)["patients_complete"] == (2, 4)
    assert shares(result)["studies_read"] == (1, 2)
    assert shares(result)["studies_with_images"] == (1, 2)
    assert shares(result)["studies_unsigned"] == (1, 2)
    assert shares(result)["answered_origin"] == (2, 4)
    assert shares(result)["answered_urgency"] == (0, 0)
    ages = rows(result, "queries")
    bands = ("up_to_30", "up_to_90", "up_to_365", "over_365", "age_unknown", "queries")
    assert {key: tuple(row[band] for band in bands) for key, row in ages.items()} == {
        "unanswered": (3, 0, 0, 0, 0, 3), "contradiction": (0, 0, 0, 0, 1, 1),
        "not_read": (0, 1, 0, 0, 0, 1), "without_images": (0, 0, 0, 1, 0, 1),
        "unsigned_draft": (1, 0, 0, 0, 0, 1), "reads_differ": (0, 0, 0, 0, 0, 0),
    }  # fmt: skip
    assert rows(result, "contradictions")["walks_at_gmfcs_v"]["queries"] == 1
    centres = rows(result, "centres")
    assert (centres["EAST"]["patients"], centres["EAST"]["complete"]) == (3, 2)
    assert (centres["WEST"]["patients"], centres["WEST"]["complete"]) == (1, 0)
    by_centre = rows(result, "queries_by_centre")
    assert (by_centre["EAST"]["queries"], by_centre["WEST"]["unanswered"]) == (6, 1)
    assert rows(result, "completeness_by_centre")["consent_WEST"]["missing"] == 1


def test_a_question_that_applied_to_nothing_has_no_share(result):
    assert rows(result, "completeness")["urgency"]["value"] is None


def test_what_happened_after_the_cut_off_is_not_asked_for():
    before = run(
        PROTOCOL.key, counted_by_hand(), filters=Filters(), as_of=date(2023, 12, 31),
        code_version="1.0",
    )  # fmt: skip
    assert before.members("patients") == ("earlier",)


def test_of_nobody_everything_is_counted_and_nothing_shared():
    result = audited(counted_by_hand(), Filters(centres=()))
    assert result.flow.boxes[0].n == 0
    assert {one.estimate.value for one in result.estimates} == {None}


def test_a_theatre_list_is_matched_both_ways():
    result = audited(listed_by_hand(), OF_2024)
    assert shares(result)["ascertained"] == (5, 9)
    assert shares(result)["listed"] == (5, 6)
    (row,) = rows(result, "ascertainment").values()
    assert (row["only_listed"], row["both"], row["only_logged"], row["other_day"]) == (4, 5, 1, 1)
    (row,) = rows(result, "in_all").values()
    assert (row["seen"], row["reason"]) == (10, None)
    assert row["in_all"] == pytest.approx(10 * 7 / 6 - 1)
    assert row["in_all_lower"] < row["in_all"] < row["in_all_upper"]
    states = rows(result, "theatre_lines")
    assert states["total"]["lines"] == 14
    assert sum(one["lines"] for key, one in states.items() if key != "total") == 14
    assert result.members("theatre_lines.nobody.lines") == ("list:10", "list:9")
    (listed,) = rows(result, "theatre_lists").values()
    assert (listed["lines"], listed["file_sha256"]) == (14, "0" * 64)


def test_no_list_is_no_ascertainment_rather_than_none_at_all():
    result = audited(counted_by_hand())
    (one,) = [one for one in result.estimates if one.estimate.key == "ascertained"]
    assert one.estimate.value is None
    assert rows(result, "theatre_lines") == {}


def test_with_limits_on_patients_no_list_is_matched():
    limits = Filters(limits=PatientLimits(sex="female"))
    assert rows(audited(listed_by_hand(), limits), "theatre_lists") == {}


@settings(deadline=None, max_examples=30)
@given(cohorts | listed_cohorts(), filters)
def test_everything_adds_up_and_every_number_has_its_cases(cohort, chosen):
    result = audited(cohort, chosen)
    root, *leaves = result.flow.boxes
    assert sum(box.n for box in leaves) == root.n
    for row in rows(result, "completeness").values():
        assert row["given"] + row["unknown"] + row["missing"] == row["asked"]
    parts = rows(result, "completeness_by_centre").values()
    whole = rows(result, "completeness").values()
    if parts:
        assert sum(row["asked"] for row in parts) == sum(row["asked"] for row in whole)
    missing = sum(row["missing"] for row in whole)
    queries = rows(result, "queries")
    assert queries["unanswered"]["queries"] == missing
    for row in queries.values():
        ages = [n for key, n in row.items() if key not in ("key", "label", "queries")]
        assert sum(ages) == row["queries"]
    by_centre = rows(result, "queries_by_centre").values()
    for kind, row in queries.items():
        assert sum(one[kind] for one in by_centre) == row["queries"]
    contradictions = rows(result, "contradictions").values()
    assert sum(row["queries"] for row in contradictions) == queries["contradiction"]["queries"]
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert set(one.numerator) <= set(one.denominator)
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == cell
    patient_of = cohort.patient_of() | cohort.line_of()
    assert all(member in patient_of for ids in result.numbers().values() for member in ids)
    assert cohort_from_json(canonical_json(cohort)) == cohort
