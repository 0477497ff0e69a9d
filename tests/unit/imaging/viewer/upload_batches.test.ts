import { expect, test } from 'vitest';
import { BATCH_BYTES, BATCH_FILES, LARGE_FROM_BYTES, plan } from '../../../../imaging/viewer/upload_batches.ts';

function chosen(files: { name: string; size: number }[]) {
  return files.map((file, at) => ({ position: at + 1, path: file.name, file: file as File }));
}

test('every file is sent once, in order, in batches within both limits', () => {
  const files = Array.from({ length: 95 }, (_, at) => ({ name: `${at}`, size: at * 100_000 }));
  const { batches, large } = plan(chosen(files));
  expect(large).toEqual([]);
  expect(batches.flat().map((one) => one.position)).toEqual(files.map((_, at) => at + 1));
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(BATCH_FILES);
    const bytes = batch.reduce((sum, one) => sum + one.file.size, 0);
    expect(batch.length === 1 || bytes <= BATCH_BYTES).toBe(true);
  }
});

test('a zip and a large file go in parts, the others around them together', () => {
  const { batches, large } = plan(
    chosen([
      { name: 'a', size: 1 },
      { name: 'b.ZIP', size: 1 },
      { name: 'c', size: LARGE_FROM_BYTES + 1 },
      { name: 'd', size: LARGE_FROM_BYTES },
    ]),
  );
  expect(large.map((one) => one.path)).toEqual(['b.ZIP', 'c']);
  expect(batches.flat().map((one) => one.path)).toEqual(['a', 'd']);
});

test('an empty zip has no parts to go in', () => {
  expect(plan(chosen([{ name: 'a.zip', size: 0 }])).batches).toHaveLength(1);
});
