"""The figure of the years: everything that happened is in it, and nothing covers anything else."""

import itertools
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.presenters.patient_story import Course, Happening, PatientStory, Span
from registry.presenters.patient_timeline import draw, whole
from registry.presenters.timeline_parts import SCREEN, SHEET, Window
from registry.presenters.timeline_zoom import zoom
from registry.vocabulary import ComponentKind

TODAY = date(2024, 6, 1)
DAYS = st.dates(min_value=date(2004, 1, 1), max_value=TODAY)


def pump(start, end=None, **facts):
    return Span(ComponentKind.PUMP, "SynchroMed II 8637-40", "Pump", start, end, **facts)


def drawn(story, paper=SCREEN, window=None):
    window = window or whole(story, today=TODAY)
    return draw(story, window=window, today=TODAY, paper=paper)


def test_a_story_without_a_day_is_not_drawn():
    assert whole(PatientStory(spans=[pump(None)]), today=TODAY) is None


@pytest.mark.parametrize("first", [date(1, 1, 1), date(204, 5, 1), date(1900, 1, 1)])
@pytest.mark.parametrize("until", ["", "0001-01-02", "0009-12-31", "0204-06-01", "2024-06-01"])
def test_a_story_that_begins_with_a_slip_of_the_hand_is_drawn(first, until):
    story = PatientStory(spans=[pump(first)])
    for years in ("all", "10", "1"):
        edges = whole(story, today=TODAY)
        shown = zoom(edges, years=years, until=until)
        assert edges.first <= shown.window.first <= shown.window.last <= edges.last
        for paper in (SCREEN, SHEET):
            assert drawn(story, paper, shown.window).ticks


def test_pumps_one_after_the_other_share_a_row_and_two_at_once_do_not():
    one = pump(date(2010, 1, 1), date(2016, 1, 1))
    after = pump(date(2016, 1, 1))
    beside = pump(date(2015, 1, 1))
    rows = {bar.y for bar in drawn(PatientStory(spans=[one, after])).bars}
    assert len(rows) == 1
    rows = {bar.y for bar in drawn(PatientStory(spans=[one, beside])).bars}
    assert len(rows) == 2


def test_what_lies_past_its_end_of_service_is_drawn_apart():
    (bar,) = drawn(PatientStory(spans=[pump(date(2010, 1, 1), ends_on=date(2017, 1, 1))])).bars
    assert bar.late_x is not None
    assert bar.x < bar.late_x < bar.end_x
    replaced = pump(date(2010, 1, 1), date(2016, 1, 1), ends_on=date(2017, 1, 1))
    (bar,) = drawn(PatientStory(spans=[replaced])).bars
    assert bar.late_x is None


def test_a_dose_holds_until_the_next_one_and_the_last_until_today():
    story = PatientStory(doses=[(date(2020, 1, 1), 100.0), (date(2022, 1, 1), 200.0)])
    timeline = drawn(story)
    (plot,) = timeline.plots
    assert plot.high == "200"
    assert [dot.y for dot in plot.dots] == [(plot.top + plot.bottom) / 2, plot.top]
    assert plot.path.endswith(f"H{timeline.today_x}")


def test_a_zoomed_dose_begins_at_the_edge_with_what_ran_before():
    story = PatientStory(doses=[(date(2010, 1, 1), 100.0), (date(2024, 1, 1), 200.0)])
    timeline = drawn(story, window=Window(date(2018, 1, 1), date(2020, 1, 1)))
    (plot,) = timeline.plots
    assert plot.path.startswith(f"M{timeline.left}.0 ")
    assert plot.dots == []


def test_a_score_stands_between_the_ends_of_its_range():
    points = [(date(2020, 1, 1), Fraction(1), "1"), (date(2021, 1, 1), Fraction(5), "5")]
    (plot,) = drawn(PatientStory(courses=[Course("Ashworth", "", 1, 5, points)])).plots
    assert [dot.y for dot in plot.dots] == [plot.bottom, plot.top]


def test_more_courses_than_a_figure_holds_are_counted():
    points = [(date(2020, 1, 1), Fraction(1), "1")]
    courses = [Course(str(number), "", 0, 4, points) for number in range(8)]
    timeline = drawn(PatientStory(courses=courses))
    assert (len(timeline.plots), timeline.left_out) == (5, 3)


@given(st.lists(DAYS, min_size=1, max_size=40), st.sampled_from([SCREEN, SHEET]))
def test_every_mark_lies_in_the_drawing_beside_the_labels(days, paper):
    story = PatientStory(happenings=[Happening(day, "surgery", "Operation") for day in days])
    timeline = drawn(story, paper=paper)
    assert len(timeline.marks) == len(days)
    for mark in timeline.marks:
        assert timeline.left <= mark.x <= timeline.width
        assert 0 <= mark.y <= timeline.axis_y


@given(st.lists(DAYS, min_size=2, max_size=3))
def test_marks_of_one_lane_do_not_cover_each_other_while_there_are_rows(days):
    story = PatientStory(happenings=[Happening(day, "study", "CT") for day in days])
    marks = drawn(story).marks
    for one, other in itertools.pairwise(marks):
        assert one.y != other.y or other.x - one.x >= 17


@pytest.mark.parametrize("years", [1, 2, 5, 10])
def test_zooming_shows_as_many_years_and_ends_where_asked(years):
    all_days = Window(date(2009, 1, 1), TODAY)
    shown = zoom(all_days, years=str(years), until="2020-06-30").window
    assert shown.last == date(2020, 6, 30)
    assert shown.first == date(2020 - years, 7, 1)


@given(st.text(max_size=12), st.text(max_size=12))
def test_nonsense_in_the_address_shows_a_window_of_the_story(years, until):
    all_days = Window(date(2009, 1, 1), TODAY)
    shown = zoom(all_days, years=years, until=until).window
    assert all_days.first <= shown.first <= shown.last <= all_days.last


@given(DAYS, st.sampled_from(["1", "2", "5", "10"]))
def test_a_window_never_leaves_the_story(until, years):
    all_days = Window(date(2009, 1, 1), TODAY)
    shown = zoom(all_days, years=years, until=until.isoformat()).window
    assert all_days.first <= shown.first <= shown.last <= all_days.last


def test_earlier_and_later_are_offered_where_there_is_more():
    all_days = Window(date(2009, 1, 1), TODAY)

    def offered(until):
        return {link.key for link in zoom(all_days, years="2", until=until).links if link.key}

    assert offered(TODAY.isoformat()) == {"-", "+", "["}
    assert offered("2015-01-01") == {"-", "+", "[", "]"}
    assert offered("2009-01-01") == {"-", "+", "]"}


def test_a_short_story_has_nothing_to_zoom():
    short = Window(TODAY - timedelta(days=200), TODAY)
    assert zoom(short, years="", until="").links == []
