import { expect, test } from 'vitest';
import { Marks, type KeptMarks } from '../../../../imaging/viewer/marks.ts';
import { ShownSlices } from '../../../../imaging/viewer/shown_slices.ts';

const KEPT: KeptMarks = {
  measurements: [
    { kind: 'length', series: 'one', slice_index: 3, points_mm: [[1.25, 2.5, 3.125], [4, 5, 6]], text: '' },
    { kind: 'arrow', series: 'two', slice_index: null, points_mm: [[0.1, 0.2, 0.3], [7, 8, 9]], text: 'tip' },
  ],
  key_images: [{ series: 'one', slice_index: 3, window: { centre_hu: 300, width_hu: 1000 } }],
};

test('marks come back as they were kept', () => {
  let changes = 0;
  const marks = new Marks(() => (changes += 1));
  marks.replace(KEPT);
  expect(changes).toBe(1);
  expect(JSON.parse(JSON.stringify(marks.kept))).toEqual(KEPT);
  marks.replace(marks.kept);
  expect(marks.kept).toEqual(KEPT);
});

test('each can be changed and taken away', () => {
  const marks = new Marks(() => {});
  marks.replace(KEPT);
  const [length, arrow] = marks.measurements;
  marks.change(arrow!.id, { text: 'tip at T10' });
  marks.change(length!.id, { points_mm: [[0, 0, 0], [3, 4, 0]] });
  expect(marks.kept.measurements.map(({ text }) => text)).toEqual(['', 'tip at T10']);
  expect(marks.kept.measurements[0]!.points_mm).toEqual([[0, 0, 0], [3, 4, 0]]);
  marks.remove(length!.id);
  expect(marks.kept.measurements).toHaveLength(1);
  expect(marks.toggleKeyImage(KEPT.key_images[0]!)).toBe(false);
  expect(marks.kept.key_images).toEqual([]);
});

test('slices are counted once, and no fewer than in an earlier sitting', () => {
  let changes = 0;
  const shown = new ShownSlices({ one: [2, 9], two: [4, 5] }, () => (changes += 1));
  for (const index of [4, 5, 4, 6]) shown.add('one', index, 9);
  expect(changes).toBe(3);
  expect(shown.counts).toEqual({ one: [3, 9], two: [4, 5] });
  shown.add('two', 0, 5);
  expect(shown.counts['two']).toEqual([4, 5]);
});
