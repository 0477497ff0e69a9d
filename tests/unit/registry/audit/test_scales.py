"""Totals, means and medians of assessments."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.instruments import NOT_ASSESSED, Direction, Instrument, items_of
from registry.audit.scales import problems, scores

GRADED = [instrument for instrument in Instrument if instrument is not Instrument.CPCHILD]


def full(instrument: Instrument, position: int) -> dict[str, str]:
    """Every item at its lowest (0) or highest (-1) grade."""
    return {item.code: item.grades[position] for item in items_of(instrument)}


@st.composite
def assessments(draw):
    instrument = draw(st.sampled_from(GRADED))
    grades = {}
    for item in items_of(instrument):
        grade = draw(st.sampled_from(["", NOT_ASSESSED, *item.grades]))
        if grade:
            grades[item.code] = grade
    return instrument, grades


@pytest.mark.parametrize(
    ("instrument", "lowest", "highest"),
    [
        (Instrument.BARRY_ALBRIGHT, 0, 32),
        (Instrument.BFM_MOVEMENT, 0, 120),
        (Instrument.BFM_DISABILITY, 0, 30),
        (Instrument.EPWORTH, 0, 24),
        (Instrument.FATIGUE_SEVERITY, 1, 7),
        (Instrument.LISAT_9, 1, 6),
        (Instrument.LISAT_11, 1, 6),
        (Instrument.DIENER_SWLS, 5, 35),
        (Instrument.ASHWORTH_0_4, 0, 4),
        (Instrument.ASHWORTH_1_5, 1, 5),
        (Instrument.MODIFIED_ASHWORTH, 0, 4),
        (Instrument.GMFCS, 1, 5),
        (Instrument.MACS, 1, 5),
    ],
)
def test_lowest_and_highest_grades_give_the_ends_of_the_published_range(
    instrument, lowest, highest
):
    """Ranges of domain reference 5."""
    (bottom,), (top,) = (scores(instrument, full(instrument, end)) for end in (0, -1))
    assert (bottom.value, top.value) == (lowest, highest)
    assert (bottom.lowest, top.highest) == (lowest, highest)


def test_the_brief_pain_inventory_has_two_means_from_0_to_10():
    for end, value in ((0, 0), (-1, 10)):
        severity, interference = scores(Instrument.BRIEF_PAIN, full(Instrument.BRIEF_PAIN, end))
        assert (severity.value, interference.value) == (value, value)
        assert (severity.graded, interference.graded) == (4, 7)


@given(assessments())
def test_a_score_lies_in_its_range_or_is_undefined(assessment):
    instrument, grades = assessment
    for score in scores(instrument, grades):
        assert (score.value is None) == (score.text == "")
        if score.value is not None:
            assert score.lowest <= score.value <= score.highest


@given(assessments())
def test_a_missing_item_leaves_no_total(assessment):
    instrument, grades = assessment
    complete = all(
        grades.get(item.code, NOT_ASSESSED) != NOT_ASSESSED for item in items_of(instrument)
    )
    for score in scores(instrument, grades):
        if score.code == "total":
            assert (score.value is not None) == complete


@given(assessments())
def test_only_the_grades_of_an_instrument_are_taken(assessment):
    instrument, grades = assessment
    wrong = problems(instrument, grades)
    unasked = instrument is Instrument.PENN_SPASM and grades.get("frequency") == "0"
    assert set(wrong) <= ({"severity"} if unasked else {""})
    assert set(problems(instrument, grades | {"toes": "0"})) - set(wrong) == {"toes"}


def test_an_even_number_of_muscles_names_both_middle_grades_and_makes_up_none():
    grades = {"hip_adductors_right": "1", "hip_adductors_left": "2"}
    (median,) = scores(Instrument.MODIFIED_ASHWORTH, grades)
    assert median.text == "1 to 2"
    grades["hip_flexors_right"] = "1+"
    (median,) = scores(Instrument.MODIFIED_ASHWORTH, grades)
    assert (median.text, median.value) == ("1+", Fraction(3, 2))


def test_one_plus_is_no_grade_of_the_ashworth_scale():
    for instrument in (Instrument.ASHWORTH_0_4, Instrument.ASHWORTH_1_5):
        assert problems(instrument, {"hip_adductors_right": "1+"})


def test_zero_is_no_grade_from_one_to_five_and_five_is_none_from_zero_to_four():
    """Ashworth 0 to 4 and 1 to 5 are told apart, domain reference, appendix B 7."""
    assert problems(Instrument.ASHWORTH_1_5, {"hip_adductors_right": "0"})
    assert problems(Instrument.ASHWORTH_0_4, {"hip_adductors_right": "5"})


def test_the_severity_of_no_spasms_is_not_asked():
    assert not problems(Instrument.PENN_SPASM, {"frequency": "0"})
    assert set(problems(Instrument.PENN_SPASM, {"frequency": "0", "severity": "1"})) == {"severity"}
    frequency, severity = scores(Instrument.PENN_SPASM, {"frequency": "0"})
    assert (frequency.value, severity.value) == (0, None)


def test_copm_means_are_over_the_problems_that_were_named():
    grades = {
        "performance_1": "3", "performance_2": "4", "satisfaction_1": "2", "satisfaction_2": "5",
    }  # fmt: skip
    performance, satisfaction = scores(Instrument.COPM, grades)
    assert (performance.text, satisfaction.text) == ("3.5", "3.5")
    assert performance.direction is Direction.HIGHER_BETTER


def test_a_mean_shows_one_decimal_rounded_half_up():
    grades = full(Instrument.FATIGUE_SEVERITY, -1) | {"item_1": "3"}
    (mean,) = scores(Instrument.FATIGUE_SEVERITY, grades)
    assert (mean.value, mean.text) == (Fraction(59, 9), "6.6")


@pytest.mark.parametrize("grade", ["0", "100", "59.3", "7.0"])
def test_a_cpchild_score_lies_between_0_and_100(grade):
    assert not problems(Instrument.CPCHILD, {"total": grade})


@pytest.mark.parametrize("grade", ["-1", "100.1", "59.33", "5.", ".5", "1e1", "٣", "nan", " 5"])
def test_anything_else_is_no_cpchild_score(grade):
    assert problems(Instrument.CPCHILD, {"total": grade})


def test_a_cpchild_score_has_the_direction_of_its_version():
    """The 2006 paper rises with severity, later versions fall; domain reference 5."""
    for direction in Direction:
        (total,) = scores(Instrument.CPCHILD, {"total": "59.3"}, direction=direction)
        assert (total.direction, total.text) == (direction, "59.3")


def test_an_assessment_without_a_grade_is_none():
    assert "" in problems(Instrument.EPWORTH, {})
