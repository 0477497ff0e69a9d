"""Spine of the CT phantom: vertebrae, discs, canal, thecal sac, cord and cauda equina."""

import numpy as np

from .phantom_anatomy import LEVELS, Anatomy, ramp
from .phantom_shapes import (
    Canvas,
    FloatArray,
    Point,
    Tissue,
    intersection,
    smooth_union,
)

HU_CORTEX, HU_MARROW, HU_DISC = 640.0, 215.0, 88.0
HU_EPIDURAL, HU_CSF, HU_CORD, HU_ROOT = -55.0, 8.0, 44.0, 38.0

BODY_SHARE = 0.77
"""Share of a level's height taken by the vertebral body; the rest is disc."""


def spine_window(canvas: Canvas, anatomy: Anatomy) -> tuple[slice, slice]:
    """Rows and columns of the slice that hold spine and paraspinal muscle."""
    centre = anatomy.canal(canvas.z_mm)
    return canvas.window(
        Point(centre.x_mm - 52.0, centre.y_mm - 48.0),
        Point(centre.x_mm + 52.0, centre.y_mm + 46.0),
    )


def draw_spine(whole: Canvas, anatomy: Anatomy) -> None:
    """Draw vertebrae, discs, epidural fat and the sac of one slice."""
    canvas = whole.part(spine_window(whole, anatomy))
    canal = canal_distance(canvas, anatomy)
    for level in LEVELS:
        base, height = anatomy.level_base_mm(level), anatomy.level_height_mm(level)
        if not base - 0.6 * height < canvas.z_mm < base + 1.4 * height:
            continue
        if base <= canvas.z_mm < base + height:
            disc = _vertebral_body(canvas, anatomy, flare=1.0)
            canvas.draw(np.maximum(disc, -canal), hu=HU_DISC, tissue=Tissue.DISC)
        bone = np.minimum(_body_and_pedicles(canvas, anatomy, level), _arch(canvas, anatomy, level))
        if level == "S1":
            bone = np.minimum(bone, _sacral_wings(canvas, anatomy))
        draw_bone(canvas, np.maximum(bone, -canal))
    canvas.draw(canal, hu=HU_EPIDURAL, tissue=Tissue.EPIDURAL)
    canvas.draw(sac_distance(canvas, anatomy), hu=HU_CSF, tissue=Tissue.CSF)


def draw_nerves(canvas: Canvas, anatomy: Anatomy, *, cord_shift_mm: float) -> None:
    """Draw cord and cauda equina into the sac."""
    canvas = canvas.around(anatomy.canal(canvas.z_mm), 14.0, 14.0)
    cord = cord_distance(canvas, anatomy, shift_mm=cord_shift_mm)
    canvas.draw(cord, hu=HU_CORD, tissue=Tissue.CORD)
    canvas.draw(roots_distance(canvas, anatomy), hu=HU_ROOT, tissue=Tissue.NERVE_ROOT)


def draw_bone(canvas: Canvas, distance: FloatArray, *, cortex_mm: float = 1.5) -> None:
    """Draw a bone with its cortex; what is thinner than two cortices has no marrow."""
    canvas.draw(distance, hu=HU_CORTEX, tissue=Tissue.BONE)
    canvas.draw(distance + np.float32(cortex_mm), hu=HU_MARROW, tissue=Tissue.BONE)


def canal_distance(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    """Signed distance to the bony canal, more triangular in the lumbar region."""
    centre = anatomy.canal(canvas.z_mm)
    half_width, half_depth = anatomy.canal_half_sizes_mm(canvas.z_mm)
    oval = canvas.ellipse(centre, half_width, half_depth)
    roof = canvas.capsule(
        Point(centre.x_mm, centre.y_mm),
        Point(centre.x_mm, centre.y_mm + half_depth - 1.0),
        3.2,
    )
    return smooth_union(oval, roof, radius_mm=4.0)


def sac_distance(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    """Signed distance to the thecal sac."""
    return canvas.ellipse(anatomy.canal(canvas.z_mm), *anatomy.sac_half_sizes_mm(canvas.z_mm))


def cord_distance(canvas: Canvas, anatomy: Anatomy, *, shift_mm: float = 0.0) -> FloatArray:
    """Signed distance to the cord, optionally pushed sideways."""
    cord = anatomy.cord(canvas.z_mm)
    return canvas.ellipse(
        Point(cord.x_mm + shift_mm, cord.y_mm), *anatomy.cord_half_sizes_mm(canvas.z_mm)
    )


def roots_distance(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    """Signed distance to the cauda equina, which lies in the back of the sac below the conus."""
    roots = canvas.blank()
    centre = anatomy.canal(canvas.z_mm)
    taper = anatomy.sac_half_sizes_mm(canvas.z_mm)[0] / 8.8
    if canvas.z_mm < anatomy.conus_z_mm + 12.0:
        for x_mm, y_mm in anatomy.root_offsets_mm:
            root = Point(centre.x_mm + taper * x_mm, centre.y_mm + taper * y_mm)
            away = np.hypot(
                canvas.x_mm - np.float32(root.x_mm), canvas.y_mm - np.float32(root.y_mm)
            )
            roots = np.minimum(roots, away - np.float32(0.65))
    return roots


def _vertebral_body(canvas: Canvas, anatomy: Anatomy, *, flare: float) -> FloatArray:
    centre = anatomy.canal(canvas.z_mm)
    lumbar = ramp(canvas.z_mm, high=90.0, low=200.0)
    width, depth = (15.5 + 5.0 * lumbar) * flare, (12.5 + 2.5 * lumbar) * flare
    back = anatomy.canal_half_sizes_mm(canvas.z_mm)[1]
    oval = canvas.ellipse(Point(centre.x_mm, centre.y_mm - back - depth + 3.2), width, depth)
    wall = canvas.y_mm - np.float32(centre.y_mm - back + 1.2)
    return intersection(oval, wall)


def _body_and_pedicles(canvas: Canvas, anatomy: Anatomy, level: str) -> FloatArray:
    base, z = anatomy.level_base_mm(level), canvas.z_mm
    body_height = BODY_SHARE * anatomy.level_height_mm(level)
    share = min(1.0, max(0.0, (z - base) / body_height))
    flare = 0.93 + 0.07 * (2 * share - 1) ** 2
    bone = canvas.slab(_vertebral_body(canvas, anatomy, flare=flare), base, base + body_height)
    centre = anatomy.canal(z)
    half_width, half_depth = anatomy.canal_half_sizes_mm(z)
    for side in (-1, 1):
        x = centre.x_mm + side * (half_width + 2.6)
        pedicle = canvas.capsule(
            Point(x - side * 1.0, centre.y_mm - half_depth - 2.0),
            Point(x, centre.y_mm + 5.0),
            3.9,
        )
        bone = np.minimum(
            bone,
            canvas.slab(pedicle, base + 0.45 * body_height, base + 0.95 * body_height),
        )
    return bone


def _arch(canvas: Canvas, anatomy: Anatomy, level: str) -> FloatArray:
    """Laminae, spinous and transverse processes, and the facets with their joint space."""
    base, z = anatomy.level_base_mm(level), canvas.z_mm
    height = BODY_SHARE * anatomy.level_height_mm(level)
    share = (z - base) / height
    centre = anatomy.canal(z)
    half_width, half_depth = anatomy.canal_half_sizes_mm(z)
    x, y = centre.x_mm, centre.y_mm
    ridge = Point(x, y + half_depth + 4.6)
    thoracic = level.startswith("T")
    lean = 9.0 * (0.5 - share) if thoracic else 0.0
    spinous = canvas.capsule(
        Point(x, ridge.y_mm + lean * 0.5), Point(x, ridge.y_mm + 17.0 + lean * 0.4), 2.3
    )
    knob = canvas.ellipse(Point(x, ridge.y_mm + 17.5 + lean * 0.4), 3.1, 3.6)
    bone = canvas.slab(
        np.minimum(spinous, knob),
        base - (0.55 if thoracic else 0.15) * height,
        base + 0.48 * height,
    )
    for side in (-1, 1):
        outer = Point(x + side * (half_width + 2.4), y + 6.0)
        lamina = canvas.capsule(outer, ridge, 2.5)
        bone = np.minimum(bone, canvas.slab(lamina, base - 0.05 * height, base + 0.62 * height))
        reach, rise = (15.0, 9.0) if thoracic else (24.0, 5.0)
        process = canvas.capsule(
            Point(x + side * (half_width + 4), y + 2.0),
            Point(x + side * (half_width + reach), y + 2.0 + rise),
            2.7,
        )
        bone = np.minimum(bone, canvas.slab(process, base + 0.5 * height, base + 0.85 * height))
        upper = canvas.ellipse(Point(x + side * (half_width + 6.2), y + 5.0), 3.6, 4.2)
        bone = np.minimum(bone, canvas.slab(upper, base + 0.8 * height, base + 1.3 * height))
        lower = canvas.ellipse(Point(x + side * (half_width + 0.6), y + 11.2), 3.4, 3.6)
        bone = np.minimum(bone, canvas.slab(lower, base - 0.33 * height, base + 0.3 * height))
    return bone


def _sacral_wings(canvas: Canvas, anatomy: Anatomy) -> FloatArray:
    centre = anatomy.canal(canvas.z_mm)
    wings = canvas.capsule(
        Point(centre.x_mm - 36.0, centre.y_mm - 2.0),
        Point(centre.x_mm + 36.0, centre.y_mm - 2.0),
        10.0,
    )
    return canvas.slab(wings, -20.0, 4.0)
