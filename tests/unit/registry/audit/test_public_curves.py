"""Curves of a public edition: whole years, and never a single step."""

from registry.audit.public_curves import YEARLY_COLUMNS, public_curves
from registry.audit.result import Curve
from registry.audit.survival_curves import COLUMNS

ROW = ("free_of_revision", "pump")


def curve(*points, key="free-of-revision-pump"):
    return Curve(key, "Pumps", COLUMNS, tuple(points))


def point(day, events, value=0.91234, at_risk=40):
    return (day, at_risk, events, value, 0.8, 0.95)


def years(*points):
    found = public_curves([curve(*points)], {ROW})
    return [one[0] for one in found[0]["points"]] if found else []


def test_a_year_stands_where_five_events_lie_on_either_side():
    (found,) = public_curves([curve(point(100, 5), point(500, 5), point(800, 0))], {ROW})
    assert found["columns"] == list(YEARLY_COLUMNS)
    assert found["points"] == [[1, 0.912, 0.8, 0.95]]


def test_years_with_few_events_between_are_left_out():
    assert years(point(100, 5), point(500, 4), point(900, 1), point(1200, 6)) == [1, 3]
    assert years(point(100, 4), point(500, 4), point(900, 4)) == []


def test_a_curve_of_few_or_of_a_row_that_is_masked_is_left_out():
    assert years(point(100, 9, at_risk=4), point(500, 9, at_risk=4)) == []
    whole = curve(point(100, 9), point(900, 9))
    assert public_curves([whole], {("free_of_failure", "pump")}) == []
    assert public_curves([curve(point(100, 9), key="course_x")], {ROW}) == []
