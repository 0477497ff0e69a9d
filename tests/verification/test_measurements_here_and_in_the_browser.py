"""The server and the viewer measure alike: the same drawings on the same phantoms, both asked."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from imaging.dicom import measurements
from imaging.dicom.roi_statistics import (
    NoStatisticsError,
    inside_ellipse,
    inside_outline,
    roi_statistics,
)
from imaging.dicom.slice_grid import SliceGrid
from tests.architecture.source_tree import ROOT

COLUMNS, ROWS = 96, 80
TILT = math.radians(15)
GRIDS = {
    "square": ((0.0, 0.0, 0.0), (1, 0, 0, 0, 1, 0), (0.5, 0.5)),
    "anisotropic": ((-20.0, 5.0, 100.0), (1, 0, 0, 0, 1, 0), (1.25, 0.4)),
    "tilted": ((3.0, 4.0, 5.0), (1, 0, 0, 0, math.cos(TILT), -math.sin(TILT)), (0.7, 0.7)),
    "oblique": ((-7.1, 31.0, -400.2), (0.6, 0.8, 0, -0.48, 0.36, 0.8), (0.33, 0.61)),
}
VALUES = np.random.default_rng(20).integers(-1024, 3000, (ROWS, COLUMNS)).astype(np.int16)
PADDING = (-1024, -900)

SCRIPT = """
import { readFileSync } from 'node:fs';
const names = ['roi_statistics', 'measurements', 'view_plane'];
const [roi, measurements, view] = await Promise.all(
  names.map((name) => import(`${process.argv[1]}/${name}.ts`)));
const asked = JSON.parse(readFileSync(0, 'utf8'));
const values = Int16Array.from(asked.values);
const answers = asked.drawn.map(({ kind, points_mm, slice }) => {
  const found = {
    length_mm: kind === 'length' ? measurements.lengthMm(points_mm) : null,
    angle_deg: kind === 'angle' ? measurements.angleDeg(points_mm) : null,
    area_mm2: measurements.areaMm2({ kind, points_mm }),
    statistics: null,
  };
  if (kind === 'ellipse' || kind === 'freehand') {
    try {
      const grid = view.gridOf(slice);
      found.statistics = roi.roiStatistics({ kind, points_mm }, grid, values, asked.padding);
    } catch (error) {
      found.statistics = error.message;
    }
  }
  return found;
});
process.stdout.write(JSON.stringify(answers));
"""


def drawings(grid: SliceGrid, random: np.random.Generator) -> list[dict]:
    """Drawings anywhere on the slice and over its edge, some of them tiny."""

    def places(count: int, *, spread: float = 40) -> np.ndarray:
        middle = random.uniform((-10, -10), (COLUMNS + 10, ROWS + 10))
        return middle + random.uniform(-spread, spread, (count, 2))

    def in_patient(places: np.ndarray) -> list[list[float]]:
        right, down = np.array(grid.right), np.array(grid.down)
        return [
            list(np.array(grid.origin_mm) + x * grid.column_mm * right + y * grid.row_mm * down)
            for x, y in places
        ]

    def ellipse(spread: float) -> list[list[float]]:
        (x, y), (far_x, far_y) = places(2, spread=spread)
        middle_x, middle_y = (x + far_x) / 2, (y + far_y) / 2
        return in_patient(
            np.array([(x, middle_y), (far_x, middle_y), (middle_x, y), (middle_x, far_y)])
        )

    found = []
    for spread in (40, 40, 40, 8, 8, 0.4):
        found += [
            {"kind": "length", "points_mm": in_patient(places(2))},
            {"kind": "angle", "points_mm": in_patient(places(3))},
            {"kind": "ellipse", "points_mm": ellipse(spread)},
            {"kind": "freehand", "points_mm": in_patient(places(3, spread=spread))},
            {"kind": "freehand", "points_mm": in_patient(places(40, spread=spread))},
        ]
    return found


def in_the_browser(drawn: list[dict], *, padding: tuple[int, int] | None) -> list[dict]:
    asked = {"drawn": drawn, "values": VALUES.ravel().tolist(), "padding": padding}
    node = Path(sys.executable).with_name("node")
    done = subprocess.run(
        [
            str(node),
            "--no-warnings",
            "--input-type=module",
            "-e",
            SCRIPT,
            str(ROOT / "imaging" / "viewer"),
        ],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("padding", [None, PADDING], ids=["", "padding"])
@pytest.mark.parametrize("name", GRIDS)
def test_every_drawing_has_the_same_numbers_on_both_sides(name, padding):
    position, orientation, spacing = GRIDS[name]
    grid = SliceGrid(position, orientation[:3], orientation[3:], *spacing, ROWS, COLUMNS)
    drawn = drawings(grid, np.random.default_rng(3))
    place = {
        "position_mm": position,
        "orientation": orientation,
        "pixel_spacing_mm": spacing,
        "rows": ROWS,
        "columns": COLUMNS,
    }
    theirs = in_the_browser([one | {"slice": place} for one in drawn], padding=padding)

    with_pixels = 0
    for one, answer in zip(drawn, theirs, strict=True):
        kind, points = one["kind"], one["points_mm"]
        if kind == "length":
            assert answer["length_mm"] == pytest.approx(measurements.length_mm(points), rel=1e-12)
            continue
        if kind == "angle":
            assert answer["angle_deg"] == pytest.approx(measurements.angle_deg(points), rel=1e-12)
            continue
        area, inside = (
            (measurements.ellipse_area_mm2(points), inside_ellipse(points, grid))
            if kind == "ellipse"
            else (measurements.outline_area_mm2(points), inside_outline(points, grid))
        )
        assert answer["area_mm2"] == pytest.approx(area, rel=1e-9)
        said = answer["statistics"]
        if isinstance(said, str):
            with pytest.raises(NoStatisticsError, match=said):
                roi_statistics(inside, VALUES, padding)
            continue
        with_pixels += 1
        ours = roi_statistics(inside, VALUES, padding)
        assert (said["pixels"], said["min_hu"], said["max_hu"]) == (
            ours.pixels,
            ours.min_hu,
            ours.max_hu,
        )
        assert said["mean_hu"] == pytest.approx(ours.mean_hu, rel=1e-12)
        assert said["sd_hu"] == pytest.approx(ours.sd_hu, rel=1e-9, abs=1e-9)
    assert with_pixels >= 9
