import { expect, test } from 'vitest';
import { draggedWindow, greyLevel, pixelTable } from '../../../../imaging/viewer/windowing.ts';

const SOFT_TISSUE = { centre_hu: 50, width_hu: 400 };

test('the ends of the window are black and white, as in PS3.3 C.11.2.1.2.1', () => {
  expect(greyLevel(50 - 0.5 - 399 / 2, SOFT_TISSUE)).toBe(0);
  expect(greyLevel(50 - 0.5 + 399 / 2, SOFT_TISSUE)).toBe(255);
  expect(greyLevel(-1000, SOFT_TISSUE)).toBe(0);
  expect(greyLevel(3000, SOFT_TISSUE)).toBe(255);
});

test('a width of one is a threshold', () => {
  expect(greyLevel(99, { centre_hu: 100, width_hu: 1 })).toBe(0);
  expect(greyLevel(100, { centre_hu: 100, width_hu: 1 })).toBe(255);
});

test('inverting swaps black and white and stays opaque', () => {
  const plain = pixelTable(SOFT_TISSUE, { inverted: false });
  const inverted = pixelTable(SOFT_TISSUE, { inverted: true });
  expect(plain[0]).toBe(0xff000000);
  expect(inverted[0]).toBe(0xffffffff);
  expect(plain[65535]).toBe(0xffffffff);
});

test('a drag never leaves the range of windows', () => {
  expect(draggedWindow(SOFT_TISSUE, { dx: -9999, dy: 0 }).width_hu).toBe(1);
  expect(draggedWindow(SOFT_TISSUE, { dx: 99999, dy: 99999 })).toEqual({ centre_hu: 6000, width_hu: 8000 });
});
