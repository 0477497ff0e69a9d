"""The counts of the abstract, and who is set beside whom."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.background_facts import BackgroundFacts
from registry.audit.facts import Cohort
from registry.audit.protocols.mccormick_2016 import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohorts import AS_OF, FIRST_DAY, surgery
from tests.factories.founding_cohorts import assessed, mccormick_cohort, synthetic


def audited(*patients, filters=None):
    return run(
        PROTOCOL.key,
        Cohort(patients=patients),
        filters=filters or Filters(),
        as_of=AS_OF,
        code_version="1.0",
    )


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_the_synthetic_cohort_yields_the_printed_counts():
    result = audited(*mccormick_cohort().patients)
    shares = {c.estimate.key: (c.estimate.numerator, c.estimate.denominator)
              for c in result.estimates}  # fmt: skip
    assert shares == {
        "matched_rate": (31, 34),
        "male": (40, 62),
        "sci": (38, 62),
        "cp": (10, 62),
        "stroke": (10, 62),
        "ms": (4, 62),
    }
    for compared in result.estimates[1:]:
        assert compared.published["numerator"] == compared.estimate.numerator
        assert compared.published["denominator"] == 62
    assert result.members("unmatched_pump") == ("pump-31", "pump-32", "pump-33")


def test_matching_makes_the_arms_alike_and_pairs_are_compared():
    result = audited(*mccormick_cohort().patients)
    balance = rows(result, "balance")
    assert abs(balance["male"]["difference_before"]) > 0.1
    assert balance["male"]["difference_after"] == 0
    assert balance["age_in_years"]["pump_after"] - balance["age_in_years"]["other_after"] == -1
    assert balance["diagnosis_tbi"]["difference_after"] is None
    spasms = rows(result, "outcomes")["penn_frequency"]
    assert (spasms["patients"], spasms["pump"], spasms["other"], spasms["difference"]) == (
        62, 1, 2, -1,
    )  # fmt: skip
    assert spasms["p_value"] == pytest.approx(2 / 2**31)
    assert rows(result, "outcomes")["epworth"]["p_value"] is None


def test_the_nearest_in_age_is_taken_where_nothing_else_is_given_up():
    people = [p for p in mccormick_cohort().patients if p.patient_id in ("pump-00", "other-00")]
    (other, pump) = sorted(people, key=lambda one: one.patient_id)
    penn = [f for f in other.later if not isinstance(f, BackgroundFacts)]
    far = replace(
        other,
        patient_id="other-far",
        later=(
            BackgroundFacts(1920, "male", "sci_nontraumatic"),
            replace(penn[0], assessment_id="far"),
        ),
    )
    result = audited(pump, other, far)
    assert result.members("matched_other") == ("other-00",)
    assert result.members("unmatched_other") == ("other-far",)


def test_who_has_a_pump_for_less_than_a_year_or_was_operated_on_is_in_neither_arm():
    people = {p.patient_id: p for p in mccormick_cohort().patients}
    recent = replace(people["pump-00"], therapy_from=FIRST_DAY + timedelta(days=500))
    operated = replace(people["other-00"], surgeries=(surgery("s", on=FIRST_DAY),))
    nameless = replace(people["other-01"], later=people["other-01"].later[1:])
    assert audited(recent, operated, nameless).flow.boxes[0].n == 0


def test_only_assessments_of_the_period_make_somebody_eligible():
    late = Filters(performed_from=FIRST_DAY + timedelta(days=801))
    assert audited(*mccormick_cohort().patients, filters=late).flow.boxes[0].n == 0


@st.composite
def drawn_patients(draw, name):
    background = BackgroundFacts(
        draw(st.none() | st.integers(1950, 1955)),
        draw(st.sampled_from(["female", "male", "unknown"])),
        draw(st.sampled_from(["ms", "stroke"])),
    )
    on = FIRST_DAY + timedelta(days=draw(st.integers(0, 900)))
    score = assessed(f"{name}-penn", on, "penn_spasm", {"frequency": draw(st.integers(0, 4))})
    start = draw(st.none() | st.just(FIRST_DAY))
    return synthetic(name, background, score, therapy_from=start)


@settings(deadline=None, max_examples=40)
@given(st.tuples(*(drawn_patients(f"p{n}") for n in range(6))))
def test_the_leaves_sum_to_the_cohort_and_both_arms_are_as_large(patients):
    result = audited(*patients)
    parents = {box.parent for box in result.flow.boxes}
    assert sum(b.n for b in result.flow.boxes if b.key not in parents) == result.flow.boxes[0].n
    assert len(result.members("matched_pump")) == len(result.members("matched_other"))
    for one in result.estimates:
        assert len(one.numerator) == one.estimate.numerator
        assert set(one.numerator) <= set(one.denominator)
