/**
 * What was measured and marked, as plain data in the patient's coordinates (LPS, mm).
 *
 * Nothing here knows a screen: the same points give the same numbers at every zoom and in every
 * plane, and can be stored and exchanged (DICOM PS3.16 TID 1501, PS3.3 C.18.9).
 */
import { cross, dot, length, minus, plus, times, unit, type Vector } from './vectors.ts';
import type { Plane } from './view_plane.ts';

export type MeasurementKind = 'length' | 'angle' | 'ellipse' | 'freehand' | 'probe' | 'arrow';

export interface Measurement {
  id: number;
  kind: MeasurementKind;
  /** Public id of the series. */
  series: string;
  /** The slice it was drawn on; null on a plane that was reformatted from many. */
  slice_index: number | null;
  /**
   * length: both ends. angle: end, vertex, end. ellipse: ends of one axis, ends of the other.
   * freehand: corners of the outline. probe: the place. arrow: tip, then tail.
   */
  points_mm: Vector[];
  text: string;
}

export interface KeyImage {
  series: string;
  slice_index: number;
  window: { centre_hu: number; width_hu: number };
}

const SMALLEST_AXIS_MM = 0.1;

export function lengthMm(points: readonly Vector[]): number | null {
  const [from, to] = points;
  return from && to ? length(minus(to, from)) : null;
}

/** The angle at the middle point, 0 to 180 degrees; null where an arm has no length. */
export function angleDeg(points: readonly Vector[]): number | null {
  const [from, vertex, to] = points;
  if (!from || !vertex || !to) return null;
  const [one, other] = [minus(from, vertex), minus(to, vertex)];
  if (length(one) === 0 || length(other) === 0) return null;
  // The sine and the cosine together stay exact near 0 and 180 degrees, where either alone does not.
  return (Math.atan2(length(cross(one, other)), dot(one, other)) * 180) / Math.PI;
}

/** The axes of the ellipse in a rectangle whose opposite corners were drawn on a plane. */
export function ellipseBetween(plane: Plane, from: Vector, to: Vector): Vector[] {
  const across = minus(to, from);
  const half_right = dot(across, plane.right) / 2;
  const half_down = dot(across, plane.down) / 2;
  const centre = plus(from, across, 0.5);
  return [
    plus(centre, plane.right, -half_right),
    plus(centre, plane.right, half_right),
    plus(centre, plane.down, -half_down),
    plus(centre, plane.down, half_down),
  ];
}

/** The outline of an ellipse or of a freehand region, as corners of a polygon. */
export function outline({ kind, points_mm }: Pick<Measurement, 'kind' | 'points_mm'>): Vector[] {
  if (kind !== 'ellipse') return points_mm;
  const [left, right, top, bottom] = points_mm;
  if (!left || !right || !top || !bottom) return [];
  const centre = times(plus(left, right), 0.5);
  const one = times(minus(right, left), 0.5);
  const other = times(minus(bottom, top), 0.5);
  return Array.from({ length: 72 }, (_, step) => {
    const turn = (step / 72) * 2 * Math.PI;
    return plus(plus(centre, one, Math.cos(turn)), other, Math.sin(turn));
  });
}

/** Area of an ellipse or of a plane outline, in mm²; null when it encloses nothing. */
export function areaMm2({ kind, points_mm }: Pick<Measurement, 'kind' | 'points_mm'>): number | null {
  if (kind === 'ellipse') {
    const [left, right, top, bottom] = points_mm;
    if (!left || !right || !top || !bottom) return null;
    const area = (Math.PI * length(minus(right, left)) * length(minus(bottom, top))) / 4;
    return area > 0 ? area : null;
  }
  const [first] = points_mm;
  if (kind !== 'freehand' || !first || points_mm.length < 3) return null;
  let sum: Vector = [0, 0, 0];
  for (let at = 1; at + 1 < points_mm.length; at += 1) {
    const [one, other] = [points_mm[at], points_mm[at + 1]];
    if (one && other) sum = plus(sum, cross(minus(one, first), minus(other, first)));
  }
  const area = length(sum) / 2;
  return area > 0 ? area : null;
}

/**
 * The points after one of them was moved.
 *
 * An ellipse keeps its other end and its second axis in the middle; an outline moves as a whole.
 */
export function withPointMoved(
  { kind, points_mm }: Pick<Measurement, 'kind' | 'points_mm'>,
  index: number,
  to_mm: Vector,
): Vector[] {
  const point = points_mm[index];
  if (!point) return points_mm;
  if (kind === 'freehand') return points_mm.map((one) => plus(one, minus(to_mm, point)));
  if (kind !== 'ellipse') return points_mm.map((one, at) => (at === index ? to_mm : one));
  const opposite = points_mm[index ^ 1];
  if (!opposite) return points_mm;
  const axis = unit(minus(point, opposite));
  const moved = plus(opposite, axis, Math.max(SMALLEST_AXIS_MM, dot(minus(to_mm, opposite), axis)));
  const shift = times(minus(moved, point), 0.5);
  return points_mm.map((one, at) => (at === index ? moved : at === (index ^ 1) ? one : plus(one, shift)));
}
