import { expect, test } from 'vitest';
import { NOTHING, indexOf, reslice, sampleAt } from '../../../../imaging/viewer/reslice.ts';
import { plus, type Vector } from '../../../../imaging/viewer/vectors.ts';
import { toPatient, toStage, type View } from '../../../../imaging/viewer/view_plane.ts';
import { centreOf, standardPlane, volumeOf, type Geometry, type Volume } from '../../../../imaging/viewer/volume.ts';

const [COLUMNS, ROWS, SLICES] = [12, 10, 8];
const VOLUME: Volume = {
  origin_mm: [-30, -20, 100],
  right: [1, 0, 0],
  down: [0, 1, 0],
  onwards: [0, 0, 1],
  column_mm: 0.5,
  row_mm: 0.8,
  slice_mm: 3,
  columns: COLUMNS,
  rows: ROWS,
  slices: SLICES,
};
/** HU that are linear in the patient's coordinates, so that interpolation is exact. */
function huAt([x, y, z]: Vector): number {
  return Math.round(10 * (x + 30) + 20 * (y + 20) + 5 * (z - 100));
}
const FRAMES = Array.from({ length: SLICES }, (_, k) =>
  Int16Array.from({ length: COLUMNS * ROWS }, (__, at) =>
    huAt([-30 + 0.5 * (at % COLUMNS), -20 + 0.8 * Math.floor(at / COLUMNS), 100 + 3 * k]),
  ),
);

function viewOf(name: 'axial' | 'sagittal' | 'coronal', through_mm: Vector): View {
  const plane = standardPlane(name, through_mm);
  return { plane, centre: { right_mm: 0, down_mm: 0 }, mm_per_px: 0.25, stage: { width: 40, height: 40 } };
}

test.each(['axial', 'sagittal', 'coronal'] as const)('the %s plane shows the HU of the places it goes through', (name) => {
  const view = viewOf(name, centreOf(VOLUME));
  const found = reslice(VOLUME, FRAMES, view, { slab_mm: 0, coarseness: 1 });
  let seen = 0;
  found.values_hu.forEach((value, at) => {
    const place = toPatient(view, { x: (at % 40) + 0.5, y: Math.floor(at / 40) + 0.5 });
    const index = indexOf(VOLUME, place);
    const isInside = index[0] >= 0 && index[0] <= 11 && index[1] >= 0 && index[1] <= 9 && index[2] >= 0 && index[2] <= 7;
    if (!isInside) return;
    seen += 1;
    expect(Math.abs(value - huAt(place))).toBeLessThanOrEqual(1);
  });
  expect(seen).toBeGreaterThan(300);
});

test('outside the volume and beside a missing slice there is nothing', () => {
  const some = FRAMES.map((frame, at) => (at === 3 ? null : frame));
  const [x, y] = centreOf(VOLUME);
  expect(sampleAt(VOLUME, some, [x, y, 109])).toBeNull();
  expect(sampleAt(VOLUME, some, [x, y, 107])).toBeNull();
  expect(sampleAt(VOLUME, some, [x, y, 106])).toBe(huAt([x, y, 106]));
  expect(sampleAt(VOLUME, FRAMES, [x, y, 98])).toBeNull();
  const { values_hu } = reslice(VOLUME, FRAMES, viewOf('axial', [x, y, 98]), { slab_mm: 0, coarseness: 1 });
  expect(new Set(values_hu)).toEqual(new Set([NOTHING]));
});

test('a slab shows the brightest within its thickness and nothing of what lies beyond', () => {
  const dark = FRAMES.map((frame) => new Int16Array(frame.length).fill(-1000));
  dark[5]![4 * COLUMNS + 6] = 1500;
  const bright: Vector = [-27, -16.8, 115];
  const at = (slab_mm: number, z: number) => {
    const view = viewOf('axial', [bright[0], bright[1], z]);
    const { values_hu, width } = reslice(VOLUME, dark, view, { slab_mm, coarseness: 1 });
    const { x, y } = toStage(view, bright);
    return values_hu[Math.floor(y) * width + Math.floor(x)]!;
  };
  expect(at(0, 112)).toBe(-1000);
  expect(at(6, 112)).toBeGreaterThan(500);
  expect(at(5, 109)).toBe(-1000);
});

test('points go to the stage and back', () => {
  const view = viewOf('sagittal', [1, 2, 3]);
  const place = toPatient(view, { x: 7.25, y: 31 });
  const back = toStage(view, place);
  expect([back.x, back.y]).toEqual([7.25, 31]);
  expect(back.off_mm).toBeCloseTo(0, 12);
  expect(toStage(view, plus(place, [2, 0, 0])).off_mm).toBeCloseTo(-2, 12);
});

const SOUND: Geometry = { codes: ['even_spacing'], sentences: [''], volume_slices: 3, mpr_allowed: true, mpr_reason: '' };
function slice(index: number, facts: object = {}) {
  return {
    index,
    frame_url: '',
    position_mm: [0, 0, index * 2],
    orientation: [1, 0, 0, 0, 1, 0],
    rows: 4,
    columns: 4,
    pixel_spacing_mm: [0.5, 0.6] as [number, number],
    slice_thickness_mm: 1,
    displayable: true,
    not_displayable_reason: null,
    hu_undefined_reason: null,
    padding_hu: null,
    ...facts,
  };
}

test('slices make a volume where the verdict allows it, and else it says why', () => {
  const slices = [slice(0), slice(1), slice(2), slice(3, { orientation: [0, 1, 0, 0, 0, -1] })];
  expect(volumeOf(slices, SOUND).volume).toMatchObject({ slices: 3, slice_mm: 2, column_mm: 0.6, row_mm: 0.5 });
  const tilted = { ...SOUND, mpr_allowed: false, mpr_reason: 'The gantry was tilted.' };
  expect(volumeOf(slices, tilted)).toEqual({ volume: null, reason: 'The gantry was tilted.' });
  expect(volumeOf(slices, null).reason).toContain('not judged yet');
  const odd = [slice(0), slice(1, { rows: 5 }), slice(2)];
  expect(volumeOf(odd, SOUND).reason).toContain('number of rows');
  const unseen = [slice(0), slice(1, { displayable: false }), slice(2)];
  expect(volumeOf(unseen, SOUND).reason).toContain('Slice 2 cannot be shown');
  const large = [0, 1, 2].map((at) => slice(at, { rows: 16000, columns: 16000 }));
  expect(volumeOf(large, SOUND).reason).toContain('MB');
});
