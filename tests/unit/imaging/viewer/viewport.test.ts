import { expect, test } from 'vitest';
import { WHOLE, cutOf, panned, placeAt, zoomed } from '../../../../imaging/viewer/viewport.ts';

const SLICE = { width: 400, height: 400 };
const STAGE = { width: 800, height: 500 };

test('without zoom the whole slice fits the stage', () => {
  const cut = cutOf(SLICE, STAGE, WHOLE);
  expect(cut).toMatchObject({ x: 0, y: 0, width: 1, height: 1 });
  expect(cut.shown).toEqual({ width: 500, height: 500 });
});

test('a zoomed slice uses the whole stage and stays true to scale', () => {
  const cut = cutOf(SLICE, STAGE, { zoom: 4, x: 0.5, y: 0.6 });
  expect(cut.shown).toEqual(STAGE);
  expect(cut.width / cut.height).toBeCloseTo(800 / 500);
  expect(cut.y + cut.height / 2).toBeCloseTo(0.6);
});

test('no place outside the slice is ever shown', () => {
  for (const x of [-1, 0, 0.1, 0.9, 1, 2]) {
    const cut = cutOf(SLICE, STAGE, { zoom: 4, x, y: x });
    expect(cut.x).toBeGreaterThanOrEqual(0);
    expect(cut.y + cut.height).toBeLessThanOrEqual(1);
  }
});

test('zooming goes up in steps and back to the whole slice', () => {
  const place = { x: 0.3, y: 0.7 };
  const twice = zoomed(WHOLE, place);
  expect(twice).toEqual({ zoom: 2, ...place });
  expect(zoomed(zoomed(twice, place), place)).toEqual(WHOLE);
});

test('panning stops at the edge', () => {
  const cut = cutOf(SLICE, STAGE, { zoom: 4, x: 0.5, y: 0.5 });
  const far = panned(cut, 4, { dx: 99, dy: -99 });
  expect(cutOf(SLICE, STAGE, far).x + cut.width).toBeCloseTo(1);
  expect(cutOf(SLICE, STAGE, far).y).toBeCloseTo(0);
});

test('the point under the pointer is the place that is magnified', () => {
  const cut = cutOf(SLICE, STAGE, WHOLE);
  expect(placeAt(cut, STAGE, { x: 400, y: 250 })).toEqual({ x: 0.5, y: 0.5 });
  expect(placeAt(cut, STAGE, { x: 0, y: 0 })).toEqual({ x: 0, y: 0 });
});
