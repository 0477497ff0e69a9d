import { expect, test } from 'vitest';
import { isoDate } from '../../../../registry/islands/iso_dates.ts';

test.each([
  ['20240305', '2024-03-05'],
  ['2024-3-5', '2024-03-05'],
  ['2024.03.05', '2024-03-05'],
  ['2024-02-31', null],
  ['03/05/2024', null],
  ['2024-03', null],
])('%s becomes %s', (typed, expected) => {
  expect(isoDate(typed)).toBe(expected);
});
