import { expect, test } from 'vitest';
import { ellipseBetween } from '../../../../imaging/viewer/measurements.ts';
import { NoStatisticsError, roiStatistics } from '../../../../imaging/viewer/roi_statistics.ts';
import { plus, type Vector } from '../../../../imaging/viewer/vectors.ts';
import { gridOf, pixelOf, type SliceGrid } from '../../../../imaging/viewer/view_plane.ts';

const [COLUMNS, ROWS] = [40, 30];
const TILT = (15 * Math.PI) / 180;

const GRIDS: [string, SliceGrid][] = [
  ['square pixels', grid([0, 0, 0], [1, 0, 0, 0, 1, 0], [0.5, 0.5])],
  ['anisotropic pixels', grid([-20, 5, 100], [1, 0, 0, 0, 1, 0], [1.25, 0.4])],
  ['a tilted slice', grid([3, 4, 5], [1, 0, 0, 0, Math.cos(TILT), -Math.sin(TILT)], [0.7, 0.7])],
];
const RAMP = Int16Array.from({ length: COLUMNS * ROWS }, (_, at) => at - 300);

function grid(position_mm: number[], orientation: number[], pixel_spacing_mm: [number, number]): SliceGrid {
  return gridOf({ position_mm, orientation, pixel_spacing_mm, rows: ROWS, columns: COLUMNS });
}

function place({ plane, column_mm, row_mm }: SliceGrid, column: number, row: number): Vector {
  return plus(plus(plane.origin_mm, plane.right, column * column_mm), plane.down, row * row_mm);
}

function truth(values: number[]) {
  const mean_hu = values.reduce((sum, one) => sum + one, 0) / values.length;
  const sd_hu = Math.sqrt(values.reduce((sum, one) => sum + (one - mean_hu) ** 2, 0) / values.length);
  return { mean_hu, sd_hu, min_hu: Math.min(...values), max_hu: Math.max(...values), pixels: values.length };
}

/** The pixels whose centre the test says is inside. */
function pixelsWhere(inside: (column: number, row: number) => boolean): number[] {
  return [...RAMP].filter((_, at) => inside(at % COLUMNS, Math.floor(at / COLUMNS)));
}

function expectTruth(found: object, values: number[]): void {
  const { mean_hu, sd_hu, ...exact } = truth(values);
  expect(found).toMatchObject(exact);
  expect(found).toHaveProperty('mean_hu', expect.closeTo(mean_hu, 9));
  expect(found).toHaveProperty('sd_hu', expect.closeTo(sd_hu, 9));
}

test.each(GRIDS)('an ellipse counts the pixels whose centre it holds: %s', (_, on) => {
  const points_mm = ellipseBetween(on.plane, place(on, 4.5, 6.2), place(on, 20.5, 21.8));
  const found = roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, null);
  expectTruth(found, pixelsWhere((i, j) => ((i - 12.5) / 8) ** 2 + ((j - 14) / 7.8) ** 2 <= 1));
  expect(found.area_mm2).toBeCloseTo(Math.PI * 8 * 7.8 * on.column_mm * on.row_mm, 9);
});

test.each(GRIDS)('an outline counts the pixels whose centre it holds: %s', (_, on) => {
  const corners: [number, number][] = [[2.5, 3.5], [30.5, 3.5], [30.5, 20.5], [2.5, 20.5]];
  const points_mm = corners.map(([column, row]) => place(on, column, row));
  const found = roiStatistics({ kind: 'freehand', points_mm }, on, RAMP, null);
  expectTruth(found, pixelsWhere((i, j) => i > 2.5 && i < 30.5 && j > 3.5 && j < 20.5));
  expect(found.area_mm2).toBeCloseTo(28 * on.column_mm * 17 * on.row_mm, 9);
});

test('a region over the edge counts what is on the slice', () => {
  const [, on] = GRIDS[0]!;
  const points_mm = ellipseBetween(on.plane, place(on, -8, -8), place(on, 8, 8));
  expectTruth(
    roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, null),
    pixelsWhere((i, j) => i ** 2 + j ** 2 <= 64),
  );
});

test('padding is left out and counted', () => {
  const [, on] = GRIDS[1]!;
  const points_mm = ellipseBetween(on.plane, place(on, 4.5, 6.2), place(on, 20.5, 21.8));
  const whole = roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, null);
  const found = roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, [whole.min_hu, 200]);
  const kept = pixelsWhere(
    (i, j) => ((i - 12.5) / 8) ** 2 + ((j - 14) / 7.8) ** 2 <= 1 && j * COLUMNS + i - 300 > 200,
  );
  expectTruth(found, kept);
  expect(found.padding_pixels).toBe(whole.pixels - kept.length);
  expect(() => roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, [-32768, 32767])).toThrow('padding only');
});

test('a region without a pixel has no statistics', () => {
  const [, on] = GRIDS[0]!;
  const points_mm = ellipseBetween(on.plane, place(on, 4.1, 4.1), place(on, 4.4, 4.4));
  expect(() => roiStatistics({ kind: 'ellipse', points_mm }, on, RAMP, null)).toThrow(NoStatisticsError);
});

test('a point of the patient is the pixel it was made from', () => {
  for (const [, on] of GRIDS) {
    expect(pixelOf(on, place(on, 7, 3)).column).toBeCloseTo(7, 9);
    expect(pixelOf(on, place(on, 7, 3)).row).toBeCloseTo(3, 9);
  }
});
