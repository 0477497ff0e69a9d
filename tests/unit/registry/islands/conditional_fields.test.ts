import { expect, test } from 'vitest';
import { holds, parseConditions } from '../../../../registry/islands/conditional_fields.ts';

const ANSWERS: Record<string, string[]> = { outcome: ['completed'], phases: ['early', 'late'] };
const answers = (field: string) => ANSWERS[field] ?? [];

test.each([
  ['outcome=completed', true],
  ['outcome=stopped_other|completed', true],
  ['outcome=stopped_other', false],
  ['phases=late', true],
  ['outcome=completed&phases=24h', false],
  ['outcome!=completed', false],
  ['never_answered=yes', false],
  ['never_answered!=yes', true],
])('%s is %s', (text, expected) => {
  expect(holds(parseConditions(text), answers)).toBe(expected);
});

test('a condition without a value is an error, not a question that hides itself', () => {
  expect(() => parseConditions('outcome')).toThrow(/field=value/);
});
