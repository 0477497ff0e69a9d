"""Centres counted by hand, and what may not be told of the small ones."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from scipy.stats import binom

from registry.audit.centre_courses import chart_design
from registry.audit.centre_events import INDICATORS
from registry.audit.centre_tables import FALSE_ALARMS, LONGEST_COURSE
from registry.audit.facts import Cohort
from registry.audit.protocols.centre_comparison import PROTOCOL
from registry.audit.review_facts import ReviewFacts
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.centre_cohorts import four_centres
from tests.factories.cohorts import AS_OF, FIRST_DAY, cohorts

EVERYTHING = Filters()


def audited(cohort, filters=EVERYTHING, as_of=AS_OF):
    return run(PROTOCOL.key, cohort, filters=filters, as_of=as_of, code_version="1.0")


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def counts(result, key):
    return {
        centre: (row["numerator"], row["denominator"]) for centre, row in rows(result, key).items()
    }


def test_every_share_of_every_centre_is_as_counted_by_hand():
    result = audited(four_centres())
    shares = {c.estimate.key: (c.estimate.numerator, c.estimate.denominator)
              for c in result.estimates}  # fmt: skip
    assert shares == {
        "inconclusive": (19, 41),
        "not_verified": (1, 22),
        "no_cause": (2, 21),
        "not_resolved": (4, 20),
    }
    small = {"NORTH": (None, None), "SOUTH": (None, None)}
    assert counts(result, "funnel_inconclusive") == {"EAST": (3, 15), "WEST": (12, 22)} | small
    assert counts(result, "funnel_not_verified") == {"EAST": (1, 12), "WEST": (0, 10)}
    assert counts(result, "funnel_no_cause") == {"EAST": (2, 11), "WEST": (0, 10)}
    assert counts(result, "funnel_not_resolved") == {"EAST": (4, 10), "WEST": (0, 10)}
    assert counts(result, "course_inconclusive") == {"EAST": (3, 15), "WEST": (12, 22)}
    assert {box.key: box.n for box in result.flow.boxes if box.n} == {
        "events": 62, "studies": 41, "inconclusive_studies": 19, "positive": 22, "verified": 21,
        "left_unverified": 1, "operations": 21, "defect": 19, "no_defect": 2,
    }  # fmt: skip


def test_the_target_is_of_all_and_the_limits_are_those_of_the_binomial_distribution():
    result = audited(four_centres())
    target = rows(result, "targets")["inconclusive"]
    assert (target["centres"], target["shown"], target["target"]) == (4, 2, 19 / 41)
    west = rows(result, "funnel_inconclusive")["WEST"]
    low, high = (int(words.split()[-1]) for words in west["outside_95"].split(", "))
    tail = (1 - 0.95) / 2
    assert binom.cdf(low, 22, 19 / 41) <= tail < binom.cdf(low + 1, 22, 19 / 41)
    assert binom.sf(high - 1, 22, 19 / 41) <= tail < binom.sf(high - 2, 22, 19 / 41)
    (curve,) = [c for c in result.tally.curves if c.key == "funnel_inconclusive"]
    drawn = next(point for point in curve.points if point[0] == 22)
    assert drawn[1:3] == (low / 22, high / 22)


def test_a_run_of_failures_signals_and_the_chart_says_how_rarely_it_errs():
    result = audited(four_centres())
    course = rows(result, "course_inconclusive")["WEST"]
    assert course["signals"] == 1
    (curve,) = [c for c in result.tally.curves if c.key == "course_inconclusive_WEST"]
    assert len(curve.points) == 22
    assert [place for place, _, signal in curve.points if signal] == [11]
    for one in INDICATORS:
        design = chart_design(one.accepted, one.not_accepted)
        assert design.signal_within(LONGEST_COURSE, one.accepted) <= FALSE_ALARMS
        stated = rows(result, "designs")[one.key]
        assert stated["false_alarm_every"] == design.average_run(one.accepted)


def test_one_centre_is_compared_with_nobody_and_still_has_its_course():
    result = audited(four_centres(), Filters(centres=("EAST",)))
    row = rows(result, "funnel_inconclusive")["EAST"]
    assert (row["numerator"], row["outside_95"]) == (3, None)
    assert row["standing"] == "nothing to compare with"
    assert rows(result, "targets")["inconclusive"]["target"] is None
    assert [c.key for c in result.tally.curves if c.key.startswith("funnel")] == []
    assert "course_inconclusive_EAST" in {c.key for c in result.tally.curves}
    assert "WEST" not in str(result.to_json())


def test_a_single_small_centre_hides_the_next_larger_too():
    """Or it would be what all have together less those shown."""
    cohort = Cohort(tuple(p for p in four_centres().patients if p.centre != "SOUTH"))
    shown = counts(audited(cohort), "funnel_inconclusive")
    assert shown == {"EAST": (None, None), "NORTH": (None, None), "WEST": (12, 22)}


def test_a_study_whose_window_has_not_ended_is_not_called_unverified():
    cohort = four_centres()
    left = FIRST_DAY + timedelta(days=60)
    early = audited(cohort, as_of=left + timedelta(days=179))
    assert early.members("not_verified") == ()
    assert early.members("too_early") == ("e-left-study",)
    assert audited(cohort, as_of=left + timedelta(days=180)).members("not_verified") == (
        "e-left-study",
    )


def test_the_latest_review_in_time_counts_and_one_that_says_nothing_does_not():
    one = next(p for p in four_centres().patients if p.patient_id == "e-operated-09")
    (review,) = one.of(ReviewFacts)
    later = replace(review, reviewed_on=review.reviewed_on + timedelta(days=30), symptoms="worse")
    silent = replace(later, reviewed_on=later.reviewed_on + timedelta(days=1), symptoms="unknown")
    late = replace(review, reviewed_on=review.reviewed_on + timedelta(days=300), symptoms="worse")
    for reviews, failed in (((review, late, silent), False), ((review, later, silent), True)):
        result = audited(Cohort((replace(one, later=reviews),)))
        assert result.members("not_resolved") == (("e-operated-09-surgery",) if failed else ())
        assert len(result.members("not_resolved.denominator")) == 1


def test_a_planned_operation_that_finds_no_defect_is_no_exploration_without_a_cause():
    one = next(p for p in four_centres().patients if p.patient_id == "e-operated-00")
    (surgery,) = one.surgeries
    for planned, counted in ((True, 0), (False, 1), (None, 1)):
        told = replace(one, surgeries=(replace(surgery, planned=planned),))
        assert len(audited(Cohort((told,))).members("no_cause")) == counted


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_the_leaves_sum_to_the_cohort_and_every_number_has_its_events(cohort):
    result = audited(cohort)
    parents = {box.parent for box in result.flow.boxes}
    leaves = [box.n for box in result.flow.boxes if box.key not in parents]
    assert sum(leaves) == result.flow.boxes[0].n
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert set(one.numerator) <= set(one.denominator)
        assert len(one.denominator) == one.estimate.denominator
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == cell
    for one in INDICATORS:
        hidden = [of for _, of in counts(result, f"funnel_{one.key}").values() if of is None]
        assert len(hidden) != 1 or len(rows(result, f"funnel_{one.key}")) == 1


def test_every_figure_says_that_it_is_unadjusted():
    assert all("unadjusted" in c.estimate.label for c in audited(four_centres()).estimates)
    assert all(
        "unadjusted" in table.label
        for table in PROTOCOL.tables
        if table.key not in ("baseline", "ages", "designs")
    )
