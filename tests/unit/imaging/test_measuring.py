"""What is drawn on stored images is checked against them, and measured on what is stored."""

import math

import numpy as np
import pytest
from pydicom.uid import JPEGLSLossless

from imaging.archive.configured import configured_archive
from imaging.measuring import Drawn, MarkRefusedError, Measuring, PixelsNotReadableError
from registry.models import Role
from tests.factories import registry_records as make
from tests.factories import stored_studies

pytestmark = pytest.mark.django_db

ROWS, COLUMNS = 30, 40
TILT = math.radians(15)
GEOMETRIES = {
    "square": {"pixel_spacing_mm": (0.5, 0.5)},
    "anisotropic": {"pixel_spacing_mm": (0.9, 0.4)},
    "tilted": {
        "pixel_spacing_mm": (0.6, 0.6),
        "orientation": (1, 0, 0, 0, math.cos(TILT), -math.sin(TILT)),
    },
}
ORIGINS = [(-20.0, -30.0, 100.0 + 2 * at) for at in range(3)]


def ramp(index):
    row, column = np.mgrid[:ROWS, :COLUMNS]
    return (3 * row + 2 * column + 100 * index - 200).astype(np.int16)


@pytest.fixture
def viewer():
    return make.user(at_centre=make.centre(), roles=[Role.READER])


@pytest.fixture
def measuring(viewer):
    """Start measuring on a series of three slices with known HU."""

    def start(**facts):
        study = stored_studies.measured(
            [ramp(index) for index in range(3)],
            centre_code="NORTH",
            positions_mm=ORIGINS,
            **facts,
        )
        series = study.series.get()
        found = Measuring(viewer=viewer, series={series.public_id: series})
        return found, series

    return start


def place(column, row, *, index=1, pixel_spacing_mm=(0.5, 0.5), orientation=(1, 0, 0, 0, 1, 0)):
    """Where a pixel lies in the patient, by the geometry that was sent (PS3.3 C.7.6.2.1.1)."""
    row_mm, column_mm = pixel_spacing_mm
    return [
        ORIGINS[index][axis]
        + column * column_mm * orientation[axis]
        + row * row_mm * orientation[axis + 3]
        for axis in range(3)
    ]


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_lengths_angles_and_hu_are_those_of_the_phantom(measuring, geometry):
    facts = GEOMETRIES[geometry]
    found, series = measuring(**facts)
    row_mm, column_mm = facts["pixel_spacing_mm"]

    def measured(kind, *pixels):
        points = [place(*pixel, **facts) for pixel in pixels]
        return found.measured(Drawn(kind, series.public_id, 1, points))

    length = measured("length", (4, 5), (24, 20))
    assert length.length_mm == pytest.approx(math.hypot(20 * column_mm, 15 * row_mm), abs=1e-4)
    assert length.instance == series.instances.get(slice_index=1)
    assert (length.frame, length.mean_hu, length.area_mm2) == (0, None, None)
    assert measured("angle", (30, 10), (10, 10), (10, 25)).angle_deg == pytest.approx(90, abs=1e-4)

    hu, (row, column) = ramp(1), np.mgrid[:ROWS, :COLUMNS]
    inside = ((column - 15) / 8.2) ** 2 + ((row - 14) / 6.3) ** 2 <= 1
    ellipse = measured("ellipse", (6.8, 14), (23.2, 14), (15, 7.7), (15, 20.3))
    assert ellipse.pixels == inside.sum()
    assert ellipse.mean_hu == pytest.approx(hu[inside].mean())
    assert ellipse.sd_hu == pytest.approx(hu[inside].std())
    assert (ellipse.min_hu, ellipse.max_hu) == (hu[inside].min(), hu[inside].max())
    assert ellipse.area_mm2 == pytest.approx(math.pi * 8.2 * column_mm * 6.3 * row_mm, rel=1e-4)

    outline = measured("freehand", (2.5, 3.5), (30.5, 3.5), (30.5, 20.5), (2.5, 20.5))
    assert outline.mean_hu == pytest.approx(hu[4:21, 3:31].mean())
    assert outline.pixels == 17 * 28

    probe = measured("probe", (7, 9))
    assert (probe.mean_hu, probe.pixels, probe.sd_hu) == (hu[9, 7], 1, None)
    assert measured("arrow", (3, 3), (9, 9)).mean_hu is None


def test_compressed_slices_have_the_same_hu(measuring):
    found, series = measuring(transfer_syntax=JPEGLSLossless)
    assert set(series.instances.values_list("transfer_syntax_uid", flat=True)) == {JPEGLSLossless}
    probe = found.measured(Drawn("probe", series.public_id, 2, [place(7, 9, index=2)]))
    assert probe.mean_hu == ramp(2)[9, 7]


def test_across_slices_there_is_geometry_and_no_hu(measuring):
    found, series = measuring()
    points = [place(3, 4, index=0), place(3, 4, index=2)]
    length = found.measured(Drawn("length", series.public_id, None, points))
    assert (length.length_mm, length.instance, length.frame) == (4.0, None, None)
    probe = found.measured(Drawn("probe", series.public_id, None, points[:1]))
    assert probe.mean_hu is None
    assert "reformatted" in probe.hu_undefined_reason


def test_where_numbers_are_no_hu_the_region_says_so(measuring):
    found, series = measuring(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])
    probe = found.measured(Drawn("probe", series.public_id, 1, [place(7, 9)]))
    assert probe.mean_hu is None
    assert "localiser" in probe.hu_undefined_reason


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        ({"kind": "volume"}, "No such kind"),
        ({"points_mm": [place(1, 1)]}, "1 points, where 2 points"),
        ({"points_mm": [place(1, 1)] * 1000}, "1000 points"),
        ({"kind": "freehand", "points_mm": [place(1, 1)] * 2001}, "2001 points"),
        ({"points_mm": [place(1, 1), (float("nan"), 0, 0)]}, "no place"),
        ({"points_mm": [place(1, 1), (float("inf"), 0, 0)]}, "no place"),
        ({"points_mm": [place(1, 1), (0, 0)]}, "no place"),
        ({"points_mm": [place(1, 1), place(9, 9, index=2)]}, "does not lie on its slice"),
        ({"points_mm": [place(-5, 1), place(-9, 9)]}, "outside its slice"),
        ({"points_mm": [place(5, 1), place(900, 9)]}, "outside its slice"),
        ({"slice_index": 3}, "no such slice"),
        ({"slice_index": 10**12}, "no such slice"),
        ({"slice_index": None, "points_mm": [(0, 0, 0), (5000, 0, 0)]}, "outside the images"),
        (
            {
                "kind": "ellipse",
                "slice_index": None,
                "points_mm": [place(1, 5), place(9, 5), place(5, 1), place(5, 9)],
            },
            "on a slice as scanned",
        ),
        (
            {
                "kind": "ellipse",
                "points_mm": [place(1, 5), place(9, 9), place(5, 1), place(5, 9)],
            },
            "right angle",
        ),
    ],
)
def test_what_contradicts_the_images_is_refused_in_words(measuring, drawn, words):
    found, series = measuring()
    facts = {
        "kind": "length",
        "series": series.public_id,
        "slice_index": 1,
        "points_mm": [place(1, 1), place(9, 9)],
    }
    found.measured(Drawn(**facts))
    with pytest.raises(MarkRefusedError, match=words):
        found.measured(Drawn(**facts | drawn))


def test_a_series_of_another_study_is_refused(measuring):
    found, _ = measuring()
    other = stored_studies.study(centre_code="NORTH").series.get()
    with pytest.raises(MarkRefusedError, match="none of this study"):
        found.measured(Drawn("probe", other.public_id, 0, [place(1, 1)]))


def test_a_region_that_encloses_nothing_has_neither_area_nor_hu(measuring):
    found, series = measuring()
    flat = found.measured(Drawn("ellipse", series.public_id, 1, [place(5, 5)] * 4))
    assert (flat.area_mm2, flat.mean_hu) == (None, None)
    assert flat.hu_undefined_reason == "The region encloses nothing."


def test_a_damaged_image_is_not_measured(measuring):
    found, series = measuring()
    instance = series.instances.get(slice_index=1)
    path = configured_archive().path(instance.stored_sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(PixelsNotReadableError):
        found.measured(Drawn("probe", series.public_id, 1, [place(1, 1)]))
