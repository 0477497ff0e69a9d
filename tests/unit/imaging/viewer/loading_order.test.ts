import { expect, test } from 'vitest';
import { farthest, nextToLoad } from '../../../../imaging/viewer/loading_order.ts';

test('slices load from the current one outwards until all are there', () => {
  const loaded: number[] = [];
  for (;;) {
    const next = nextToLoad(2, 6, (index) => !loaded.includes(index));
    if (next === null) break;
    loaded.push(next);
  }
  expect(loaded).toEqual([2, 3, 1, 4, 0, 5]);
});

test('the slice farthest away is let go first', () => {
  expect(farthest(10, [8, 3, 12])).toBe(3);
  expect(farthest(10, [])).toBeNull();
});
