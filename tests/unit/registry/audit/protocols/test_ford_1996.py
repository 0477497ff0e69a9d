"""The counts of the abstract, and what counts as each of its steps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.background_facts import BackgroundFacts
from registry.audit.facts import Cohort
from registry.audit.protocols.ford_1996 import PROTOCOL
from registry.audit.run import run
from registry.audit.satisfaction_facts import SatisfactionFacts
from registry.audit.screening_facts import ScreeningFacts
from registry.audit.selection import Filters
from tests.factories.cohorts import AS_OF, FIRST_DAY
from tests.factories.founding_cohorts import assessed, ford_cohort, synthetic


def audited(*patients, filters=None, as_of=AS_OF):
    return run(
        PROTOCOL.key,
        Cohort(patients=patients),
        filters=filters or Filters(),
        as_of=as_of,
        code_version="1.0",
    )


def shares(result):
    return {
        c.estimate.key: (c.estimate.numerator, c.estimate.denominator) for c in result.estimates
    }


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_the_synthetic_cohort_yields_the_printed_counts():
    result = audited(*ford_cohort().patients)
    assert shares(result) == {
        "responded_rate": (13, 25),
        "implanted_rate": (13, 13),
        "efficacy": (6, 11),
        "function": (3, 11),
        "hospitalised": (5, 13),
    }
    for compared in result.estimates:
        published = compared.published
        own = compared.estimate
        assert (published["numerator"], published["denominator"]) == (
            own.numerator,
            own.denominator,
        )
        assert (published["lower"], published["upper"]) == (own.lower, own.upper)
    assert rows(result, "follow_up")["own"]["mean_months"] == pytest.approx(21, abs=0.05)
    assert result.to_json()["synthetic"].startswith("Synthetic data: the records of 25 of the 25")


def one_of_eleven():
    return next(p for p in ford_cohort().patients if p.patient_id == "ford-00")


def test_only_dystonia_with_a_test_dose_in_the_period_counts():
    one = one_of_eleven()
    spastic = [f for f in one.later if not isinstance(f, BackgroundFacts)]
    untested = [f for f in one.later if not isinstance(f, ScreeningFacts)]
    assert audited(replace(one, later=tuple(untested))).flow.boxes[0].n == 0
    with_cp = (*spastic, BackgroundFacts(1990, "male", "cp_dyskinetic"))
    assert audited(replace(one, later=with_cp)).flow.boxes[0].n == 0
    late = Filters(performed_from=FIRST_DAY)
    assert audited(one, filters=late).flow.boxes[0].n == 0


def test_one_test_that_helped_is_a_response_and_one_after_the_pump_is_no_test():
    day = FIRST_DAY
    background = BackgroundFacts(1990, "male", "dystonia_primary")
    for tests, key in (
        ((("no", 0), ("yes", 1)), "responded"),
        ((("no", 0), ("unknown", 1)), "not_responded"),
        ((("unknown", 0),), "response_unknown"),
        ((("no", 0), ("yes", 40)), "not_responded"),
    ):
        facts = [ScreeningFacts(day + timedelta(days=after), said) for said, after in tests]
        one = synthetic("p", background, *facts, therapy_from=day + timedelta(days=30))
        assert audited(one).members(key) == ("p",)


def test_the_last_answer_decides_and_a_pump_of_unknown_day_is_none():
    one = one_of_eleven()
    last = max(f.asked_on for f in one.of(SatisfactionFacts))
    later = SatisfactionFacts(last + timedelta(days=1), "no")
    assert audited(replace(one, later=(*one.later, later))).members("efficacy") == ()
    assert audited(replace(one, therapy_from=None)).members("not_implanted") == ("ford-00",)
    assert audited(one, as_of=last - timedelta(days=1)).members("not_followed") == ("ford-00",)


def test_dystonia_scores_are_compared_before_and_after():
    regions = ("eyes", "mouth", "neck", "trunk", "right_arm", "left_arm", "right_leg", "left_leg")
    people = []
    for n, after in enumerate((1, 2, 3)):
        one = ford_cohort().patients[n]
        start = one.therapy_from
        later = (
            *one.later,
            assessed(f"b{n}", start, "barry_albright", dict.fromkeys(regions, 4)),
            assessed(
                f"a{n}",
                start + timedelta(days=200),
                "barry_albright",
                dict.fromkeys(regions, after),
            ),
        )
        people.append(replace(one, later=later))
    row = rows(audited(*people), "dystonia_change")["barry_albright"]
    assert (row["patients"], row["before"], row["after"], row["change"]) == (3, 32, 16, -16)
    assert row["p_value"] == 0.25


yes_no = st.sampled_from(["yes", "no", "unknown"])


@st.composite
def drawn_patients(draw, name):
    days = st.integers(0, 900).map(lambda offset: FIRST_DAY + timedelta(days=offset))
    facts = [BackgroundFacts(None, "male", draw(st.sampled_from(["dystonia_primary", "ms"])))]
    facts += [ScreeningFacts(draw(days), draw(yes_no)) for _ in range(draw(st.integers(0, 2)))]
    facts += [SatisfactionFacts(draw(days), draw(yes_no)) for _ in range(draw(st.integers(0, 2)))]
    return synthetic(name, *facts, therapy_from=draw(st.none() | days))


@settings(deadline=None, max_examples=40)
@given(st.tuples(*(drawn_patients(f"p{n}") for n in range(4))))
def test_the_leaves_sum_to_the_cohort(patients):
    result = audited(*patients)
    parents = {box.parent for box in result.flow.boxes}
    assert sum(b.n for b in result.flow.boxes if b.key not in parents) == result.flow.boxes[0].n
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert set(one.numerator) <= set(one.denominator)
