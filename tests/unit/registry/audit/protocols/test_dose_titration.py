"""Doses and scores of six patients, by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.dose_facts import DoseFacts
from registry.audit.facts import Cohort
from registry.audit.protocols.dose_titration import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohorts import AS_OF, FIRST_DAY
from tests.factories.founding_cohorts import ALL_MUSCLES, assessed, synthetic, titration_cohort

SIX = titration_cohort().patients


def audited(*patients, as_of=AS_OF):
    return run(
        PROTOCOL.key,
        Cohort(patients=patients),
        filters=Filters(),
        as_of=as_of,
        code_version="1.0",
    )


def rows(result, key):
    table = next(table for table in result.tables if table.key == key)
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_six_patients_are_as_counted_by_hand():
    result = audited(*SIX)
    assert {box.key: box.n for box in result.flow.boxes} == {
        "dosed": 6, "not_graded": 2, "graded": 4, "at_lowest": 2, "above_lowest": 2,
    }  # fmt: skip
    assert result.members("above_lowest") == ("t-2", "t-3")
    assert result.members("stable_rate") == tuple(f"t-{n}" for n in range(6))
    tone = rows(result, "scores")["ashworth_0_4"]
    assert (tone["patients"], tone["before"], tone["after"], tone["change"]) == (4, 3, 1, -2)
    assert (tone["p_value"], tone["dose_ug"]) == (0.125, 150)
    over_time = rows(result, "dose_over_time")
    assert [over_time[f"month_{month}"]["median_ug"] for month in (0, 12, 24)] == [100, 100, 102.5]
    pain = rows(result, "pain_course")
    assert [pain[f"month_{month}"]["median_pain"] for month in (0, 3, 6, 12)] == [8, 4, 4, 4]
    assert pain["month_6"]["change"] == -4
    stability = rows(result, "stability")
    assert stability["own"]["mean_change"] == pytest.approx(0.05 / 6)
    assert stability["mccormick_intrathecal"]["mean_change"] == 0.03


def test_what_happened_after_the_cut_off_is_not_there():
    result = audited(*SIX, as_of=FIRST_DAY + timedelta(days=150))
    assert result.members("above_lowest") == ()
    assert rows(result, "dose_over_time")["month_6"]["patients"] == 0
    assert rows(result, "pain_course")["month_3"]["patients"] == 1
    assert rows(result, "pain_course")["month_6"]["patients"] == 0


def test_a_stopped_pump_gives_nothing_and_a_dose_before_it_is_no_percentage_of_nothing():
    one = SIX[0]
    stopped = replace(
        one, later=(*one.later, DoseFacts(FIRST_DAY + timedelta(days=50), Decimal(0)))
    )
    result = audited(stopped)
    assert rows(result, "dose_over_time")["month_3"]["median_ug"] == 0
    assert result.members("stable_rate.denominator") == ()


def test_variants_of_ashworth_never_meet():
    one = SIX[0]
    day = FIRST_DAY + timedelta(days=120)
    other = assessed("m", day, "ashworth_1_5", dict.fromkeys(ALL_MUSCLES, 2))
    result = audited(replace(one, later=(*one.later, other)))
    assert rows(result, "scores")["ashworth_0_4"]["patients"] == 1
    assert rows(result, "scores")["ashworth_1_5"]["patients"] == 0


@st.composite
def drawn_patients(draw, name):
    days = st.integers(-50, 900).map(lambda offset: FIRST_DAY + timedelta(days=offset))
    facts = [
        DoseFacts(draw(days), Decimal(draw(st.sampled_from([0, 100, 200]))))
        for _ in range(draw(st.integers(0, 3)))
    ]
    facts += [
        assessed(
            f"{name}-{n}", draw(days), "ashworth_0_4",
            dict.fromkeys(ALL_MUSCLES[:2], draw(st.integers(0, 4))),
        )
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return synthetic(name, *facts, therapy_from=draw(st.none() | days))


@settings(deadline=None, max_examples=40)
@given(st.tuples(*(drawn_patients(f"p{n}") for n in range(4))))
def test_the_leaves_sum_to_the_cohort_and_every_number_has_its_patients(patients):
    result = audited(*patients)
    parents = {box.parent for box in result.flow.boxes}
    assert sum(b.n for b in result.flow.boxes if b.key not in parents) == result.flow.boxes[0].n
    for table in result.tables:
        for row in table.rows:
            for column, cell in zip(table.columns, row, strict=True):
                members = table.cells.get((row[0], column))
                assert members is None or len(members) == cell
