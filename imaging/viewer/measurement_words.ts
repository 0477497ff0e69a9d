/** What a measurement says: numbers with their unit, or why there are none. */
import { angleDeg, areaMm2, lengthMm, type Measurement } from './measurements.ts';
import { metalIn } from './metal.ts';
import { NoStatisticsError, roiStatistics } from './roi_statistics.ts';
import { pixelOf, type SliceGrid } from './view_plane.ts';
import { translate } from '../../registry/islands/translate.ts';

/** What is known of the slice a measurement was drawn on. */
export interface MeasuredSlice {
  grid: SliceGrid;
  /** Null while the frame has not arrived. */
  values_hu: Int16Array | null;
  hu_undefined_reason: string | null;
  padding_hu: readonly [number, number] | null;
}

export const NAMES: Record<Measurement['kind'], string> = {
  length: translate('Length'),
  angle: translate('Angle'),
  ellipse: translate('Ellipse'),
  freehand: translate('Freehand'),
  probe: translate('Probe'),
  arrow: translate('Arrow'),
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
  if (slice === null) return [resliced_hu === null ? translate('no image here') : translate('{hu} HU, interpolated', { hu: signed(resliced_hu) })];
  if (slice.hu_undefined_reason !== null) return [translate('No HU. {hu_undefined_reason}', { hu_undefined_reason: slice.hu_undefined_reason })];
  if (!point || slice.values_hu === null) return [translate('the slice is loading')];
  const { column, row } = pixelOf(slice.grid, point);
  const [i, j] = [Math.round(column), Math.round(row)];
  const isOutside = i < 0 || j < 0 || i >= slice.grid.columns || j >= slice.grid.rows;
  const value = slice.values_hu[j * slice.grid.columns + i];
  if (isOutside || value === undefined) return [translate('outside the image')];
  if (isPadding(value, slice)) return [translate('padding, not measured')];
  return [`${signed(value)} HU`];
}

function regionWords(measurement: Measurement, slice: MeasuredSlice | null): string[] {
  if (slice === null) return [];
  const area_mm2 = areaMm2(measurement);
  const area = area_mm2 === null ? [] : [translate('area {area_mm2} mm²', { area_mm2: area_mm2.toFixed(1) })];
  if (slice.hu_undefined_reason !== null) return [...area, translate('No HU. {hu_undefined_reason}', { hu_undefined_reason: slice.hu_undefined_reason })];
  if (slice.values_hu === null) return [...area, translate('the slice is loading')];
  try {
    const found = roiStatistics(measurement, slice.grid, slice.values_hu, slice.padding_hu);
    const words = [
      translate('mean {mean_hu} HU, SD {sd_hu}', { mean_hu: signed(found.mean_hu, 1), sd_hu: found.sd_hu.toFixed(1) }),
      `min ${signed(found.min_hu)}, max ${signed(found.max_hu)} HU`,
      translate('area {area_mm2} mm², {pixels} pixels', { area_mm2: found.area_mm2.toFixed(1), pixels: found.pixels }),
    ];
    if (found.padding_pixels > 0) words.push(translate('{padding_pixels} pixels of padding left out', { padding_pixels: found.padding_pixels }));
    return [...words, ...metalWords(measurement, slice.grid, slice.values_hu)];
  } catch (error) {
    if (error instanceof NoStatisticsError) return [...area, error.message];
    throw error;
  }
}

function metalWords(measurement: Measurement, grid: SliceGrid, values_hu: Int16Array): string[] {
  const { touched, isInSlice } = metalIn(measurement, grid, values_hu);
  if (touched > 0) return [translate('{touched} pixels are metal or beside it: these HU are wrong', { touched })];
  return isInSlice ? [translate('Metal in this slice: streaks may falsify HU')] : [];
}

function isPadding(value: number, { padding_hu }: MeasuredSlice): boolean {
  return padding_hu !== null && value >= padding_hu[0] && value <= padding_hu[1];
}

/** A number with a true minus sign. */
export function signed(value: number, digits = 0): string {
  return value.toFixed(digits).replace('-', '−');
}
