import { expect, test } from 'vitest';
import { BATCH_BYTES, BATCH_FILES, planBatches } from '../../../../imaging/viewer/upload_batches.ts';

function chosen(files: { name: string; size: number }[]) {
  return files.map((file, at) => ({ position: at + 1, path: file.name, file: file as File }));
}

test('every file is sent once, in order, in batches within both limits', () => {
  const files = Array.from({ length: 95 }, (_, at) => ({ name: `${at}`, size: at * 100_000 }));
  const batches = planBatches(chosen(files));
  expect(batches.flat().map((one) => one.position)).toEqual(files.map((_, at) => at + 1));
  for (const batch of batches) {
    expect(batch.length).toBeLessThanOrEqual(BATCH_FILES);
    const bytes = batch.reduce((sum, one) => sum + one.file.size, 0);
    expect(batch.length === 1 || bytes <= BATCH_BYTES).toBe(true);
  }
});

test('a zip travels alone', () => {
  const batches = planBatches(
    chosen([{ name: 'a', size: 1 }, { name: 'b.ZIP', size: 1 }, { name: 'c', size: 1 }]),
  );
  const zip = batches.find((batch) => batch.some((one) => one.path === 'b.ZIP'));
  expect(zip).toHaveLength(1);
});
