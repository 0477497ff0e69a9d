/** What a measurement says: numbers with their unit, or why there are none. */
import { angleDeg, areaMm2, lengthMm, type Measurement } from './measurements.ts';
import { metalIn } from './metal.ts';
import { NoStatisticsError, roiStatistics } from './roi_statistics.ts';
import { pixelOf, type SliceGrid } from './view_plane.ts';

/** What is known of the slice a measurement was drawn on. */
export interface MeasuredSlice {
  grid: SliceGrid;
  /** Null while the frame has not arrived. */
  values_hu: Int16Array | null;
  hu_undefined_reason: string | null;
  padding_hu: readonly [number, number] | null;
}

export const NAMES: Record<Measurement['kind'], string> = {
  length: 'Length',
  angle: 'Angle',
  ellipse: 'Ellipse',
  freehand: 'Freehand',
  probe: 'Probe',
  arrow: 'Arrow',
};

/** One line each; `resliced_hu` is the interpolated value of a probe on a reformatted plane. */
export function wordsOf(
  measurement: Measurement,
  slice: MeasuredSlice | null,
  resliced_hu: number | null = null,
): string[] {
  switch (measurement.kind) {
    case 'length': {
      const length_mm = lengthMm(measurement.points_mm);
      return length_mm === null ? [] : [`${length_mm.toFixed(1)} mm`];
    }
    case 'angle': {
      const angle_deg = angleDeg(measurement.points_mm);
      return angle_deg === null ? [] : [`${angle_deg.toFixed(1)}°`];
    }
    case 'arrow':
      return measurement.text ? [measurement.text] : [];
    case 'probe':
      return probeWords(measurement, slice, resliced_hu);
    default:
      return regionWords(measurement, slice);
  }
}

function probeWords(
  { points_mm }: Measurement,
  slice: MeasuredSlice | null,
  resliced_hu: number | null,
): string[] {
  const [point] = points_mm;
  if (slice === null) return [resliced_hu === null ? 'no image here' : `${signed(resliced_hu)} HU, interpolated`];
  if (slice.hu_undefined_reason !== null) return [`No HU. ${slice.hu_undefined_reason}`];
  if (!point || slice.values_hu === null) return ['the slice is loading'];
  const { column, row } = pixelOf(slice.grid, point);
  const [i, j] = [Math.round(column), Math.round(row)];
  const isOutside = i < 0 || j < 0 || i >= slice.grid.columns || j >= slice.grid.rows;
  const value = slice.values_hu[j * slice.grid.columns + i];
  if (isOutside || value === undefined) return ['outside the image'];
  if (isPadding(value, slice)) return ['padding, not measured'];
  return [`${signed(value)} HU`];
}

function regionWords(measurement: Measurement, slice: MeasuredSlice | null): string[] {
  if (slice === null) return [];
  const area_mm2 = areaMm2(measurement);
  const area = area_mm2 === null ? [] : [`area ${area_mm2.toFixed(1)} mm²`];
  if (slice.hu_undefined_reason !== null) return [...area, `No HU. ${slice.hu_undefined_reason}`];
  if (slice.values_hu === null) return [...area, 'the slice is loading'];
  try {
    const found = roiStatistics(measurement, slice.grid, slice.values_hu, slice.padding_hu);
    const words = [
      `mean ${signed(found.mean_hu, 1)} HU, SD ${found.sd_hu.toFixed(1)}`,
      `min ${signed(found.min_hu)}, max ${signed(found.max_hu)} HU`,
      `area ${found.area_mm2.toFixed(1)} mm², ${found.pixels} pixels`,
    ];
    if (found.padding_pixels > 0) words.push(`${found.padding_pixels} pixels of padding left out`);
    return [...words, ...metalWords(measurement, slice.grid, slice.values_hu)];
  } catch (error) {
    if (error instanceof NoStatisticsError) return [...area, error.message];
    throw error;
  }
}

function metalWords(measurement: Measurement, grid: SliceGrid, values_hu: Int16Array): string[] {
  const { touched, isInSlice } = metalIn(measurement, grid, values_hu);
  if (touched > 0) return [`${touched} pixels are metal or beside it: these HU are wrong`];
  return isInSlice ? ['Metal in this slice: streaks may falsify HU'] : [];
}

function isPadding(value: number, { padding_hu }: MeasuredSlice): boolean {
  return padding_hu !== null && value >= padding_hu[0] && value <= padding_hu[1];
}

/** A number with a true minus sign. */
export function signed(value: number, digits = 0): string {
  return value.toFixed(digits).replace('-', '−');
}
