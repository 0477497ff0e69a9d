"""Where the contrast is in each synthetic finding.

The definitions are those of the finding dictionary: Abousamra 2016 for crescent, pooling, the
three leak sites and occlusion; [own] for what malposition and an indeterminate study look like.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, pi

import numpy as np

from .phantom_anatomy import Anatomy
from .phantom_device import Catheter, Pump
from .phantom_shapes import Canvas, FloatArray, Point, Tissue, intersection
from .phantom_spine import (
    canal_distance,
    cord_distance,
    roots_distance,
    sac_distance,
    spine_window,
)


class PhantomFinding(StrEnum):
    """What a synthetic series shows."""

    NORMAL_CRESCENT = "normal_crescent"
    INADEQUATE_POOLING = "inadequate_pooling"
    LEAK_PUMP_POCKET_AROUND_PUMP = "leak_pump_pocket_around_pump"
    LEAK_LUMBAR_CANAL_BELOW_ENTRY = "leak_lumbar_canal_below_entry"
    LEAK_LUMBAR_OUTSIDE_CANAL = "leak_lumbar_outside_canal"
    OCCLUSION = "occlusion"
    MALPOSITION = "malposition"
    INDETERMINATE = "indeterminate"
    NO_CONTRAST = "no_contrast"


@dataclass(frozen=True)
class Pool:
    """One rounded portion of contrast; sizes are half width, half depth, half height."""

    centre: Point
    z_mm: float
    sizes_mm: tuple[float, float, float]


@dataclass(frozen=True)
class Scene:
    """Everything the contrast depends on."""

    finding: PhantomFinding
    anatomy: Anatomy
    pump: Pump
    catheter: Catheter
    pools: tuple[Pool, ...]
    phases: tuple[float, ...]

    @property
    def entry_z_mm(self) -> float:
        """Height at which the catheter passes the dura."""
        return float(self.catheter.points_mm[self.catheter.entry, 2])


def scene_of(
    finding: PhantomFinding,
    *,
    anatomy: Anatomy,
    pump: Pump,
    catheter: Catheter,
    seed: int,
) -> Scene:
    """Lay out the irregular parts of a finding; the same seed gives the same parts."""
    rng = np.random.default_rng([seed, 4, list(PhantomFinding).index(finding)])
    scene = Scene(
        finding=finding,
        anatomy=anatomy,
        pump=pump,
        catheter=catheter,
        pools=(),
        phases=tuple(float(value) for value in rng.uniform(0, 2 * pi, 6)),
    )
    match finding:
        case PhantomFinding.INADEQUATE_POOLING:
            pools = _pools_beside_cord(scene, rng)
        case PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP:
            pools = _pools_in_pocket(scene, rng)
        case PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL:
            pools = _pools_beside_spine(scene, rng)
        case PhantomFinding.MALPOSITION:
            pools = _pools_at_foramen(scene, rng)
        case _:
            pools = ()
    return Scene(
        finding=finding,
        anatomy=anatomy,
        pump=pump,
        catheter=catheter,
        pools=pools,
        phases=scene.phases,
    )


def filled_to(scene: Scene) -> int:
    """Index of the catheter point up to which the lumen holds contrast."""
    match scene.finding:
        case PhantomFinding.NO_CONTRAST | PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP:
            return 0
        case PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY:
            return scene.catheter.entry - 3
        case PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL:
            return scene.catheter.entry - 18
        case _:
            return len(scene.catheter.points_mm)


def cord_shift_mm(scene: Scene, z_mm: float) -> float:
    """How far the cord lies aside: pushed by a loculation at the tip, or lying off its middle."""
    away = -scene.anatomy.pump_side
    match scene.finding:
        case PhantomFinding.OCCLUSION:
            return 2.6 * away * exp(-(((z_mm - scene.catheter.tip_mm[2]) / 12.0) ** 2))
        case PhantomFinding.INADEQUATE_POOLING:
            return 2.2 * away
        case _:
            return 0.0


def draw_contrast(whole: Canvas, scene: Scene) -> FloatArray:
    """Draw the contrast of one slice.

    Returns
    -------
    Share of each pixel that is contrast, 0 to 1, shape (rows, columns).
    """
    shares = np.zeros_like(whole.hu)
    if scene.finding is PhantomFinding.NO_CONTRAST:
        return shares
    window = _window(whole, scene)
    canvas = whole.part(window)
    distance, hu, softness = _shape(canvas, scene)
    share = canvas.coverage(distance, softness=softness)
    share[np.isin(canvas.tissue, (Tissue.BONE, Tissue.PUMP))] = 0.0
    canvas.hu[...] += share * (np.float32(hu) - canvas.hu)
    shares[window] = share
    return shares


def _window(whole: Canvas, scene: Scene) -> tuple[slice, slice]:
    """Rows and columns outside which this finding has no contrast."""
    if scene.finding is PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP:
        centre = scene.pump.centre
        return whole.window(
            Point(centre.x_mm - 62.0, centre.y_mm - 62.0),
            Point(centre.x_mm + 62.0, centre.y_mm + 62.0),
        )
    return spine_window(whole, scene.anatomy)


def _shape(canvas: Canvas, scene: Scene) -> tuple[FloatArray, float, float]:
    """Distance to the contrast, its HU, and over how many pixels its border fades."""
    match scene.finding:
        case PhantomFinding.NORMAL_CRESCENT:
            return _crescent(canvas, scene), 600.0, 1.0
        case PhantomFinding.INDETERMINATE:
            return _crescent(canvas, scene), 150.0, 2.0
        case PhantomFinding.INADEQUATE_POOLING:
            return _beside_cord(canvas, scene), 540.0, 1.8
        case PhantomFinding.LEAK_PUMP_POCKET_AROUND_PUMP:
            return _in_pocket(canvas, scene), 350.0, 1.4
        case PhantomFinding.LEAK_LUMBAR_CANAL_BELOW_ENTRY:
            return _below_entry(canvas, scene), 620.0, 1.2
        case PhantomFinding.LEAK_LUMBAR_OUTSIDE_CANAL:
            return _beside_spine(canvas, scene), 480.0, 2.2
        case PhantomFinding.OCCLUSION:
            return _loculation(canvas, scene), 1250.0, 1.0
        case PhantomFinding.MALPOSITION:
            return _at_foramen(canvas, scene), 560.0, 1.6
        case _:
            return canvas.blank(), 0.0, 1.0


def _ripple(canvas: Canvas, scene: Scene, *, size_mm: float) -> FloatArray:
    """An uneven border, a few millimetres long, different for every seed."""
    a, b, c, d, e, f = scene.phases
    z = canvas.z_mm
    wave = (
        np.sin(0.55 * canvas.x_mm + 0.21 * z + a) * np.cos(0.47 * canvas.y_mm - 0.17 * z + b)
        + 0.7 * np.sin(0.93 * canvas.y_mm + 0.31 * z + c) * np.cos(0.31 * canvas.x_mm + d)
        + 0.5 * np.sin(1.3 * canvas.x_mm + 1.1 * canvas.y_mm + 0.4 * z + e) * np.cos(0.3 * z + f)
    )
    return np.asarray(size_mm * wave, dtype=np.float32)


def _union(canvas: Canvas, pools: tuple[Pool, ...]) -> FloatArray:
    distance = canvas.blank()
    for pool in pools:
        distance = np.minimum(distance, canvas.ellipsoid(pool.centre, pool.z_mm, pool.sizes_mm))
    return distance


def _free_csf(canvas: Canvas, scene: Scene, distance: FloatArray) -> FloatArray:
    """Keep what lies in the sac and outside cord and roots."""
    shift = cord_shift_mm(scene, canvas.z_mm)
    nerves = np.minimum(
        cord_distance(canvas, scene.anatomy, shift_mm=shift),
        roots_distance(canvas, scene.anatomy),
    )
    within = np.maximum(distance, sac_distance(canvas, scene.anatomy))
    return intersection(within, np.float32(0.3) - nerves)


def _crescent(canvas: Canvas, scene: Scene) -> FloatArray:
    """The sac less an oval that touches its front: thickest behind, two tapering horns.

    Contrast is heavier than CSF, so in a supine patient it layers behind the cord.
    """
    z, anatomy = canvas.z_mm, scene.anatomy
    fullness = min(1.0, max(0.0, (z - scene.entry_z_mm - 4.0) / 30.0))
    if fullness <= 0.0:
        return canvas.blank()
    centre = anatomy.canal(z)
    half_width, half_depth = anatomy.sac_half_sizes_mm(z)
    inner_width = half_width + 0.7 - 3.6 * fullness
    inner_depth = half_depth - 2.0 * fullness
    forward = half_depth - inner_depth + 1.0 * fullness
    inner = canvas.ellipse(Point(centre.x_mm, centre.y_mm - forward), inner_width, inner_depth)
    return _free_csf(canvas, scene, -inner)


def _pools_beside_cord(scene: Scene, rng: np.random.Generator) -> tuple[Pool, ...]:
    """Two clusters on the side of the catheter: at the tip and, smaller, below the conus."""
    pools = []
    side = scene.anatomy.pump_side
    tip_z = scene.catheter.tip_mm[2]
    for middle_z, reach, count in ((tip_z - 2.0, 20.0, 7), (tip_z - 84.0, 12.0, 4)):
        for share in np.linspace(-1, 1, count):
            z = middle_z + share * reach + float(rng.uniform(-2, 2))
            centre = scene.anatomy.canal(z)
            away = side * float(rng.uniform(4.6, 7.0))
            back = float(rng.uniform(-6.0, 1.5))
            sizes = (
                float(rng.uniform(3.4, 5.6)),
                float(rng.uniform(3.2, 6.0)),
                float(rng.uniform(5.0, 10.0)),
            )
            pools.append(Pool(Point(centre.x_mm + away, centre.y_mm + back), z, sizes))
    return tuple(pools)


def _beside_cord(canvas: Canvas, scene: Scene) -> FloatArray:
    pools = _union(canvas, scene.pools) + _ripple(canvas, scene, size_mm=1.1)
    middle = np.float32(scene.anatomy.canal(canvas.z_mm).x_mm)
    one_side = np.float32(-1.0) - scene.anatomy.pump_side * (canvas.x_mm - middle)
    return _free_csf(canvas, scene, np.maximum(pools, one_side))


def _pools_in_pocket(scene: Scene, rng: np.random.Generator) -> tuple[Pool, ...]:
    """Lobes round the rim of the pump, the largest at its dependent edge."""
    pump, side = scene.pump, scene.anatomy.pump_side
    along = Point(side * abs(pump.normal.y_mm), abs(pump.normal.x_mm))
    pools = []
    for turn in np.linspace(-pi, pi, 11)[:-1]:
        dependent = 0.5 + 0.5 * float(np.cos(turn))
        reach = 38.0 * float(np.cos(turn))
        x = pump.centre.x_mm + along.x_mm * reach + float(rng.uniform(-1, 1))
        y = pump.centre.y_mm + along.y_mm * reach + float(rng.uniform(-1, 1))
        z = pump.z_mm + 37.0 * float(np.sin(turn))
        size = 4.5 + 5.0 * dependent + float(rng.uniform(0, 1.5))
        pools.append(Pool(Point(x, y), z, (size, size * 1.2, size * 1.4)))
    return tuple(pools)


def _in_pocket(canvas: Canvas, scene: Scene) -> FloatArray:
    """A layer round the housing, thicker towards the flank, with lobes."""
    housing = scene.pump.distance(canvas)
    across, along = scene.pump.axes(canvas)
    behind = 1.5 / (1.0 + np.exp(across / 3.0))
    thickness = 1.9 + behind + 2.4 / (1.0 + np.exp(-along / 8.0))
    layer = housing - (thickness + _ripple(canvas, scene, size_mm=0.7)).astype(np.float32)
    lobes = np.maximum(_union(canvas, scene.pools), housing - np.float32(13.0))
    return intersection(np.minimum(layer, lobes), np.float32(0.6) - housing)


def _below_entry(canvas: Canvas, scene: Scene) -> FloatArray:
    """The dependent part of the canal, filled from just below the entry to the end of the scan."""
    z, anatomy = canvas.z_mm, scene.anatomy
    top = scene.entry_z_mm - 6.0
    if z > top:
        return canvas.blank()
    centre = anatomy.canal(z)
    canal = canal_distance(canvas, anatomy) + np.float32(0.8)
    depth = 2.5 - 7.5 * max(0.0, 1.0 - (top - z) / 14.0)
    tilt = 0.22 * anatomy.pump_side * (canvas.x_mm - np.float32(centre.x_mm))
    level = np.float32(centre.y_mm - depth) - canvas.y_mm - tilt
    fluid = np.maximum(canal, level + _ripple(canvas, scene, size_mm=0.6))
    fluid = np.minimum(fluid, _into_foramen(canvas, scene))
    return intersection(fluid, np.float32(0.1) - roots_distance(canvas, anatomy))


def _into_foramen(canvas: Canvas, scene: Scene) -> FloatArray:
    """Contrast that follows the nerve roots out of the canal at L4/5 and L5/S1."""
    side, exits = scene.anatomy.pump_side, canvas.blank()
    centre = scene.anatomy.canal(canvas.z_mm)
    for level in ("L4", "L5"):
        z_mm = scene.anatomy.level_base_mm(level) - 2.0
        start = Point(centre.x_mm + side * 6.0, centre.y_mm + 1.0)
        end = Point(centre.x_mm + side * 17.5, centre.y_mm - 4.0)
        exits = np.minimum(
            exits, canvas.slab(canvas.capsule(start, end, 2.3), z_mm - 4.0, z_mm + 4.0)
        )
    return exits


def _pools_beside_spine(scene: Scene, rng: np.random.Generator) -> tuple[Pool, ...]:
    """Lobes in the muscle behind and beside the laminae of L2 to L4."""
    side = scene.anatomy.pump_side
    low = scene.anatomy.level_base_mm("L4") + 8.0
    high = scene.anatomy.level_base_mm("L1") - 8.0
    torn = scene.catheter.points_mm[scene.catheter.entry - 18]
    pools = [
        Pool(
            Point(float(torn[0]) + side * 2.0, float(torn[1])),
            float(torn[2]),
            (5.5, 4.5, 7),
        )
    ]
    for share in np.linspace(0, 1, 7):
        z = low + share * (high - low)
        centre = scene.anatomy.canal(z)
        bulk = 0.55 + 0.45 * float(np.sin(pi * min(1.0, share + 0.2)))
        away = side * float(rng.uniform(17.0, 25.0))
        back = float(rng.uniform(17.0, 26.0))
        sizes = (
            bulk * float(rng.uniform(7.0, 11.0)),
            bulk * float(rng.uniform(4.5, 7.5)),
            float(rng.uniform(9.0, 13.0)),
        )
        pools.append(Pool(Point(centre.x_mm + away, centre.y_mm + back), z, sizes))
    return tuple(pools)


def _beside_spine(canvas: Canvas, scene: Scene) -> FloatArray:
    """Feathery between the muscle fibres, and never in the canal."""
    pools = _union(canvas, scene.pools) + _ripple(canvas, scene, size_mm=1.0)
    canal = canal_distance(canvas, scene.anatomy)
    return intersection(pools, np.float32(4.0) - canal)


def _loculation(canvas: Canvas, scene: Scene) -> FloatArray:
    """One smooth, sharply bordered bleb about the tip."""
    x, y, z = scene.catheter.tip_mm
    centre = Point(x - 0.6 * scene.anatomy.pump_side, 0.6 * y + 0.4 * scene.anatomy.canal(z).y_mm)
    bleb = canvas.ellipsoid(centre, z + 2.0, (4.9, 5.3, 12.0))
    return intersection(bleb, sac_distance(canvas, scene.anatomy) + np.float32(0.4))


def _pools_at_foramen(scene: Scene, rng: np.random.Generator) -> tuple[Pool, ...]:
    """Contrast about a tip that lies beside the spine."""
    x, y, z = scene.catheter.tip_mm
    return tuple(
        Pool(
            Point(x + float(rng.uniform(-5, 5)), y + float(rng.uniform(-5, 5))),
            z + float(rng.uniform(-8, 6)),
            (
                float(rng.uniform(3, 5)),
                float(rng.uniform(4, 7)),
                float(rng.uniform(5, 9)),
            ),
        )
        for _ in range(5)
    )


def _at_foramen(canvas: Canvas, scene: Scene) -> FloatArray:
    pools = _union(canvas, scene.pools) + _ripple(canvas, scene, size_mm=0.9)
    return intersection(pools, np.float32(2.0) - canal_distance(canvas, scene.anatomy))
