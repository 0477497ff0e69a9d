import { expect, test } from 'vitest';
import { catheterSlab } from '../../../../imaging/viewer/catheter_slab.ts';
import { lengthMm } from '../../../../imaging/viewer/measurements.ts';
import { NOTHING, reslice } from '../../../../imaging/viewer/reslice.ts';
import { cross, dot, length, minus, plus, times, type Vector } from '../../../../imaging/viewer/vectors.ts';
import { fittingView, normalOf, toPatient, toStage } from '../../../../imaging/viewer/view_plane.ts';
import type { Volume } from '../../../../imaging/viewer/volume.ts';

const TURNS = [0, 35, 90, 145, 270];
const START: Vector = [12, 14, 6];
const END: Vector = [30, 40, 66];
const STRAIGHT = { turn_deg: 0, wanted_mm: 4 };

test.each(TURNS)('turned by %d degrees the plane still holds the line, feet downwards', (turn_deg) => {
  const slab = catheterSlab([START, END], { turn_deg, wanted_mm: 10 })!;
  const { right, down, origin_mm } = slab.plane;
  expect(length(right)).toBeCloseTo(1, 12);
  expect(length(down)).toBeCloseTo(1, 12);
  expect(dot(right, down)).toBeCloseTo(0, 12);
  expect(down[2]).toBeLessThan(0);
  for (const point of [START, END]) expect(dot(minus(point, origin_mm), normalOf(slab.plane))).toBeCloseTo(0, 9);
  expect(slab.slab_mm).toBe(10);
});

test('unturned, a straight line lies in a plane as sagittal as it allows', () => {
  const { plane } = catheterSlab([[0, 0, 0], [0, 0, 50]], STRAIGHT)!;
  expect(plane.right).toEqual([0, 1, 0]);
  expect(plane.down[2]).toBe(-1);
});

test('a bend lies in the unturned plane, and turned it is still held by the slab', () => {
  const bend: Vector = [9, 2, 30];
  const points: Vector[] = [[0, 0, 0], bend, [0, 0, 60]];
  const flat = catheterSlab(points, STRAIGHT)!;
  expect(flat.slab_mm).toBe(4);
  const turned = catheterSlab(points, { turn_deg: 90, wanted_mm: 4 })!;
  expect(turned.slab_mm).toBeCloseTo(Math.hypot(9, 2) + 4, 9);
  for (const slab of [flat, turned]) {
    const off = points.map((point) => Math.abs(dot(minus(point, slab.plane.origin_mm), normalOf(slab.plane))));
    expect(Math.max(...off)).toBeLessThan(slab.slab_mm / 2);
  }
  expect(flat.path_mm).toBeCloseTo(2 * Math.hypot(9, 2, 30), 9);
});

test('no line, no slab', () => {
  expect(catheterSlab([], STRAIGHT)).toBeNull();
  expect(catheterSlab([START], STRAIGHT)).toBeNull();
  expect(catheterSlab([START, START], STRAIGHT)).toBeNull();
});

/** A bright wire from START to END in anisotropic voxels; a voxel is bright near to its line. */
const VOLUME: Volume = {
  origin_mm: [0, 0, 0],
  right: [1, 0, 0],
  down: [0, 1, 0],
  onwards: [0, 0, 1],
  column_mm: 0.5,
  row_mm: 0.6,
  slice_mm: 1.5,
  columns: 90,
  rows: 90,
  slices: 50,
};
const WIRE_MM = 1;

function nearWire(point: Vector): boolean {
  const along = times(minus(END, START), 1 / length(minus(END, START)));
  const from = minus(point, START);
  const at = dot(from, along);
  return at >= 0 && at <= length(minus(END, START)) && length(cross(from, along)) <= WIRE_MM;
}
const FRAMES = Array.from({ length: VOLUME.slices }, (_, k) =>
  Int16Array.from({ length: VOLUME.rows * VOLUME.columns }, (__, at) =>
    nearWire([(at % 90) * 0.5, Math.floor(at / 90) * 0.6, k * 1.5]) ? 2000 : 0,
  ),
);

test.each(TURNS)('turned by %d degrees a slanted wire is seen whole and as long as it is', (turn_deg) => {
  // Not put on the wire quite, as a hand does.
  const points = [plus(START, [0.4, -0.3, 0.5]), plus(END, [-0.3, 0.4, -0.6])];
  const slab = catheterSlab(points, { turn_deg, wanted_mm: 6 })!;
  const view = fittingView(slab.plane, slab.extent, { width: 160, height: 320 }, 1);
  const { values_hu, width, height } = reslice(VOLUME, FRAMES, view, { slab_mm: slab.slab_mm, coarseness: 1 });
  const bright: Vector[] = [];
  values_hu.forEach((value, at) => {
    if (value !== NOTHING && value > 1000) bright.push(toPatient(view, { x: (at % width) + 0.5, y: Math.floor(at / width) + 0.5 }));
  });
  const along = times(minus(END, START), 1 / length(minus(END, START)));
  const places = bright.map((point) => dot(minus(point, START), along));
  const found = Math.max(...places) - Math.min(...places);
  const truth = length(minus(END, START));
  // The wire is as long as the voxels that hold it, half of one more at either end.
  expect(Math.abs(found - truth)).toBeLessThan(VOLUME.slice_mm);
  // No gap on the way: every row of the picture between its ends shows it.
  const rows = new Set(bright.map((point) => Math.floor(toStage(view, point).y)));
  expect(rows.size).toBe(Math.max(...rows) - Math.min(...rows) + 1);
  expect(height).toBe(320);

  // What is drawn from end to end on this plane has the length it has in the patient.
  const drawn = [START, END].map((point) => {
    const { x, y } = toStage(view, point);
    return toPatient(view, { x, y });
  });
  expect(lengthMm(drawn)).toBeGreaterThan(truth - 0.5);
  expect(lengthMm(drawn)).toBeLessThan(truth + 0.5);
});
