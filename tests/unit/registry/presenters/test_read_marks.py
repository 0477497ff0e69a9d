"""Measurements in words: what applies, with its unit, and why something is undefined."""

import pytest

from registry.models import Read, ReadMeasurement
from registry.presenters import read_marks


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"kind": "length", "length_mm": 23.06}, "Length: 23.1 mm"),
        ({"kind": "angle", "angle_deg": 45.04, "text": "bend"}, "Angle: 45.0° (bend)"),
        ({"kind": "angle"}, "Angle"),
        ({"kind": "probe", "mean_hu": -12.0, "pixels": 1}, "HU at a point: \N{MINUS SIGN}12 HU"),
        ({"kind": "arrow", "text": "tip"}, "Arrow (tip)"),
        (
            {
                "kind": "ellipse",
                "area_mm2": 34.56,
                "mean_hu": 101.25,
                "sd_hu": 5.04,
                "min_hu": -3,
                "max_hu": 180,
                "pixels": 120,
            },
            "Ellipse: mean 101.2 HU, SD 5.0, min \N{MINUS SIGN}3, max 180 HU, area 34.6 mm², "
            "120 pixels",
        ),
        (
            {"kind": "freehand", "area_mm2": 2.0, "hu_undefined_reason": "Padding only."},
            "Outline: area 2.0 mm², no HU: Padding only.",
        ),
    ],
)
def test_a_measurement_is_one_line(facts, words):
    assert read_marks.line(ReadMeasurement(**facts)) == words


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"extent_mm": 85}, "contrast over 85 mm"),
        (
            {"extent_from_level": "t10", "extent_to_level": "l1", "extent_mm": 85},
            "contrast from T10 to L1 over 85 mm",
        ),
    ],
)
def test_the_extent_of_contrast_is_levels_millimetres_or_both(facts, words):
    assert read_marks.extent(Read(**facts)) == words


def test_what_was_shown_is_counted_over_the_series():
    assert read_marks.shown({}) == ""
    assert read_marks.shown({"a": [3, 5], "b": [1, 2]}) == "4 of 7 slices were on the screen"
