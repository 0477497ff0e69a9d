import { expect, test } from 'vitest';
import { isoDate } from '../../../../registry/islands/iso_dates.ts';

test.each([
  ['20240305', '2024-03-05'],
  ['2024-3-5', '2024-03-05'],
  ['2024.03.05', '2024-03-05'],
  ['2024-02-31', null],
  ['03/05/2024', null],
  ['2024-03', null],
  ['t', '2024-03-09'],
  [' Today ', '2024-03-09'],
  ['tomorrow', null],
])('%s becomes %s', (typed, expected) => {
  expect(isoDate(typed, new Date(2024, 2, 9, 0, 30))).toBe(expected);
});
