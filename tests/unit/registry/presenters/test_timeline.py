"""The drawing of a case on a date axis: nothing covers anything, and the days are right."""

from datetime import date, timedelta
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.presenters.timeline import GLYPH, RIGHT, WIDTH, Moment, draw

moments = st.lists(
    st.builds(
        Moment,
        on=st.integers(0, 4000).map(lambda days: date(2015, 1, 1) + timedelta(days=days)),
        label=st.text("abcdefg ", min_size=3, max_size=45),
        kind=st.just("study"),
        url=st.just("#step"),
    ),
    min_size=1,
    max_size=9,
)


def a_moment(day, label="Contrast study"):
    return Moment(day, label, "study", "#step-study")


@given(moments)
def test_no_label_covers_another_or_leaves_the_drawing(given_moments):
    placed = draw(given_moments).placed

    for item in placed:
        assert item.x + item.moment.width <= WIDTH - RIGHT + 1
    for one, other in combinations(placed, 2):
        if one.y == other.y:
            left, right = sorted((one, other), key=lambda item: item.x)
            assert left.x + left.moment.width <= right.x


@given(moments)
def test_no_line_rises_through_a_label(given_moments):
    placed = draw(given_moments).placed

    for label in placed:
        for line in placed:
            rises_through = line.y < label.y
            if rises_through and line.x > label.x + GLYPH / 2:
                assert line.x >= label.x + label.moment.width


@given(moments)
def test_moments_stand_in_the_order_of_their_days_with_the_days_between(given_moments):
    drawn = draw(given_moments).moments

    days = [moment.on for moment in drawn]
    assert days == sorted(days)
    for earlier, later in pairwise(drawn):
        assert earlier.on + timedelta(days=later.days_since) == later.on


def test_one_day_is_drawn_too():
    timeline = draw([a_moment(date(2024, 3, 5)), a_moment(date(2024, 3, 5))])

    assert [moment.gap for moment in timeline.moments] == ["", "same day"]
    assert timeline.spans == []


def test_the_days_between_are_written_under_the_axis():
    timeline = draw([a_moment(date(2024, 3, 1)), a_moment(date(2024, 3, 5))])

    assert [span.text for span in timeline.spans] == ["4 d"]


def test_ticks_are_months_in_a_short_case_and_years_in_a_long_one():
    short = draw([a_moment(date(2024, 2, 20)), a_moment(date(2024, 4, 2))])
    long = draw([a_moment(date(year, 4, 2)) for year in (2018, 2020, 2022, 2024)])

    assert [tick.text for tick in short.ticks] == ["2024-03", "2024-04"]
    assert [tick.text for tick in long.ticks] == ["2019", "2020", "2021", "2022", "2023", "2024"]


def test_a_gap_of_years_breaks_the_axis_so_that_the_days_before_stay_legible():
    """A study of 2010 that is read from its images in 2026."""
    days = [date(2010, 9, 22), date(2010, 9, 27), date(2010, 10, 6), date(2010, 11, 29)]
    timeline = draw([*(a_moment(day, "x") for day in days), a_moment(date(2026, 11, 21), "Read")])

    xs = [item.x for item in timeline.placed]
    assert xs[3] - xs[0] > WIDTH / 2
    assert xs[3] < timeline.break_x < xs[4]
    assert "5836 d" in [span.text for span in timeline.spans]
    ticks = [tick.text for tick in timeline.ticks]
    assert ticks[0] == "2010-10"
    assert ticks[-1] == "2026-11"
    assert "2015-01" not in ticks


def test_no_axis_is_broken_for_gaps_of_like_length():
    yearly = draw([a_moment(date(year, 4, 2)) for year in (2018, 2020, 2022, 2024)])

    assert yearly.break_x is None


@given(moments)
def test_later_moments_never_stand_before_earlier_ones(given_moments):
    placed = draw(given_moments).placed

    for earlier, later in pairwise(placed):
        assert earlier.x <= later.x
