"""Voxels of the CT phantom: anatomy, device and contrast drawn slice by slice, then scanned."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .phantom_anatomy import HEIGHT_MM, LEVELS, Anatomy, anatomy_of_seed
from .phantom_contrast import (
    PhantomFinding,
    Scene,
    cord_shift_mm,
    draw_contrast,
    filled_to,
    scene_of,
)
from .phantom_device import (
    catheter_of,
    draw_catheter,
    draw_streaks,
    pump_of,
    reconstruct,
)
from .phantom_shapes import Canvas, FloatArray, LabelArray, MaskArray, Tissue, blur
from .phantom_spine import draw_nerves
from .phantom_trunk import draw_body

DEFAULT_SHAPE = (72, 256, 256)
FIELD_OF_VIEW_MM = 256.0
HU_LOWEST, HU_HIGHEST = -1024, 3071
"""What 12 stored bits and an intercept of -1024 can hold; metal saturates at the upper end."""

NOISE_HU = 13.0


@dataclass(frozen=True)
class PhantomVolume:
    """A synthetic volume and what is true of it.

    Attributes
    ----------
    hu
        Hounsfield units, int16, shape (slices, rows, columns); slice 0 is the lowest, row 0 the
        front, column 0 the patient's right.
    spacing_mm
        Distance between slices, rows and columns.
    origin_mm
        Position of the centre of the first voxel in the patient's coordinates (x left, y back,
        z up).
    tissue
        `Tissue` codes before contrast and catheter, same shape.
    contrast
        Where contrast outside the catheter fills more than half of a voxel, same shape.
    contrast_ml
        Volume of that contrast, partly filled voxels counted in part.
    tip_slice, entry_slice, connector_slice
        Slices that hold the tip, the dural entry and the connector.
    pump_slices
        First and last slice that hold the pump.
    tip_mm
        Position of the tip in the patient's coordinates.
    level_slices
        Slice at the middle of each vertebral body inside the volume.
    """

    finding: PhantomFinding
    seed: int
    hu: NDArray[np.int16]
    spacing_mm: tuple[float, float, float]
    origin_mm: tuple[float, float, float]
    tissue: LabelArray = field(repr=False)
    contrast: MaskArray = field(repr=False)
    contrast_ml: float
    tip_slice: int
    entry_slice: int
    connector_slice: int
    pump_slices: tuple[int, int]
    tip_mm: tuple[float, float, float]
    level_slices: dict[str, int]


@dataclass(frozen=True)
class _Grid:
    """Coordinates of the voxel centres, each one-dimensional, millimetres."""

    x_mm: FloatArray
    y_mm: FloatArray
    z_mm: FloatArray
    spacing_mm: tuple[float, float, float]

    def slice_at(self, z_mm: float) -> int:
        return int(np.argmin(np.abs(self.z_mm - z_mm)))


def make_volume_hu(
    finding: PhantomFinding,
    *,
    seed: int,
    shape: tuple[int, int, int] = DEFAULT_SHAPE,
    spacing_mm: tuple[float, float, float] | None = None,
) -> PhantomVolume:
    """Make one synthetic volume; equal arguments give equal voxels.

    Parameters
    ----------
    finding
        What the volume shows.
    seed
        Chooses the child: the same seed has the same anatomy in every finding.
    shape
        Slices, rows, columns.
    spacing_mm
        Distance between slices, rows and columns; rows and columns must be equally far apart.
        By default the shape covers 216 mm from S1 to T9 and a field of view of 256 mm.

    Raises
    ------
    ValueError
        Fewer than two slices, rows or columns, or pixels that are not square.
    """
    grid = _grid(shape, spacing_mm)
    anatomy = anatomy_of_seed(seed)
    pump = pump_of(anatomy)
    catheter = catheter_of(anatomy, seed=seed, leaves_canal=finding is PhantomFinding.MALPOSITION)
    scene = scene_of(finding, anatomy=anatomy, pump=pump, catheter=catheter, seed=seed)
    hu, tissue, share = _draw_slices(grid, scene)
    draw_catheter(
        hu,
        catheter,
        x_mm=grid.x_mm,
        y_mm=grid.y_mm,
        z_mm=grid.z_mm,
        filled_to=filled_to(scene),
    )
    hu = reconstruct(hu)
    metal = tissue == Tissue.PUMP
    draw_streaks(hu, pump, x_mm=grid.x_mm, y_mm=grid.y_mm, metal=metal, seed=seed)
    if finding is PhantomFinding.INDETERMINATE:
        hu = _move(hu, pixel_mm=grid.spacing_mm[1])
    hu += _noise(shape, seed=seed, finding=finding)
    pump_slices = np.flatnonzero(metal.any(axis=(1, 2)))
    return PhantomVolume(
        finding=finding,
        seed=seed,
        hu=np.clip(np.rint(hu), HU_LOWEST, HU_HIGHEST).astype(np.int16),
        spacing_mm=grid.spacing_mm,
        origin_mm=(float(grid.x_mm[0]), float(grid.y_mm[0]), float(grid.z_mm[0])),
        tissue=tissue,
        contrast=share > 0.5,
        contrast_ml=float(share.sum(dtype=np.float64) * np.prod(grid.spacing_mm) / 1000.0),
        tip_slice=grid.slice_at(catheter.tip_mm[2]),
        entry_slice=grid.slice_at(scene.entry_z_mm),
        connector_slice=grid.slice_at(float(catheter.points_mm[catheter.connector, 2])),
        pump_slices=(int(pump_slices[0]), int(pump_slices[-1])),
        tip_mm=catheter.tip_mm,
        level_slices=_level_slices(grid, anatomy),
    )


def _grid(shape: tuple[int, int, int], spacing_mm: tuple[float, float, float] | None) -> _Grid:
    slices, rows, columns = shape
    if min(shape) < 2:
        raise ValueError("A volume needs at least two slices, rows and columns.")
    if spacing_mm is None:
        pixel = FIELD_OF_VIEW_MM / max(rows, columns)
        spacing_mm = (HEIGHT_MM / slices, pixel, pixel)
    if spacing_mm[1] != spacing_mm[2]:
        raise ValueError("Rows and columns must be equally far apart.")
    step, pixel = spacing_mm[0], spacing_mm[1]
    return _Grid(
        x_mm=((np.arange(columns) - (columns - 1) / 2) * pixel).astype(np.float32),
        y_mm=((np.arange(rows) - (rows - 1) / 2) * pixel).astype(np.float32),
        z_mm=((np.arange(slices) + 0.5) * step).astype(np.float32),
        spacing_mm=spacing_mm,
    )


def _draw_slices(grid: _Grid, scene: Scene) -> tuple[FloatArray, LabelArray, FloatArray]:
    shape = (len(grid.z_mm), len(grid.y_mm), len(grid.x_mm))
    hu, share = (
        np.full(shape, -1000, dtype=np.float32),
        np.zeros(shape, dtype=np.float32),
    )
    tissue = np.full(shape, Tissue.AIR, dtype=np.uint8)
    for index, z in enumerate(grid.z_mm):
        canvas = Canvas(
            x_mm=grid.x_mm[None, :],
            y_mm=grid.y_mm[:, None],
            z_mm=float(z),
            pixel_mm=grid.spacing_mm[1],
            hu=hu[index],
            tissue=tissue[index],
        )
        draw_body(canvas, scene.anatomy, pump=scene.pump.distance(canvas))
        draw_nerves(canvas, scene.anatomy, cord_shift_mm=cord_shift_mm(scene, canvas.z_mm))
        scene.pump.draw(canvas)
        share[index] = draw_contrast(canvas, scene)
    return hu, tissue, share


def _noise(shape: tuple[int, int, int], *, seed: int, finding: PhantomFinding) -> FloatArray:
    """Noise with the grain of a smooth kernel; a series with motion and dilution has more."""
    rng = np.random.default_rng([seed, 5, list(PhantomFinding).index(finding)])
    white = rng.standard_normal(shape, dtype=np.float32)
    grain = blur(blur(white, weight=0.22, axis=1), weight=0.22, axis=2)
    level = 2.2 * NOISE_HU if finding is PhantomFinding.INDETERMINATE else NOISE_HU
    return grain * np.float32(level / float(grain.std()))


def _move(hu: FloatArray, *, pixel_mm: float) -> FloatArray:
    """The patient moved sideways and breathed: seven faint copies of every slice in one."""
    moved = np.zeros_like(hu)
    for share in np.linspace(-1, 1, 7):
        right_mm, back_mm = 6.0 * share, 3.0 * share**3 + 1.5 * share
        shift = (round(back_mm / pixel_mm), round(right_mm / pixel_mm))
        moved += np.roll(hu, shift, axis=(1, 2)) / np.float32(7.0)
    return moved


def _level_slices(grid: _Grid, anatomy: Anatomy) -> dict[str, int]:
    middles = {
        level: anatomy.level_base_mm(level) + 0.38 * anatomy.level_height_mm(level)
        for level in LEVELS
    }
    lowest, highest = float(grid.z_mm[0]), float(grid.z_mm[-1])
    return {
        level: grid.slice_at(middle)
        for level, middle in middles.items()
        if lowest <= middle <= highest
    }
