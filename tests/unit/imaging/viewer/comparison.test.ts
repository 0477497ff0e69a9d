import { expect, test } from 'vitest';
import { Comparison, nearestSlice } from '../../../../imaging/viewer/comparison.ts';
import { SeriesImages } from '../../../../imaging/viewer/series_images.ts';

const AXIAL = [1, 0, 0, 0, 1, 0];
const FLIPPED = [-1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

function series(positions_mm: (number | null)[], orientation = AXIAL): SeriesImages {
  const slices = positions_mm.map((z, index) => ({
    index,
    frame_url: '',
    position_mm: z === null ? null : [-20, -30, z],
    orientation,
    rows: 2,
    columns: 2,
    pixel_spacing_mm: [1, 1] as [number, number],
    slice_thickness_mm: 1,
    // Nothing is fetched.
    displayable: false,
    not_displayable_reason: null,
    hu_undefined_reason: null,
    padding_hu: null,
  }));
  return new SeriesImages({ series: 'one', geometry: null, slices, windows: [] }, 'Series 1', { changed: () => {} });
}
const steps = (from: number, step: number, count: number) => Array.from({ length: count }, (_, at) => from + at * step);
const CURRENT = series(steps(100, 2, 50));

function beside(images: SeriesImages, index = 10) {
  return new Comparison(CURRENT, index, { images, label: 'Earlier study 1' });
}

test('the earlier study follows by position in the patient, whatever its spacing and direction', () => {
  const comparison = beside(series(steps(250, -5, 40), FLIPPED));
  expect(comparison.offset_mm).toBe(0);
  expect(comparison.slice_index).toBe(26);
  comparison.follow(CURRENT, 30);
  expect(comparison.slice_index).toBe(18);
});

test('studies that share no position begin with their middles together', () => {
  const comparison = beside(series(steps(1000, 2, 50)), 24);
  expect(comparison.offset_mm).toBe(900);
  expect(comparison.slice_index).toBe(24);
});

test('an offset is set by unlinking, scrolling and linking again, and then kept', () => {
  const comparison = beside(series(steps(100, 2, 50)));
  comparison.toggleLink(CURRENT, 10);
  expect(comparison.offset_mm).toBeNull();
  comparison.follow(CURRENT, 12);
  expect(comparison.slice_index).toBe(10);
  comparison.goTo(17);
  expect(comparison.toggleLink(CURRENT, 12)).toContain('10.0 mm off');
  comparison.follow(CURRENT, 20);
  expect(comparison.slice_index).toBe(25);
});

test.each([
  ['not parallel', series(steps(0, 2, 20), SAGITTAL)],
  ['does not say where it lies', series([null, null, null])],
])('series of which one is %s scroll each alone, and the reason is said', (reason, images) => {
  const comparison = beside(images);
  expect(comparison.offset_mm).toBeNull();
  expect(comparison.words).toContain(reason);
  expect(comparison.toggleLink(CURRENT, 10)).toContain(reason);
  expect(comparison.offset_mm).toBeNull();
});

test('windows are one until they are parted', () => {
  const comparison = beside(series(steps(100, 2, 50)));
  expect(comparison.window).toBeNull();
  comparison.toggleWindow({ centre_hu: 1, width_hu: 2 });
  expect(comparison.window).toEqual({ centre_hu: 1, width_hu: 2 });
  comparison.toggleWindow({ centre_hu: 3, width_hu: 4 });
  expect(comparison.window).toBeNull();
});

test('a slice without a position is never the nearest', () => {
  expect(nearestSlice(series([100, null, 104]), 102.1)).toBe(2);
  expect(nearestSlice(series([null]), 102)).toBeNull();
});
