import { expect, test } from 'vitest';
import { isSeparator } from '../../../../registry/islands/udi_scan.ts';

test.each([
  [{ ctrlKey: true, key: ']' }, true],
  [{ ctrlKey: false, key: '\u001d' }, true],
  [{ ctrlKey: false, key: ']' }, false],
  [{ ctrlKey: true, key: 'v' }, false],
])('%o is a group separator: %s', (event, expected) => {
  expect(isSeparator(event)).toBe(expected);
});
