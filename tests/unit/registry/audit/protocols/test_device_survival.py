"""Device survival over cohorts whose components end in every way."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.comparison import compare, recompute
from registry.audit.facts import Cohort
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.audit.stored_facts import canonical_json, cohort_from_json
from tests.factories.component_cohorts import AS_OF, component_cohorts, days, many_components


def audited(cohort, limits=None, as_of=AS_OF):
    limits = limits or Filters()
    return run("device-survival", cohort, filters=limits, as_of=as_of, code_version="1")


RESULT = audited(many_components())


def table(result, key):
    one = next(table for table in result.tables if table.key == key)
    return [dict(zip(one.columns, cells, strict=True)) for cells in one.rows]


def test_the_known_cohort_gives_the_known_numbers():
    counts = {box.key: box.n for box in RESULT.flow.boxes}
    assert (counts["components"], counts["watched"]) == (240, 240)
    # 40 pumps in five ways, 12 spinal segments for a kink; nobody died or left before.
    assert (counts["revised"], counts["revised_failure"], counts["revised_battery"]) == (52, 20, 8)
    assert counts["revised_no_reason"] == 8
    estimates = {one.estimate.key: one for one in RESULT.estimates}
    spinal = estimates["spinal_segment_failure_5"]
    assert (spinal.estimate.numerator, spinal.estimate.denominator) == (12, 120)
    assert spinal.estimate.value == pytest.approx(0.1)
    assert spinal.estimate.lower < 0.1 < spinal.estimate.upper


def test_curves_tables_and_estimates_say_the_same():
    (free,) = [row for row in table(RESULT, "free_of_revision") if row["key"] == "spinal_segment"]
    estimate = next(
        one.estimate for one in RESULT.estimates if one.estimate.key == "spinal_segment_revision_5"
    )
    assert free["free_5"] == 1 - estimate.value
    line = next(one for one in RESULT.tally.curves if one.key == "free-of-revision-spinal_segment")
    assert [point[3] for point in line.points if point[0] <= 1826][-1] == free["free_5"]


def test_a_frozen_report_comes_out_the_same():
    facts = canonical_json(many_components())
    assert cohort_from_json(facts) == many_components()
    frozen = RESULT.to_json()
    assert compare(frozen, recompute(facts=facts, frozen=frozen).to_json()) == []


@settings(max_examples=40)
@given(component_cohorts(), st.none() | days, days)
def test_the_flow_adds_up_and_every_number_has_its_components(cohort, first, as_of):
    first = None if first is None else min(first, as_of)
    result = audited(cohort, Filters(performed_from=first), as_of)
    known = cohort.patient_of()
    assert all(one in known for members in result.numbers().values() for one in members)
    watched = result.members("watched")
    rates = [row for row in table(result, "rates") if "-" not in row["key"]]
    assert sum(row["components"] for row in rates) == len(watched)
    assert sum(row["revised"] for row in rates) == len(result.members("revised"))


@settings(max_examples=40)
@given(component_cohorts())
def test_a_period_that_begins_before_everything_changes_nothing(cohort):
    """Delayed entry of zero reproduces the ordinary curve."""
    early = audited(cohort, Filters(performed_from=date(2000, 1, 1))).to_json()
    plain = audited(cohort).to_json()
    assert early["tables"] == plain["tables"]
    assert early["curves"] == plain["curves"]


def test_centres_add_up():
    whole = many_components()
    parts = [audited(whole, Filters(centres=(centre,))).flow for centre in ("EAST", "WEST")]
    for box in RESULT.flow.boxes:
        assert box.n == sum(part.box(box.key).n for part in parts)
    assert audited(Cohort(())).flow.boxes[0].n == 0
    invented = replace(whole.patients[0], synthetic=True)
    assert audited(Cohort((invented,))).synthetic == 2


def logged(cohort, day):
    return Cohort(
        tuple(replace(one, later=(*one.later, CentreLogFacts(day))) for one in cohort.patients)
    )


def without_new_tables(result):
    return [
        one for one in result["tables"] if one["key"] not in ("baseline", "ages", "centre_logs")
    ]


def test_a_report_of_before_centres_spoke_comes_out_as_it_was():
    """Its version and its rule, too; facts of now say that nobody has said."""
    before, now = RESULT.to_json(), audited(logged(many_components(), None)).to_json()
    assert (before["protocol"]["version"], before["rules"][0][:7]) == ("1", "entry-1")
    assert (now["protocol"]["version"], now["rules"][0][:7]) == ("4", "entry-2")
    assert without_new_tables(now) == before["tables"]
    assert (before["flow"], before["estimates"]) == (now["flow"], now["estimates"])


@settings(max_examples=40)
@given(component_cohorts(), days)
def test_a_log_that_begins_with_the_period_counts_as_the_period_does(cohort, first):
    period = audited(cohort, Filters(performed_from=first)).to_json()
    log = audited(logged(cohort, first)).to_json()
    assert without_new_tables(log) == without_new_tables(period)
    assert log["estimates"] == period["estimates"]
