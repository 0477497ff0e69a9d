/**
 * Metal near to a region: HU measured there are not to be trusted.
 *
 * A pixel of 3000 HU or more is metal [own]: scanners with 12 bits end at 3071 HU, and dense bone
 * stays below 2000. A pixel within 5 mm of metal is beside it [own]: partial volume and the darkest
 * and brightest streaks lie there. Streaks reach through the whole slice, so metal anywhere in it
 * is worth a word as soon as it is more than noise: 4 pixels [own].
 */
import { pixelsInside, type Region } from './roi_statistics.ts';
import type { SliceGrid } from './view_plane.ts';

export const METAL_HU = 3000;
export const BESIDE_MM = 5;
const PIXELS_OF_METAL = 4;

export interface Metal {
  /** Pixels of the region that are metal, or beside it. */
  touched: number;
  isInSlice: boolean;
}

export function metalIn(region: Region, grid: SliceGrid, values_hu: Int16Array): Metal {
  const metal: number[] = [];
  values_hu.forEach((value, at) => {
    if (value >= METAL_HU) metal.push(at);
  });
  if (metal.length === 0) return { touched: 0, isInSlice: false };
  const beside = besides(metal, grid);
  const touched = pixelsInside(region, grid).filter((at) => beside[at] === 1).length;
  return { touched, isInSlice: metal.length >= PIXELS_OF_METAL };
}

/** 1 for every pixel whose centre lies within `BESIDE_MM` of that of a pixel of metal. */
function besides(metal: readonly number[], { columns, rows, column_mm, row_mm }: SliceGrid): Uint8Array {
  const beside = new Uint8Array(columns * rows);
  const [right, down] = [Math.floor(BESIDE_MM / column_mm), Math.floor(BESIDE_MM / row_mm)];
  for (const at of metal) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    for (let y = Math.max(0, row - down); y <= Math.min(rows - 1, row + down); y += 1) {
      for (let x = Math.max(0, column - right); x <= Math.min(columns - 1, column + right); x += 1) {
        const isNear = Math.hypot((x - column) * column_mm, (y - row) * row_mm) <= BESIDE_MM;
        if (isNear) beside[y * columns + x] = 1;
      }
    }
  }
  return beside;
}
