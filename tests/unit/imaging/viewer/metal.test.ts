import { expect, test } from 'vitest';
import { BESIDE_MM, METAL_HU, metalIn } from '../../../../imaging/viewer/metal.ts';
import type { Region } from '../../../../imaging/viewer/roi_statistics.ts';
import type { SliceGrid } from '../../../../imaging/viewer/view_plane.ts';

/** Pixels of 2 mm by 1 mm. */
const GRID: SliceGrid = {
  plane: { origin_mm: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0] },
  column_mm: 2,
  row_mm: 1,
  columns: 30,
  rows: 40,
  placed: true,
  scaled: true,
};

function slice(metal: [column: number, row: number][], value_hu = METAL_HU): Int16Array {
  const values_hu = new Int16Array(30 * 40);
  for (const [column, row] of metal) values_hu[row * 30 + column] = value_hu;
  return values_hu;
}
/** Around one pixel and no other. */
function around(column: number, row: number): Region {
  const [x, y] = [column * 2, row];
  return { kind: 'freehand', points_mm: [[x - 0.4, y - 0.4, 0], [x + 0.4, y - 0.4, 0], [x + 0.4, y + 0.4, 0], [x - 0.4, y + 0.4, 0]] };
}
const FOUR: [number, number][] = [[10, 20], [10, 21], [11, 20], [11, 21]];

test.each([
  [10, 20, 1],
  [8, 20, 1],
  [7, 20, 0],
  [10, 20 - BESIDE_MM, 1],
  [10, 19 - BESIDE_MM, 0],
  [29, 39, 0],
])('the pixel in column %d, row %d: %d touched', (column, row, touched) => {
  expect(metalIn(around(column, row), GRID, slice(FOUR))).toEqual({ touched, isInSlice: true });
});

test('a few bright pixels are noise unless the region holds them', () => {
  expect(metalIn(around(3, 3), GRID, slice(FOUR.slice(1)))).toEqual({ touched: 0, isInSlice: false });
  expect(metalIn(around(10, 21), GRID, slice(FOUR.slice(1)))).toEqual({ touched: 1, isInSlice: false });
});

test('what is less bright is no metal', () => {
  expect(metalIn(around(10, 20), GRID, slice(FOUR, METAL_HU - 1))).toEqual({ touched: 0, isInSlice: false });
});
