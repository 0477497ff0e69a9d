import { afterEach, expect, test, vi } from 'vitest';
import { SliceFrames, type Slice } from '../../../../imaging/viewer/slice_frames.ts';

const BYTES = 8;

function slices(count: number): Slice[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    frame_url: `/frames/${index}`,
    position_mm: null,
    orientation: null,
    rows: 2,
    columns: 2,
    pixel_spacing_mm: null,
    slice_thickness_mm: null,
    displayable: true,
    not_displayable_reason: null,
    hu_undefined_reason: null,
    padding_hu: null,
  }));
}

/** A server that answers when it is told to, and forgets what was given up. */
function server() {
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  vi.stubGlobal('fetch', (url: string, { signal }: { signal: AbortSignal }) => {
    asked.push(url);
    return new Promise((resolve, reject) => {
      waiting.set(url, () => resolve({ ok: true, arrayBuffer: async () => new ArrayBuffer(BYTES) }));
      signal.addEventListener('abort', () => reject(new Error('given up')));
    });
  });
  const answer = async () => {
    for (const [url, give] of [...waiting]) {
      waiting.delete(url);
      give();
    }
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, answer };
}

afterEach(() => vi.unstubAllGlobals());

test('frames that are stopped ask for nothing more until somebody looks at them again', async () => {
  const { asked, answer } = server();
  const frames = new SliceFrames(slices(40), () => {});
  frames.moveTo(20);
  const before = asked.length;
  frames.stop();
  await answer();
  expect(asked).toHaveLength(before);
  expect(frames.loaded).toBe(0);
  frames.moveTo(20);
  await answer();
  expect(frames.get(20)).not.toBeNull();
});

test('frames that are released give all their memory back', async () => {
  const { answer } = server();
  const frames = new SliceFrames(slices(3), () => {}, 3 * BYTES);
  frames.moveTo(1);
  await answer();
  expect(frames.loaded).toBe(3);
  frames.release();
  expect(frames.loaded).toBe(0);
  frames.moveTo(0);
  await answer();
  expect(frames.loaded).toBe(3);
});

test('never more is held than the memory allows, and always what is nearest', async () => {
  const { answer } = server();
  const frames = new SliceFrames(slices(100), () => {}, 10 * BYTES);
  for (const at of [50, 90, 3]) {
    frames.moveTo(at);
    for (let round = 0; round < 6; round += 1) await answer();
    expect(frames.loaded).toBeLessThanOrEqual(10);
    for (const near of [-2, -1, 0, 1, 2]) expect(frames.get(at + near)).not.toBeNull();
  }
});
