from dataclasses import replace

from registry.presenters.chart_parts import Medium
from registry.presenters.survival_chart import EVERYBODY, LINES, MOST_BANDS, Line, steps

POINTS = [(0, 40, 0, 1.0, None, None), (400, 30, 2, 0.95, 0.8, 0.99), (800, 20, 0, 0.95, 0.8, 0.99)]
LINE = Line("Pump", 40, POINTS, {0: 40, 1: 31, 2: 22})


def test_points_say_their_value_and_undefined_limits_are_left_out():
    first, second, _ = steps([LINE], Medium(), y_title="free")["datasets"]["points"]
    assert "lower" not in first
    assert first["words"] == "100.0%"
    assert second["words"] == "95.0% (80.0% to 99.0%)"
    assert second["line"] == "Pump (n=40)"


def test_numbers_at_risk_stand_below_zero_one_row_for_each_line():
    other = Line("Catheter", 9, POINTS, {0: 9, 1: 8})
    numbers = steps([LINE, other], Medium(), y_title="free")["datasets"]["numbers"]
    assert [(one["year"], one["n"]) for one in numbers] == [
        (0, "40"), (1, "31"), (0, "9"), (1, "8"),
    ]  # fmt: skip
    assert max(one["y"] for one in numbers) < 0
    assert len({one["y"] for one in numbers}) == 2


def test_lines_differ_in_colour_and_dash():
    assert len({colour for colour, _ in LINES}) == len({str(dash) for _, dash in LINES}) == 6


def test_lines_with_the_same_people_at_risk_share_one_row():
    other = replace(LINE, label="Catheter")
    numbers = steps([LINE, other], Medium(), y_title="ended")["datasets"]["numbers"]
    assert [one["n"] for one in numbers] == ["40", "31", "22"]
    assert {one["line"] for one in numbers} == {EVERYBODY}


def test_bands_are_drawn_while_they_can_be_told_apart():
    def marks(count):
        lines = [replace(LINE, label=f"Model {number}") for number in range(count)]
        return [layer["mark"]["type"] for layer in steps(lines, Medium(), y_title="f")["layer"]]

    assert "area" in marks(MOST_BANDS)
    assert "area" not in marks(MOST_BANDS + 1)


def test_below_half_a_page_numbers_at_risk_keep_their_distance():
    many = Line("Pump", 900, [(0, 900, 0, 1.0, None, None), (5500, 500, 1, 0.9, 0.8, 1.0)],
                dict.fromkeys((*range(11), 12, 15), 900))  # fmt: skip
    narrow = steps([many], Medium(), y_title="free")["datasets"]["numbers"]
    wide = steps([many], Medium(), y_title="free", wide=True)["datasets"]["numbers"]
    assert [one["year"] for one in narrow] == [0, 2, 4, 6, 8, 10, 12, 15]
    assert [one["year"] for one in wide] == [*range(11), 12, 15]
