import { afterEach, expect, test, vi } from 'vitest';
import { RunDoor, type FileResult, type Run } from '../../../../imaging/viewer/upload_requests.ts';

const RUN: Run = { run: 'r', memory_key: 'k', urls: { files: '/f', parts: '/p', state: '/s', finish: '/e', page: '/r' } };
const ZIP = { position: 3, path: 'a.zip', file: new File(['x'], 'a.zip') };

afterEach(() => {
  vi.unstubAllGlobals();
});

/** An answer that comes in these pieces, whatever the lines are. */
function answerWith(...pieces: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const asked = vi.fn(async () => new Response(body, { status: 200 }));
  vi.stubGlobal('fetch', asked);
  return asked;
}

async function takenIn() {
  const files: FileResult[] = [];
  const door = new RunDoor(RUN, 'token');
  const ignored = await door.takeIn(ZIP, new AbortController().signal, (some) => files.push(...some));
  return { files, ignored };
}

test('each line of an archive is handed on, however the network cuts them', async () => {
  const asked = answerWith('{"begun": true}\n{"position": 3, "ent', 'ry": 1, "result": "indexed"}\n{"position": 3, "entry": 2, "result": "re', 'jected"}\n', '{"done": true, "ignored": [3, 3]}\n');
  const { files, ignored } = await takenIn();
  expect(files.map((one) => [one.entry, one.result])).toEqual([[1, 'indexed'], [2, 'rejected']]);
  expect(ignored).toEqual([3, 3]);
  expect(asked).toHaveBeenCalledWith('/p/3/take-in', expect.objectContaining({ method: 'POST' }));
});

test('an answer without its last line is a lost one', async () => {
  answerWith('{"begun": true}\n{"position": 3, "entry": 1, "result": "indexed"}\n');
  await expect(takenIn()).rejects.toMatchObject({ again: true });
});

test('an error in the middle keeps what came before it', async () => {
  answerWith('{"begun": true}\n{"position": 3, "entry": 1, "result": "indexed"}\n{"error": "The storage is full.", "status": 507}\n');
  const files: FileResult[] = [];
  const door = new RunDoor(RUN, 'token');
  const asked = door.takeIn(ZIP, new AbortController().signal, (some) => files.push(...some));
  await expect(asked).rejects.toThrow('The storage is full.');
  expect(files).toHaveLength(1);
});

test('a busy file is asked for again', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ error: 'busy' }, { status: 503 }));
  await expect(takenIn()).rejects.toMatchObject({ again: true, message: 'busy' });
});

test('a closed import is not', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  await expect(takenIn()).rejects.toMatchObject({ again: false });
});
