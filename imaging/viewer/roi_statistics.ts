/** Statistics of the pixels of a slice, as scanned, inside a region: exact HU, nothing interpolated. */
import { areaMm2, type Measurement } from './measurements.ts';
import { dot, length, minus, times, plus } from './vectors.ts';
import { pixelOf, type SliceGrid } from './view_plane.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface RoiStatistics {
  mean_hu: number;
  /** Standard deviation of these pixels, divided by their number. */
  sd_hu: number;
  min_hu: number;
  max_hu: number;
  area_mm2: number;
  pixels: number;
  /** Pixels inside the region that hold padding and no measurement; they are not counted. */
  padding_pixels: number;
}

/** Why a region has no statistics; the message is for the person at the screen. */
export class NoStatisticsError extends Error {}

export type Region = Pick<Measurement, 'kind' | 'points_mm'>;

/**
 * A pixel belongs to the region when its centre does.
 *
 * `padding_hu` is the range, both ends included, that the slice declares as padding
 * (DICOM PS3.3 C.7.5.1.1.2).
 */
export function roiStatistics(
  region: Region,
  grid: SliceGrid,
  values_hu: Int16Array,
  padding_hu: readonly [number, number] | null,
): RoiStatistics {
  const area_mm2 = areaMm2(region);
  if (area_mm2 === null) throw new NoStatisticsError(translate('The region encloses nothing.'));
  let [pixels, padding_pixels, sum, min_hu, max_hu] = [0, 0, 0, Infinity, -Infinity];
  const inside: number[] = [];
  for (const at of pixelsInside(region, grid)) {
    const value = values_hu[at];
    if (value === undefined) continue;
    if (padding_hu && value >= padding_hu[0] && value <= padding_hu[1]) {
      padding_pixels += 1;
      continue;
    }
    inside.push(value);
    pixels += 1;
    sum += value;
    min_hu = Math.min(min_hu, value);
    max_hu = Math.max(max_hu, value);
  }
  if (pixels === 0) {
    throw new NoStatisticsError(
      padding_pixels > 0
        ? translate('The region holds padding only: nothing was measured there.')
        : translate('The region holds the centre of no pixel. Draw it larger.'),
    );
  }
  const mean_hu = sum / pixels;
  const squares = inside.reduce((so_far, value) => so_far + (value - mean_hu) ** 2, 0);
  return { mean_hu, sd_hu: Math.sqrt(squares / pixels), min_hu, max_hu, area_mm2, pixels, padding_pixels };
}

/** Places of the pixels whose centre lies in a region, counted row by row. */
export function pixelsInside(region: Region, grid: SliceGrid): number[] {
  const isInside = insideTest(region, grid);
  const box = boxOf(region, grid);
  const found: number[] = [];
  for (let row = box.top; row <= box.bottom; row += 1) {
    for (let column = box.left; column <= box.right; column += 1) {
      if (isInside(column, row)) found.push(row * grid.columns + column);
    }
  }
  return found;
}

function boxOf({ kind, points_mm }: Region, grid: SliceGrid) {
  let corners = points_mm.map((point) => pixelOf(grid, point));
  const [left, right, top, bottom] = points_mm;
  if (kind === 'ellipse' && left && right && top && bottom) {
    // An ellipse whose axes are not those of the slice still lies inside this parallelogram.
    const half = times(minus(bottom, top), 0.5);
    corners = [left, right].flatMap((end) => [pixelOf(grid, plus(end, half)), pixelOf(grid, plus(end, half, -1))]);
  }
  const columns = corners.map(({ column }) => column);
  const rows = corners.map(({ row }) => row);
  return {
    left: Math.max(0, Math.floor(Math.min(...columns))),
    right: Math.min(grid.columns - 1, Math.ceil(Math.max(...columns))),
    top: Math.max(0, Math.floor(Math.min(...rows))),
    bottom: Math.min(grid.rows - 1, Math.ceil(Math.max(...rows))),
  };
}

function insideTest(region: Region, grid: SliceGrid): (column: number, row: number) => boolean {
  return region.kind === 'ellipse' ? insideEllipse(region, grid) : insideOutline(region, grid);
}

function insideEllipse({ points_mm }: Region, grid: SliceGrid) {
  const [left, right, top, bottom] = points_mm;
  if (!left || !right || !top || !bottom) return () => false;
  const centre = times(plus(left, right), 0.5);
  const one = times(minus(right, left), 0.5);
  const other = times(minus(bottom, top), 0.5);
  const [one_2, other_2] = [length(one) ** 2, length(other) ** 2];
  const start = minus(grid.plane.origin_mm, centre);
  return (column: number, row: number) => {
    const from = plus(
      plus(start, grid.plane.right, column * grid.column_mm),
      grid.plane.down,
      row * grid.row_mm,
    );
    return (dot(from, one) / one_2) ** 2 + (dot(from, other) / other_2) ** 2 <= 1;
  };
}

/** Even-odd rule. */
function insideOutline({ points_mm }: Region, grid: SliceGrid) {
  const corners = points_mm.map((point) => pixelOf(grid, point));
  return (column: number, row: number) => {
    let inside = false;
    let last = corners[corners.length - 1];
    for (const corner of corners) {
      if (last && corner.row > row !== last.row > row) {
        const crossing =
          corner.column + ((row - corner.row) / (last.row - corner.row)) * (last.column - corner.column);
        if (column < crossing) inside = !inside;
      }
      last = corner;
    }
    return inside;
  };
}
