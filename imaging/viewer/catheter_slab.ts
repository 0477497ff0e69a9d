/** The slab along a catheter: through the points put on it, turned about the line they lie on. */
import { cross, dot, length, minus, plus, times, unit, type Vector } from './vectors.ts';
import type { Extent, Plane } from './view_plane.ts';

export interface CatheterSlab {
  plane: Plane;
  /** What of the plane is shown, in mm from its origin. */
  extent: Extent;
  /** Thickness: as wanted, or more where the points need it. */
  slab_mm: number;
  /** From the first point to the last along all others. */
  path_mm: number;
}

/** Shown around the points, and held around them in depth. */
const AROUND_MM = 25;
const DEPTH_AROUND_MM = 2;
const SHORTEST_MM = 1;
/** Points nearer to the line than this say nothing of the plane a bend lies in. */
const STRAIGHT_MM = 0.5;

/**
 * The line goes from the first point to the last, feet downwards. Unturned, the plane holds the
 * point farthest from the line; without a bend it is as sagittal as the line allows. The slab is
 * as thick as wanted, and always thick enough to hold every point.
 *
 * Returns null where the points make no line.
 */
export function catheterSlab(
  points_mm: readonly Vector[],
  { turn_deg, wanted_mm }: { turn_deg: number; wanted_mm: number },
): CatheterSlab | null {
  const first = points_mm[0];
  const last = points_mm[points_mm.length - 1];
  if (!first || !last || length(minus(last, first)) < SHORTEST_MM) return null;
  const along = unit(minus(last, first));
  const down = along[2] > 0 ? times(along, -1) : along;
  const unturned = bendOf(points_mm, first, down) ?? sagittalTo(down);
  const turn = (turn_deg * Math.PI) / 180;
  const right = plus(times(unturned, Math.cos(turn)), cross(down, unturned), Math.sin(turn));
  const normal = cross(right, down);

  const from = points_mm.map((point) => minus(point, first));
  const depth = spanOf(from.map((one) => dot(one, normal)));
  const across = spanOf(from.map((one) => dot(one, right)));
  const downwards = spanOf(from.map((one) => dot(one, down)));
  return {
    plane: { origin_mm: plus(first, normal, (depth.low + depth.high) / 2), right, down },
    extent: {
      left_mm: across.low - AROUND_MM,
      right_mm: across.high + AROUND_MM,
      top_mm: downwards.low - AROUND_MM,
      bottom_mm: downwards.high + AROUND_MM,
    },
    slab_mm: Math.max(wanted_mm, depth.high - depth.low + 2 * DEPTH_AROUND_MM),
    path_mm: pathMm(points_mm),
  };
}

function pathMm(points_mm: readonly Vector[]): number {
  return points_mm.reduce((sum, point, at) => {
    const before = points_mm[at - 1];
    return before ? sum + length(minus(point, before)) : sum;
  }, 0);
}

/** Towards the point farthest from the line, the back to the right as in a sagittal plane. */
function bendOf(points_mm: readonly Vector[], first: Vector, down: Vector): Vector | null {
  const aside = points_mm.map((point) => {
    const from = minus(point, first);
    return plus(from, down, -dot(from, down));
  });
  const farthest = aside.reduce((far, one) => (length(one) > length(far) ? one : far));
  if (length(farthest) < STRAIGHT_MM) return null;
  const right = unit(farthest);
  const isTurned = Math.abs(right[1]) > Math.abs(right[0]) ? right[1] < 0 : right[0] < 0;
  return isTurned ? times(right, -1) : right;
}

function sagittalTo(down: Vector): Vector {
  const back: Vector = Math.abs(down[1]) < 0.95 ? [0, 1, 0] : [1, 0, 0];
  return unit(plus(back, down, -dot(back, down)));
}

function spanOf(numbers: readonly number[]): { low: number; high: number } {
  return { low: Math.min(...numbers), high: Math.max(...numbers) };
}
