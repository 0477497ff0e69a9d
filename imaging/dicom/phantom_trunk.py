"""Soft tissue, ribs and pelvis of the CT phantom, drawn slice by slice."""

import numpy as np

from .phantom_anatomy import FAT_MM, HU_FAT, HU_MUSCLE, SKIN_MM, WALL_MM, Anatomy, ramp
from .phantom_shapes import Canvas, FloatArray, Point, Tissue, smooth_union
from .phantom_spine import draw_bone, draw_spine

HU_SKIN, HU_GAS, HU_LUNG = 30.0, -960.0, -820.0

RIB_REACH = (2.6, 2.6, 2.6, 2.6, 1.7, 1.15)
"""How far the ribs T7 to T12 reach round the trunk, radians from the back."""

ORGANS: tuple[tuple[Point, float, tuple[float, float, float], float], ...] = (
    (Point(-48.0, -14.0), 206.0, (60.0, 58.0, 78.0), 62.0),
    (Point(74.0, 22.0), 196.0, (20.0, 30.0, 44.0), 52.0),
    (Point(42.0, -30.0), 196.0, (36.0, 32.0, 40.0), 26.0),
)
"""Liver, spleen, stomach: centre, its height, half sizes, HU."""


def draw_body(canvas: Canvas, anatomy: Anatomy, *, pump: FloatArray) -> None:
    """Draw one slice of the trunk; `pump` is the distance to the pump, which lifts the skin."""
    trunk = _trunk_distance(canvas, anatomy)
    skin = smooth_union(trunk, pump - np.float32(8.0), radius_mm=22.0)
    canvas.draw(_table_distance(canvas, anatomy), hu=-420.0, tissue=Tissue.AIR)
    canvas.draw(skin, hu=HU_SKIN, tissue=Tissue.SOFT_TISSUE)
    canvas.draw(skin + np.float32(SKIN_MM), hu=HU_FAT, tissue=Tissue.FAT)
    canvas.draw(trunk + np.float32(FAT_MM), hu=HU_MUSCLE, tissue=Tissue.SOFT_TISSUE)
    cavity = trunk + np.float32(FAT_MM + WALL_MM)
    canvas.draw(cavity, hu=HU_FAT, tissue=Tissue.FAT)
    _draw_bowel(canvas, anatomy, cavity)
    _draw_organs(canvas, cavity)
    _draw_lungs(canvas, anatomy, cavity)
    _draw_muscles(canvas, anatomy, cavity)
    _draw_ribs_and_pelvis(canvas, anatomy, trunk)
    draw_spine(canvas, anatomy)


def _trunk_distance(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    half_width, half_depth = anatomy.trunk_half_sizes_mm(canvas.z_mm)
    x, y = (
        np.abs(canvas.x_mm) / np.float32(half_width),
        np.abs(canvas.y_mm) / np.float32(half_depth),
    )
    front = (x**2.3 + y**2.3) ** (1 / 2.3)
    back = (x**3 + y**3) ** (1 / 3)
    norm = np.where(canvas.y_mm < 0, front, back) + np.float32(1e-4)
    return np.asarray(np.hypot(canvas.x_mm, canvas.y_mm) * (1 - 1 / norm), dtype=np.float32)


def _table_distance(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    surface = np.float32(anatomy.half_depth_mm + 5.0) - canvas.x_mm**2 / np.float32(1400.0)
    return np.asarray(np.abs(canvas.y_mm - surface) - np.float32(1.5), dtype=np.float32)


def _draw_organs(canvas: Canvas, cavity: FloatArray) -> None:
    for centre, z_mm, sizes, hu in ORGANS:
        _draw_organ(canvas, cavity, centre, z_mm, sizes, hu)
    stomach, z_mm, (width, depth, height), _ = ORGANS[-1]
    gas_level = canvas.y_mm - np.float32(stomach.y_mm - 6.0)
    _draw_organ(
        canvas,
        np.maximum(cavity, gas_level),
        stomach,
        z_mm,
        (width - 3, depth - 3, height - 3),
        HU_GAS,
        tissue=Tissue.BOWEL_GAS,
    )


def _draw_bowel(canvas: Canvas, anatomy: Anatomy, cavity: FloatArray) -> None:
    for x, y, z, width, depth, height, gas in anatomy.bowel:
        centre = Point(x, y)
        _draw_organ(canvas, cavity, centre, z, (width, depth, height), 48.0)
        inner = (width - 2.4, depth - 2.4, height - 2.4)
        _draw_organ(canvas, cavity, centre, z, inner, 18.0)
        if gas > 0.62:
            above = np.maximum(cavity, canvas.y_mm - np.float32(y - 1.0))
            _draw_organ(canvas, above, centre, z, inner, HU_GAS, tissue=Tissue.BOWEL_GAS)


def _draw_organ(
    canvas: Canvas,
    limit: FloatArray,
    centre: Point,
    z_mm: float,
    sizes_mm: tuple[float, float, float],
    hu: float,
    *,
    tissue: Tissue = Tissue.SOFT_TISSUE,
) -> None:
    """Draw an ellipsoid as far as it lies two millimetres inside the limit."""
    if abs(canvas.z_mm - z_mm) >= sizes_mm[2]:
        return
    reach = Point(sizes_mm[0] + 2.0, sizes_mm[1] + 2.0)
    window = canvas.window(
        Point(centre.x_mm - reach.x_mm, centre.y_mm - reach.y_mm),
        Point(centre.x_mm + reach.x_mm, centre.y_mm + reach.y_mm),
    )
    part = canvas.part(window)
    organ = np.maximum(part.ellipsoid(centre, z_mm, sizes_mm), limit[window] + np.float32(2.0))
    part.draw(organ, hu=hu, tissue=tissue)


def _draw_lungs(canvas: Canvas, anatomy: Anatomy, cavity: FloatArray) -> None:
    """The bases, deepest at the back and the sides."""
    half_width, half_depth = anatomy.trunk_half_sizes_mm(canvas.z_mm)
    radius = np.hypot(canvas.x_mm / half_width, canvas.y_mm / half_depth)
    floor = 196.0 + 62.0 * np.clip(0.8 - radius, 0, 1) - 16.0 * canvas.y_mm / half_depth
    lungs = np.maximum(cavity + np.float32(1.0), (floor - canvas.z_mm).astype(np.float32))
    body = canvas.ellipse(Point(0.0, 22.0), 24.0, 26.0)
    canvas.draw(np.maximum(lungs, -body), hu=HU_LUNG, tissue=Tissue.LUNG)


def _draw_muscles(whole: Canvas, anatomy: Anatomy, whole_cavity: FloatArray) -> None:
    centre, z = anatomy.canal(whole.z_mm), whole.z_mm
    window = whole.window(
        Point(centre.x_mm - 78.0, centre.y_mm - 62.0),
        Point(centre.x_mm + 78.0, centre.y_mm + 45.0),
    )
    canvas, cavity = whole.part(window), whole_cavity[window]
    behind = canvas.ellipse(Point(centre.x_mm, centre.y_mm + 17.0), 62.0, 26.0)
    canvas.draw(np.maximum(behind, cavity - np.float32(6.0)), hu=HU_FAT, tissue=Tissue.FAT)
    psoas = 4.0 + 11.0 * ramp(z, high=40.0, low=150.0)
    for side in (-1, 1):
        x, y = centre.x_mm, centre.y_mm
        muscles = [
            canvas.ellipse(Point(x + side * 27, y + 21), 22.0, 14.5),
            canvas.ellipse(Point(x + side * 10, y + 20), 8.0, 12.0),
        ]
        if z < 150.0:
            muscles.append(canvas.ellipse(Point(x + side * 31, y - 19), psoas, psoas * 1.2))
            muscles.append(canvas.ellipse(Point(x + side * 50, y + 3), 13.0, 8.0))
        for muscle in muscles:
            canvas.draw(muscle, hu=HU_MUSCLE, tissue=Tissue.SOFT_TISSUE)
        if 90.0 < z < 178.0:
            _draw_kidney(canvas, Point(x + side * 54, y - 19))
    vessels_y = centre.y_mm - 49.0
    canvas.draw(
        canvas.ellipse(Point(centre.x_mm + 6, vessels_y), 6.5, 6.5),
        hu=46.0,
        tissue=Tissue.SOFT_TISSUE,
    )
    canvas.draw(
        canvas.ellipse(Point(centre.x_mm - 12, vessels_y + 1), 8.5, 6.5),
        hu=42.0,
        tissue=Tissue.SOFT_TISSUE,
    )


def _draw_kidney(canvas: Canvas, centre: Point) -> None:
    near = canvas.around(centre, 24.0, 22.0)
    kidney = near.ellipsoid(centre, 134.0, (20.0, 19.0, 43.0))
    near.draw(kidney, hu=36.0, tissue=Tissue.SOFT_TISSUE)
    inward = Point(centre.x_mm * 0.87, centre.y_mm)
    pelvis = near.ellipsoid(inward, 134.0, (10.0, 6.0, 22.0))
    near.draw(pelvis, hu=-80.0, tissue=Tissue.FAT)


def _draw_ribs_and_pelvis(canvas: Canvas, anatomy: Anatomy, trunk: FloatArray) -> None:
    angle = np.arctan2(np.abs(canvas.x_mm), canvas.y_mm)
    depth = (trunk + np.float32(FAT_MM + 4.8)) / np.float32(3.3)
    highest = anatomy.level_base_mm("T8")
    for count in range(6):
        reach = RIB_REACH[count]
        rib_z = highest + 42.0 - 20.5 * count - 30.0 * np.clip(angle - 0.5, 0, None)
        rib = (np.hypot(depth, (canvas.z_mm - rib_z) / 4.8) - 1.0) * 3.3
        ends = np.maximum(0.5 - angle, angle - reach) * 60.0
        draw_bone(canvas, np.maximum(rib, ends).astype(np.float32), cortex_mm=1.4)
    crest = 46.0 * anatomy.height_scale
    if canvas.z_mm < crest:
        share = (1.0 - canvas.z_mm / crest) ** 0.5
        for side in (-1, 1):
            wing = canvas.capsule(
                Point(side * (66.0 - 26.0 * share), 26.0 + 16.0 * share),
                Point(side * (68.0 + 13.0 * share), 24.0 - 26.0 * share),
                3.0 + 1.6 * share,
            )
            canvas.draw(wing - np.float32(7.0), hu=HU_MUSCLE, tissue=Tissue.SOFT_TISSUE)
            draw_bone(canvas, wing)
