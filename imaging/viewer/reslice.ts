/** Planes through a volume: interpolated between voxels, or the brightest within a slab. */
import { dot, minus, type Vector } from './vectors.ts';
import { normalOf, toPatient, type View } from './view_plane.ts';
import type { Volume } from './volume.ts';

/** No HU: outside the volume, or a slice that has not arrived. */
export const NOTHING = -32768;

export interface Reslicing {
  /** Thickness of the slab whose maximum is shown; 0 shows the plane alone. */
  slab_mm: number;
  /**
   * Side of a sample in stage pixels: 1 is sharp, 2 a quarter of the work. Layers of a slab are then
   * farther apart, too.
   */
  coarseness: number;
}

export interface Resliced {
  width: number;
  height: number;
  values_hu: Int16Array;
}

/**
 * HU on a grid over the stage.
 *
 * Values between voxels are interpolated linearly in three directions; a sharp slab is sampled at
 * half the smallest voxel side. A point whose neighbours are not all there is `NOTHING`.
 */
export function reslice(
  volume: Volume,
  frames: readonly (Int16Array | null)[],
  view: View,
  { slab_mm, coarseness }: Reslicing,
): Resliced {
  const width = Math.max(1, Math.ceil(view.stage.width / coarseness));
  const height = Math.max(1, Math.ceil(view.stage.height / coarseness));
  const values_hu = new Int16Array(width * height).fill(NOTHING);
  const start = indexOf(volume, toPatient(view, { x: coarseness / 2, y: coarseness / 2 }));
  const step_mm = view.mm_per_px * coarseness;
  const across = stepOf(volume, view.plane.right, step_mm);
  const downwards = stepOf(volume, view.plane.down, step_mm);
  const layer_mm = (Math.min(volume.column_mm, volume.row_mm, volume.slice_mm) * Math.min(2, coarseness)) / 2;
  const layers = slab_mm > 0 ? Math.max(1, Math.round(slab_mm / layer_mm)) : 0;
  const deeper = stepOf(volume, normalOf(view.plane), layers > 0 ? slab_mm / layers : 0);
  // All layers of a row before the next row: they lie near to each other in memory.
  for (let y = 0; y < height; y += 1) {
    for (let layer = 0; layer <= layers; layer += 1) {
      const depth = layer - layers / 2;
      const rowStart: Vector = [
        start[0] + y * downwards[0] + depth * deeper[0],
        start[1] + y * downwards[1] + depth * deeper[1],
        start[2] + y * downwards[2] + depth * deeper[2],
      ];
      addRow(volume, frames, values_hu, { at: y * width, samples: width }, [rowStart, across]);
    }
  }
  return { width, height, values_hu };
}

/** Keep the larger of what is there and the samples along one row of one layer. */
function addRow(
  { columns, rows, slices }: Volume,
  frames: readonly (Int16Array | null)[],
  into: Int16Array,
  { at: first, samples }: { at: number; samples: number },
  [start, across]: readonly [Vector, Vector],
): void {
  let [i, j, k] = start;
  const end = first + samples;
  for (let at = first; at < end; at += 1, i += across[0], j += across[1], k += across[2]) {
    // A voxel reaches half its side beyond its centre.
    if (i < -0.5 || j < -0.5 || k < -0.5 || i > columns - 0.5 || j > rows - 0.5 || k > slices - 0.5) continue;
    const ci = i < 0 ? 0 : i > columns - 1 ? columns - 1 : i;
    const cj = j < 0 ? 0 : j > rows - 1 ? rows - 1 : j;
    const ck = k < 0 ? 0 : k > slices - 1 ? slices - 1 : k;
    const i0 = ci | 0;
    const j0 = cj | 0;
    const k0 = ck | 0;
    const near = frames[k0];
    const fk = ck - k0;
    const far = fk > 0 ? frames[k0 + 1] : near;
    if (!near || !far) continue;
    const fi = ci - i0;
    const fj = cj - j0;
    const a = j0 * columns + i0;
    const b = fi > 0 ? 1 : 0;
    const c = fj > 0 ? columns : 0;
    const u = (1 - fi) * (1 - fj);
    const v = fi * (1 - fj);
    const w = (1 - fi) * fj;
    const x = fi * fj;
    let value = near[a]! * u + near[a + b]! * v + near[a + c]! * w + near[a + b + c]! * x;
    if (fk > 0) {
      value += fk * (far[a]! * u + far[a + b]! * v + far[a + c]! * w + far[a + b + c]! * x - value);
    }
    const rounded = Math.round(value);
    if (rounded > into[at]!) into[at] = rounded;
  }
}

/** Column, row and slice of a point of the patient; whole numbers are centres of voxels. */
export function indexOf(volume: Volume, point_mm: Vector): Vector {
  const from = minus(point_mm, volume.origin_mm);
  return stepOf(volume, from, 1);
}

function stepOf(volume: Volume, direction: Vector, mm: number): Vector {
  return [
    (dot(direction, volume.right) * mm) / volume.column_mm,
    (dot(direction, volume.down) * mm) / volume.row_mm,
    (dot(direction, volume.onwards) * mm) / volume.slice_mm,
  ];
}

/** HU at a point, interpolated; null outside and where a slice is missing. */
export function sampleAt(
  volume: Volume,
  frames: readonly (Int16Array | null)[],
  point_mm: Vector,
): number | null {
  const into = new Int16Array([NOTHING]);
  const still: Vector = [0, 0, 0];
  addRow(volume, frames, into, { at: 0, samples: 1 }, [indexOf(volume, point_mm), still]);
  return into[0] === NOTHING ? null : (into[0] ?? null);
}
