"""Accuracy against surgery: the published cells, the edges, and what must always add up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from registry.audit.codes import Finding, StudyOutcome
from registry.audit.facts import Cohort
from registry.audit.protocols.ct_accuracy import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.accuracy_cohorts import (
    FLAT_BATTERY,
    SOUND,
    UNEXPLORED,
    accuracy_cohorts,
    delhaas_like,
    found,
    mirrored,
    operated_patient,
    reviewed,
)
from tests.factories.cohorts import AS_OF, FIRST_DAY, studied_patient, surgery

EVERYWHERE = Filters()


def audited(*patients, cohort=None, filters=EVERYWHERE):
    facts = cohort or Cohort(patients=tuple(patients))
    return run(PROTOCOL.key, facts, filters=filters, as_of=AS_OF, code_version="1.0")


def estimate(result, key):
    return next(one.estimate for one in result.estimates if one.estimate.key == key)


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def boxes(result):
    return {box.key: box.n for box in result.flow.boxes}


@pytest.mark.parametrize(
    ("key", "numerator", "denominator", "lower", "upper"),
    [
        ("sensitivity", 17, 21, 0.581, 0.946),
        ("specificity", 27, 29, 0.772, 0.992),
        ("ppv", 17, 19, 0.669, 0.987),
        ("npv", 27, 31, 0.702, 0.964),
    ],
)
def test_the_cells_of_delhaas_give_the_printed_figures(key, numerator, denominator, lower, upper):
    """Domain reference, table 7.1, D1."""
    result = audited(cohort=delhaas_like())
    own = estimate(result, key)
    assert (own.numerator, own.denominator) == (numerator, denominator)
    assert (round(own.lower, 3), round(own.upper, 3)) == (lower, upper)
    published = next(one.published for one in result.estimates if one.estimate.key == key)
    assert (published["numerator"], published["denominator"]) == (numerator, denominator)
    assert (published["lower"], published["upper"]) == (own.lower, own.upper)


def test_an_operation_that_left_the_catheter_unexplored_verifies_nothing():
    result = audited(
        operated_patient("a", Finding.NORMAL_CRESCENT, FLAT_BATTERY),
        operated_patient("b", Finding.NORMAL_CRESCENT, FLAT_BATTERY, UNEXPLORED),
        operated_patient("c", Finding.NORMAL_CRESCENT, FLAT_BATTERY, SOUND),
        operated_patient("d", Finding.LEAK, found("other")),
    )
    assert boxes(result)["catheter_not_tested"] == 3
    assert result.members("true_negative") == ("c-study",)
    assert estimate(result, "verified_negative").denominator == 3


def test_non_diagnostic_studies_count_four_ways():
    result = audited(
        operated_patient("a", Finding.LEAK, found("fracture")),
        operated_patient("b", Finding.INDETERMINATE, found("fracture")),
        operated_patient("c", "", found("kink"), outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE),
        operated_patient("d", Finding.NORMAL_CRESCENT, SOUND),
    )
    ways = {
        key: (estimate(result, key).numerator, estimate(result, key).denominator)
        for key in (
            "sensitivity", "sensitivity_as_positive", "sensitivity_as_negative",
            "sensitivity_own_result", "yield", "not_aspirable",
        )
    }  # fmt: skip
    assert ways == {
        "sensitivity": (1, 1),
        "sensitivity_as_positive": (3, 3),
        "sensitivity_as_negative": (1, 3),
        "sensitivity_own_result": (1, 3),
        "yield": (2, 4),
        "not_aspirable": (1, 4),
    }
    third = rows(result, "three_by_two")
    assert (third["indeterminate"]["with_defect"], third["not_aspirable"]["with_defect"]) == (1, 1)
    assert rows(result, "ratios")["lr_third_own_result"]["reason"] == ("none without a defect")


def test_patients_with_several_studies_are_resampled_whole():
    """One patient has three true positives, one a false negative: half of the samples are mixed."""
    many = operated_patient("a", Finding.LEAK, found("fracture"))
    again = [
        operated_patient(f"a{n}", Finding.LEAK, found("fracture"), on=FIRST_DAY + n * timedelta(90))
        for n in (1, 2)
    ]
    many = replace(
        many,
        studies=many.studies + tuple(s for one in again for s in one.studies),
        surgeries=many.surgeries + tuple(s for one in again for s in one.surgeries),
    )
    result = audited(many, operated_patient("b", Finding.NORMAL_CRESCENT, found("kink")))
    row = rows(result, "accuracy")["sensitivity"]
    assert (row["numerator"], row["denominator"], row["patients"]) == (3, 4, 2)
    assert (row["bootstrap_lower"], row["bootstrap_upper"]) == (0.0, 1.0)
    assert row["exact_lower"] < row["wilson_lower"] < 0.75 < row["wilson_upper"]


def test_begg_greenes_stands_between_its_bounds():
    """Domain reference 6.6: 12 of 12 abnormal right, 0 of 4 normals wrong, 8 unverified."""
    cohort = Cohort(
        patients=(
            *(operated_patient(f"a{n}", Finding.LEAK, found("fracture")) for n in range(12)),
            *(operated_patient(f"b{n}", Finding.NORMAL_CRESCENT, SOUND) for n in range(4)),
            *(studied_patient(f"c{n}", finding=Finding.NORMAL_CRESCENT) for n in range(8)),
        )
    )
    row = rows(audited(cohort=cohort), "corrected")["corrected_sensitivity"]
    assert (row["naive"], row["corrected"], row["corrected_lower"]) == (1.0, 1.0, None)
    assert round(row["case_lower"], 3) == 0.624
    assert (row["bound_lower"], row["bound_upper"]) == (0.6, 1.0)


def test_follow_up_stands_in_only_where_nobody_operated():
    normal = [studied_patient(f"n{n}", finding=Finding.NORMAL_CRESCENT) for n in range(5)]
    late = surgery("late", on=normal[4].studies[0].performed_on + timedelta(300))
    result = audited(
        reviewed(normal[0], "resolved", after_days=120),
        reviewed(normal[1], "improved", after_days=120),
        reviewed(normal[2], "resolved", after_days=30),
        reviewed(normal[3], "resolved", after_days=400),
        replace(normal[4], surgeries=(replace(late, findings=(found("fracture"),)),)),
        reviewed(operated_patient("o", Finding.LEAK, SOUND), "resolved", after_days=120),
    )
    row = rows(result, "second_reference")["negative"]
    assert {key: row[key] for key in row if key not in ("key", "label")} == {
        "surgery_with": 0, "surgery_without": 0, "follow_up_with": 1, "follow_up_without": 1,
        "neither": 3,
    }  # fmt: skip
    assert result.members("second_reference.negative.follow_up_without") == ("n0-study",)
    assert estimate(result, "follow_up_npv").denominator == 2
    assert estimate(result, "npv").denominator == 0


def test_findings_and_sites_are_exact_partial_or_discordant():
    result = audited(
        operated_patient(
            "exact", Finding.LEAK, found("fracture", "spinal_segment_extraspinal"),
            leak_sites=("lumbar_outside_canal",),
        ),
        operated_patient(
            "elsewhere", Finding.LEAK, found("sleeve_tear", "pump_connector"),
            leak_sites=("lumbar_outside_canal",),
        ),
        operated_patient("kind", Finding.LEAK, found("kink", "tunnel")),
        operated_patient("none", Finding.LEAK, SOUND),
        operated_patient("no-site", Finding.LEAK, found("disconnection", "splice")),
        operated_patient("missed", Finding.NORMAL_CRESCENT, found("subdural")),
        operated_patient("adhesions", Finding.INADEQUATE_POOLING, found("arachnoid_adhesions")),
    )  # fmt: skip
    leak = rows(result, "by_finding")["leak"]
    assert (leak["verified"], leak["exact"], leak["partial"], leak["discordant"]) == (5, 2, 2, 1)
    assert result.members("by_finding.leak.partial") == ("elsewhere-study", "kind-study")
    assert rows(result, "by_finding")["inadequate_pooling"]["exact"] == 1
    site = rows(result, "by_site")["lumbar_outside_canal"]
    assert (site["verified"], site["exact"], site["partial"], site["discordant"]) == (2, 1, 1, 0)
    listed = rows(result, "discordant")
    assert [row["label"] for row in listed.values()] == ["Normal crescent", "Leak"]
    assert [row["found"] for row in listed.values()] == ["Out of place", "No catheter defect"]
    assert result.members("discordant.discordant_2.studies") == ("none-study",)
    assert rows(result, "concordance")["leak"]["none"] == 1


@settings(deadline=None, max_examples=25)
@given(accuracy_cohorts())
def test_every_number_has_its_studies_and_the_parts_add_up(cohort):
    result = audited(cohort=cohort)
    assert boxes(result)["studies"] == sum(len(one.studies) for one in cohort.patients)
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator, one.estimate.key
        assert len(one.denominator) == one.estimate.denominator, one.estimate.key
        assert set(one.numerator) <= set(one.denominator), one.estimate.key
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == cell, (table.key, row[0], column)
    cells = rows(result, "three_by_two")
    for row in cells.values():
        assert row["with_defect"] + row["without_defect"] + row["unverified"] == row["all"]
    assert cells["total"]["all"] == boxes(result)["tested"]
    verified = cells["total"]["with_defect"] + cells["total"]["without_defect"]
    assert verified == boxes(result)["verified"]
    for row in rows(result, "by_finding").values():
        assert row["exact"] + row["partial"] + row["discordant"] == row["verified"]


@settings(deadline=None, max_examples=25)
@given(accuracy_cohorts())
def test_swapping_positive_and_negative_swaps_sensitivity_and_specificity(cohort):
    as_it_is, swapped = audited(cohort=cohort), audited(cohort=mirrored(cohort))
    for one, other in (("sensitivity", "specificity"), ("ppv", "npv")):
        for here, there in ((one, other), (other, one)):
            before, after = estimate(as_it_is, here), estimate(swapped, there)
            assert (before.numerator, before.denominator) == (after.numerator, after.denominator)
            assert (before.lower, before.upper) == (after.lower, after.upper)
    before, after = rows(as_it_is, "corrected"), rows(swapped, "corrected")
    numbers = ("naive", "corrected", "bound_lower", "bound_upper")
    assert [before["corrected_sensitivity"][n] for n in numbers] == pytest.approx(
        [after["corrected_specificity"][n] for n in numbers], nan_ok=False
    )


@settings(deadline=None, max_examples=10)
@given(accuracy_cohorts())
def test_centres_add_up_to_all(cohort):
    apart = [boxes(audited(cohort=cohort, filters=Filters(centres=(c,)))) for c in ("EAST", "WEST")]
    together = boxes(audited(cohort=cohort))
    assert together == {key: sum(one[key] for one in apart) for key in together}
