import { expect, test } from 'vitest';
import { angleDeg, areaMm2, ellipseBetween, lengthMm, outline, withPointMoved } from '../../../../imaging/viewer/measurements.ts';
import { dot, length, minus, plus, type Vector } from '../../../../imaging/viewer/vectors.ts';
import type { Plane } from '../../../../imaging/viewer/view_plane.ts';

const TILT = (20 * Math.PI) / 180;
/** A plane tilted by 20 degrees about the patient's x axis. */
const TILTED: Plane = {
  origin_mm: [-50, -50, 12],
  right: [1, 0, 0],
  down: [0, Math.cos(TILT), -Math.sin(TILT)],
};

test('a length is the distance in space, not in a plane', () => {
  expect(lengthMm([[1, 2, 3], [4, 6, 15]])).toBeCloseTo(13, 12);
  expect(lengthMm([[1, 2, 3]])).toBeNull();
});

test.each([
  [[1, 0, 0], [0, 1, 0], 90],
  [[1, 0, 0], [-1, 0, 0], 180],
  [[1, 0, 0], [1, 1e-7, 0], (1e-7 * 180) / Math.PI],
  [[0, 1, 1], [0, 0, 1], 45],
] as [Vector, Vector, number][])('the angle between %j and %j is %d degrees', (from, to, expected) => {
  expect(angleDeg([from, [0, 0, 0], to])).toBeCloseTo(expected, 9);
});

test('an arm without length has no angle', () => {
  expect(angleDeg([[1, 1, 1], [1, 1, 1], [2, 0, 0]])).toBeNull();
  expect(angleDeg([[1, 1, 1], [2, 2, 2]])).toBeNull();
});

test('an ellipse keeps its axes in the plane it was drawn on', () => {
  const to: Vector = [-30, -50 + 10 * Math.cos(TILT), 12 - 10 * Math.sin(TILT)];
  const points_mm = ellipseBetween(TILTED, TILTED.origin_mm, to);
  const [left, right, top, bottom] = points_mm as [Vector, Vector, Vector, Vector];
  expect(length(minus(right, left))).toBeCloseTo(20, 9);
  expect(length(minus(bottom, top))).toBeCloseTo(10, 9);
  expect(areaMm2({ kind: 'ellipse', points_mm })).toBeCloseTo(Math.PI * 10 * 5, 9);
  for (const [x, y, z] of outline({ kind: 'ellipse', points_mm })) {
    const off = (y + 50) * Math.sin(TILT) + (z - 12) * Math.cos(TILT);
    expect(Math.abs(off) + Math.max(0, x + 29.999)).toBeLessThan(1e-9 + 0.001);
  }
});

test('the area of an outline is that of the polygon, whichever way round and wherever it lies', () => {
  const square: Vector[] = [[5, 5, 7], [5, 9, 7], [8, 9, 7], [8, 5, 7]];
  expect(areaMm2({ kind: 'freehand', points_mm: square })).toBeCloseTo(12, 12);
  expect(areaMm2({ kind: 'freehand', points_mm: [...square].reverse() })).toBeCloseTo(12, 12);
  const dent: Vector[] = [[0, 0, 0], [4, 0, 0], [4, 4, 0], [2, 1, 0], [0, 4, 0]];
  expect(areaMm2({ kind: 'freehand', points_mm: dent })).toBeCloseTo(10, 12);
  expect(areaMm2({ kind: 'freehand', points_mm: square.slice(0, 2) })).toBeNull();
});

test('a moved end changes its length, and an outline moves as a whole', () => {
  const points: Vector[] = [[0, 0, 0], [10, 0, 0]];
  expect(lengthMm(withPointMoved({ kind: 'length', points_mm: points }, 1, [3, 4, 0]))).toBe(5);
  const outlined: Vector[] = [[0, 0, 0], [4, 0, 0], [4, 3, 0]];
  const moved = withPointMoved({ kind: 'freehand', points_mm: outlined }, 1, [5, 1, 2]);
  expect(moved).toEqual([[1, 1, 2], [5, 1, 2], [5, 4, 2]]);
  expect(areaMm2({ kind: 'freehand', points_mm: moved })).toBeCloseTo(6, 12);
});

test.each([0, 1, 2, 3])('an ellipse of which end %d is moved stays an ellipse', (index) => {
  const points = ellipseBetween(TILTED, TILTED.origin_mm, [-30, -50 + 10 * Math.cos(TILT), 12 - 10 * Math.sin(TILT)]);
  const centre = outline({ kind: 'ellipse', points_mm: points })[0]!;
  const moved = withPointMoved({ kind: 'ellipse', points_mm: points }, index, centre);
  const [left, right, top, bottom] = moved as [Vector, Vector, Vector, Vector];
  expect(moved[index ^ 1]).toEqual(points[index ^ 1]);
  expect(Math.abs(dot(minus(right, left), minus(bottom, top)))).toBeCloseTo(0, 9);
  const middles = [plus(left, right), plus(top, bottom)];
  expect(length(minus(middles[0]!, middles[1]!))).toBeCloseTo(0, 9);
});
