from registry.audit.component_tables import MINIMUM_AT_RISK, REVISION
from registry.audit.survival_curves import (
    MOST_POINTS,
    RISK_YEARS,
    _line,
    at_risk_table,
    survival_line,
)
from tests.unit.registry.audit.test_component_tables import PUMPS

CURVE = REVISION.curve(PUMPS.courses)
LINE = survival_line("free", "Pump", CURVE)


def test_a_line_starts_at_one_and_ends_with_the_last_day_on_which_enough_are_at_risk():
    first, last = LINE.points[0], LINE.points[-1]
    assert first == (0, 120, 0, 1.0, None, None)
    assert last[0] == CURVE.last_day_with(MINIMUM_AT_RISK)
    assert min(point[1] for point in LINE.points) >= MINIMUM_AT_RISK
    shown = CURVE.shown(MINIMUM_AT_RISK)
    assert {point[0] for point in LINE.points} == {0, last[0], *(point.day for point in shown)}
    assert survival_line("few", "Few", REVISION.curve(PUMPS.courses[:19])).points == ()


def test_a_long_line_is_thinned_and_keeps_its_end():
    steps = [(day, 100, 1, 1 - day / 5000, None, None) for day in range(1, 2000)]
    line = _line("long", "Long", steps, CURVE.follow_up, start=1.0)
    assert len(line.points) <= MOST_POINTS + 3
    assert steps[-1] in line.points
    assert set(line.points[1:-1]) <= set(steps)


def test_numbers_at_risk_start_with_everybody_and_stand_for_every_year():
    (row,) = at_risk_table({"pump": ("Pump", CURVE.follow_up)}).rows
    assert len(row) == len(RISK_YEARS) + 2
    assert row[2] == 120
    assert list(row[2:]) == sorted(row[2:], reverse=True)
