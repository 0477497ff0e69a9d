import { expect, test } from 'vitest';
import { hangingOrder, openingLayout, type Hung } from '../../../../imaging/viewer/hanging.ts';

const AXIAL = [1, 0, 0, 0, 1, 0];
const TILTED = [1, 0, 0, 0, Math.cos(0.3), -Math.sin(0.3)];
const SAGITTAL = [0, 1, 0, 0, 0, -1];

interface Facts {
  slices?: number;
  thickness_mm?: number | null;
  orientation?: number[] | null;
  hu_undefined?: boolean;
  hasVolume?: boolean;
}

function series({ slices = 100, thickness_mm = 1, orientation = AXIAL, hu_undefined = false, hasVolume = true }: Facts): Hung {
  return {
    hasVolume,
    slices: Array.from({ length: slices }, (_, index) => ({
      index,
      frame_url: '',
      position_mm: [0, 0, index],
      orientation,
      rows: 8,
      columns: 8,
      pixel_spacing_mm: [1, 1] as [number, number],
      slice_thickness_mm: thickness_mm,
      displayable: true,
      not_displayable_reason: null,
      hu_undefined_reason: hu_undefined ? 'a localiser' : null,
      padding_hu: null,
    })),
  };
}

test.each<[string, Facts, Facts]>([
  ['a series with HU before a localiser', { thickness_mm: 5 }, { hu_undefined: true, thickness_mm: 0.5 }],
  ['a whole series before a few slices', { thickness_mm: 5 }, { slices: 3, thickness_mm: 0.5 }],
  ['axial before sagittal', { thickness_mm: 3 }, { orientation: SAGITTAL, thickness_mm: 1 }],
  ['thin before thick', { thickness_mm: 1 }, { thickness_mm: 5, slices: 900 }],
  ['a known thickness before an unknown one', { thickness_mm: 5 }, { thickness_mm: null }],
  ['many slices before fewer', { slices: 300 }, { slices: 100 }],
  ['a place that is known before one that is not', { thickness_mm: 5 }, { orientation: null }],
])('%s', (_, earlier, later) => {
  expect(hangingOrder([series(later), series(earlier)])).toEqual([1, 0]);
  expect(hangingOrder([series(earlier), series(later)])).toEqual([0, 1]);
});

test('what is alike stays in the order of the study', () => {
  expect(hangingOrder([series({}), series({}), series({})])).toEqual([0, 1, 2]);
  expect(hangingOrder([])).toEqual([]);
});

test('the thin axial series comes first, the localiser last', () => {
  const study = [{ hu_undefined: true, slices: 2 }, { thickness_mm: 5 }, { orientation: SAGITTAL, thickness_mm: 3 }, { thickness_mm: 1 }];
  expect(hangingOrder(study.map(series))).toEqual([3, 1, 2, 0]);
});

test('a sagittal plane stands beside axial slices whose geometry allows it', () => {
  expect(openingLayout(series({}))).toBe('beside');
  expect(openingLayout(series({ hasVolume: false, orientation: TILTED }))).toBe('stack');
  expect(openingLayout(series({ orientation: SAGITTAL }))).toBe('stack');
});
