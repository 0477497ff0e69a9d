"""Lengths, angles and areas in space; the browser's own tests hold for the same points."""

import math

import pytest

from imaging.dicom.measurements import angle_deg, ellipse_area_mm2, length_mm, outline_area_mm2


def test_a_length_is_the_distance_in_space_not_in_a_plane():
    assert length_mm([(1, 2, 3), (4, 6, 15)]) == 13


@pytest.mark.parametrize(
    ("start", "end", "truth"),
    [
        ((1, 0, 0), (0, 1, 0), 90),
        ((1, 0, 0), (-1, 0, 0), 180),
        ((1, 0, 0), (1, 1e-7, 0), math.degrees(1e-7)),
        ((0, 1, 1), (0, 0, 1), 45),
    ],
)
def test_an_angle_is_that_of_its_arms(start, end, truth):
    assert angle_deg([start, (0, 0, 0), end]) == pytest.approx(truth, abs=1e-9)


@pytest.mark.parametrize("arms", [[(1, 1, 1), (1, 1, 1), (2, 0, 0)], [(1, 1, 1), (2, 2, 2)] * 2])
def test_an_arm_without_length_has_no_angle(arms):
    points = [arms[0], arms[1], arms[1]] if len(arms) > 3 else arms
    assert angle_deg(points) is None


def test_the_area_of_an_ellipse_is_that_of_its_axes():
    assert ellipse_area_mm2([(-3, 0, 5), (3, 0, 5), (0, -2, 5), (0, 2, 5)]) == pytest.approx(
        6 * math.pi
    )
    assert ellipse_area_mm2([(0, 0, 0)] * 4) is None


def test_the_area_of_an_outline_is_that_of_the_polygon_whichever_way_round():
    square = [(5, 5, 7), (5, 9, 7), (8, 9, 7), (8, 5, 7)]
    dent = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (2, 1, 0), (0, 4, 0)]
    assert outline_area_mm2(square) == outline_area_mm2(square[::-1]) == 12
    assert outline_area_mm2(dent) == 10
    assert outline_area_mm2([(0, 0, 0), (1, 1, 1), (2, 2, 2)]) is None
