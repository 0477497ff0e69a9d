"""How slices lie, and what that is called."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imaging.dicom.geometry import SENTENCES, GeometryCode, SlicePlane, judge_series

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def _plane(z: float, reference: str = "", **overrides) -> SlicePlane:
    values = {
        "reference": reference or f"{z:g}",
        "image_position_mm": (-50.0, -50.0, z),
        "image_orientation": AXIAL,
        "pixel_spacing_mm": (0.5, 0.5),
        "slice_thickness_mm": 2.0,
        "image_type": ("ORIGINAL", "PRIMARY", "AXIAL"),
    }
    return SlicePlane(**{**values, **overrides})


def _tilted(degrees: float, step_mm: float, count: int) -> list[SlicePlane]:
    """The table moves along z while the planes lean by `degrees` about x."""
    tilt = math.radians(degrees)
    orientation = (1.0, 0.0, 0.0, 0.0, math.cos(tilt), -math.sin(tilt))
    return [_plane(index * step_mm, image_orientation=orientation) for index in range(count)]


def _codes(planes) -> set[str]:
    return {code.value for code in judge_series(planes).codes}


def test_even_slices_allow_reformation():
    verdict = judge_series([_plane(z) for z in (0, 2, 4, 6)])
    assert verdict.codes == (GeometryCode.EVEN_SPACING,)
    assert (verdict.spacing_mm, verdict.spacing_min_mm, verdict.spacing_max_mm) == (2, 2, 2)
    assert verdict.mpr_allowed
    assert verdict.order == (0, 1, 2, 3)
    assert verdict.volume_slices == 4


def test_slices_are_ordered_along_the_normal_whatever_their_order():
    assert judge_series([_plane(z) for z in (4, 0, 6, 2)]).order == (1, 3, 0, 2)


def test_a_missing_slice_is_a_gap_and_not_uneven():
    verdict = judge_series([_plane(z) for z in (0, 2, 4, 8, 10)])
    assert verdict.codes == (GeometryCode.GAP,)
    assert not verdict.mpr_allowed
    assert "missing" in verdict.mpr_reason


def test_a_change_of_spacing_with_thicker_slices_is_uneven_and_not_a_gap():
    planes = [_plane(z, slice_thickness_mm=4.0) for z in (0, 4, 8, 12, 16)]
    planes += [_plane(z, slice_thickness_mm=7.0) for z in (23, 30)]
    assert _codes(planes) == {"uneven_spacing"}


def test_rounding_of_positions_is_still_even():
    assert _codes([_plane(z) for z in (0, 0.6249, 1.2501, 1.875)]) == {"even_spacing"}


@pytest.mark.parametrize(
    ("factor", "expected"), [(1.009, "even_spacing"), (1.02, "uneven_spacing")]
)
def test_the_tolerance_of_spacing_is_one_percent(factor, expected):
    assert _codes([_plane(z) for z in (0, 2, 4, 6, 6 + 2 * factor)]) == {expected}


def test_two_slices_at_one_position_are_named():
    verdict = judge_series([_plane(0), _plane(2, "a"), _plane(2, "b"), _plane(4)])
    assert GeometryCode.DUPLICATE_POSITION in verdict.codes
    assert GeometryCode.EVEN_SPACING in verdict.codes
    assert not verdict.mpr_allowed
    assert verdict.spacing_min_mm == 2


def test_a_slice_of_another_orientation_is_named_and_put_behind_the_volume():
    sagittal = _plane(1, "s", image_orientation=(0.0, 1.0, 0.0, 0.0, 0.0, -1.0))
    verdict = judge_series([sagittal, _plane(0), _plane(2), _plane(4)])
    assert set(verdict.codes) == {GeometryCode.MIXED_ORIENTATION, GeometryCode.EVEN_SPACING}
    assert verdict.order == (1, 2, 3, 0)
    assert verdict.volume_slices == 3


def test_of_two_equal_halves_the_axial_one_is_the_volume():
    coronal = [
        _plane(z, f"c{z}", image_orientation=(1.0, 0.0, 0.0, 0.0, 0.0, -1.0)) for z in (0, 1)
    ]
    verdict = judge_series([*coronal, _plane(0), _plane(2)])
    assert verdict.order[:2] == (2, 3)


@pytest.mark.parametrize("degrees", [-20.0, -3.0, 3.0, 18.5, 29.0])
def test_a_tilt_is_seen_in_the_positions_without_any_header(degrees):
    verdict = judge_series(_tilted(degrees, 2.0, 6))
    assert set(verdict.codes) == {GeometryCode.EVEN_SPACING, GeometryCode.GANTRY_TILT}
    assert abs(verdict.tilt_deg) == pytest.approx(abs(degrees), abs=1e-6)
    assert verdict.spacing_mm == pytest.approx(2.0 * math.cos(math.radians(degrees)))
    assert not verdict.mpr_allowed


def test_opposite_tilts_have_opposite_signs():
    one, other = judge_series(_tilted(15, 2, 4)), judge_series(_tilted(-15, 2, 4))
    assert one.tilt_deg == pytest.approx(-other.tilt_deg)
    assert one.tilt_deg == pytest.approx(15)


def test_a_tilt_in_the_header_alone_counts():
    verdict = judge_series([_plane(z, gantry_tilt_deg=12.0) for z in (0, 2, 4)])
    assert GeometryCode.GANTRY_TILT in verdict.codes
    assert verdict.tilt_deg == 12.0


def test_an_oblique_series_that_moves_along_its_normal_is_not_tilted():
    tilt = math.radians(20)
    orientation = (1.0, 0.0, 0.0, 0.0, math.cos(tilt), -math.sin(tilt))
    normal = (0.0, math.sin(tilt), math.cos(tilt))
    planes = [
        _plane(
            0,
            str(step),
            image_orientation=orientation,
            image_position_mm=tuple(step * 2.0 * part for part in normal),
        )
        for step in range(5)
    ]
    assert _codes(planes) == {"even_spacing"}


def test_a_localiser_inside_is_named_and_comes_last():
    localiser = _plane(
        100,
        "l",
        image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"),
        image_orientation=(1.0, 0.0, 0.0, 0.0, 0.0, -1.0),
    )
    verdict = judge_series([localiser, _plane(2), _plane(0)])
    assert set(verdict.codes) == {GeometryCode.LOCALISER_INSIDE, GeometryCode.EVEN_SPACING}
    assert verdict.order == (2, 1, 0)
    assert verdict.mpr_allowed


@pytest.mark.parametrize(
    "overrides",
    [
        {"image_position_mm": None},
        {"image_orientation": None},
        {"pixel_spacing_mm": None},
        {"image_orientation": (0.0,) * 6},
        {"image_orientation": (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)},
    ],
)
def test_a_slice_without_usable_geometry_is_named(overrides):
    verdict = judge_series([_plane(0), _plane(2), _plane(4, **overrides)])
    assert GeometryCode.MISSING_GEOMETRY in verdict.codes
    assert verdict.order == (0, 1, 2)
    assert verdict.volume_slices == 2
    assert not verdict.mpr_allowed


def test_one_slice_is_no_volume():
    verdict = judge_series([_plane(0)])
    assert verdict.codes == (GeometryCode.SINGLE_SLICE,)
    assert verdict.spacing_mm is None
    assert verdict.tilt_deg is None


def test_no_slices_at_all():
    verdict = judge_series([])
    assert verdict.codes == (GeometryCode.MISSING_GEOMETRY,)
    assert verdict.order == ()
    assert not verdict.mpr_allowed


def test_two_sizes_of_pixel_are_named():
    planes = [_plane(0), _plane(2), _plane(4, pixel_spacing_mm=(0.6, 0.6))]
    assert _codes(planes) == {"even_spacing", "mixed_spacing"}


def test_every_code_has_a_sentence_and_the_verdict_is_plain_json():
    assert set(SENTENCES) == set(GeometryCode)
    verdict = judge_series([_plane(0), _plane(2)])
    assert verdict.sentences == (SENTENCES[GeometryCode.EVEN_SPACING],)
    assert verdict.to_json()["codes"] == ["even_spacing"]


POSITIONS = st.lists(st.integers(-400, 400), min_size=0, max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    steps=POSITIONS,
    degrees=st.sampled_from([0.0, 10.0, -18.5]),
    extras=st.integers(0, 2),
    random=st.randoms(use_true_random=False),
)
def test_the_verdict_does_not_depend_on_the_order_of_arrival(steps, degrees, extras, random):
    tilt = math.radians(degrees)
    orientation = (1.0, 0.0, 0.0, 0.0, math.cos(tilt), -math.sin(tilt))
    planes = [
        _plane(step / 4, f"{number}", image_orientation=orientation)
        for number, step in enumerate(steps)
    ]
    planes += [_plane(0, f"x{number}", image_position_mm=None) for number in range(extras)]
    shuffled = planes[:]
    random.shuffle(shuffled)
    one, other = judge_series(planes), judge_series(shuffled)
    assert one.codes == other.codes
    assert one.spacing_mm == other.spacing_mm
    assert one.tilt_deg == other.tilt_deg
    assert [planes[index].reference for index in one.order] == [
        shuffled[index].reference for index in other.order
    ]
    assert sorted(one.order) == list(range(len(planes)))


@settings(max_examples=100, deadline=None)
@given(
    shift=st.tuples(*[st.floats(-500, 500) for _ in range(3)]),
    step_mm=st.floats(0.3, 10),
    count=st.integers(2, 40),
)
def test_even_slices_are_even_wherever_the_patient_lies(shift, step_mm, count):
    planes = [
        _plane(
            0,
            str(number),
            image_position_mm=(shift[0], shift[1], round(shift[2] + number * step_mm, 4)),
        )
        for number in range(count)
    ]
    assert _codes(planes) == {"even_spacing"}
