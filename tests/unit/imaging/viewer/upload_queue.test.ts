import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChosenFile } from '../../../../imaging/viewer/upload_batches.ts';
import { PART_BYTES, RETRY_AFTER_MS, UploadQueue } from '../../../../imaging/viewer/upload_queue.ts';
import { RequestError, type Answer, type Door, type FileResult } from '../../../../imaging/viewer/upload_requests.ts';

const LOST = new RequestError('The connection was lost.', { again: true });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function file(position: number, name: string, size: number): ChosenFile {
  return { position, path: name, file: new File([new Uint8Array(size)], name) };
}

/** A server that keeps what was sent, and fails when it is told to. */
class Server implements Door {
  stored = new Map<number, number>();
  takenIn = new Map<number, number>();
  batches: number[][] = [];
  parts: [offset: number, size: number][] = [];
  faults: (RequestError | null)[] = [];
  loseAnswers = 0;

  async sendFiles(batch: ChosenFile[]): Promise<Answer> {
    this.#fail();
    this.batches.push(batch.map((one) => one.position));
    return { files: batch.map(({ position }) => ({ position, result: 'indexed' })), ignored: [] };
  }

  async beginFile(one: ChosenFile) {
    this.#fail();
    if (one.path.endsWith('.exe')) return { ignored: [one.position] };
    return { offset: this.stored.get(one.position) ?? 0, ended: this.takenIn.has(one.position) };
  }

  async sendPart(one: ChosenFile, part: Blob, offset: number) {
    this.#fail();
    const length = this.stored.get(one.position) ?? 0;
    if (offset === length) {
      this.parts.push([offset, part.size]);
      this.stored.set(one.position, offset + part.size);
    }
    if (this.loseAnswers > 0) {
      this.loseAnswers -= 1;
      throw LOST;
    }
    return { offset: this.stored.get(one.position) ?? 0, ended: false };
  }

  async takeIn(one: ChosenFile, _signal: AbortSignal, answered: (files: FileResult[]) => void) {
    this.#fail();
    expect(this.stored.get(one.position)).toBe(one.file.size);
    this.takenIn.set(one.position, (this.takenIn.get(one.position) ?? 0) + 1);
    answered([1, 2].map((entry) => ({ position: one.position, entry, result: 'indexed' })));
    return [];
  }

  #fail(): void {
    const fault = this.faults.shift();
    if (fault) throw fault;
  }
}

function queueFor(server: Server) {
  const answers: Answer[] = [];
  const failed: [positions: number[], sentence: string][] = [];
  const queue = new UploadQueue(server, {
    moved: () => undefined,
    answered: (answer) => answers.push(answer),
    failed: (batch, sentence) => failed.push([batch.map((one) => one.position), sentence]),
  });
  return { queue, answers, failed };
}

async function sent(queue: UploadQueue, files: ChosenFile[]): Promise<void> {
  const done = queue.send(files);
  await vi.runAllTimersAsync();
  await done;
}

test('small files go together, a zip part by part', async () => {
  const server = new Server();
  const { queue, answers, failed } = queueFor(server);
  await sent(queue, [file(1, 'a', 10), file(2, 'b.zip', 2 * PART_BYTES + 5), file(3, 'c', 10)]);
  expect(server.batches).toEqual([[1, 3]]);
  expect(server.parts).toEqual([[0, PART_BYTES], [PART_BYTES, PART_BYTES], [2 * PART_BYTES, 5]]);
  expect(answers.flatMap((answer) => answer.files)).toHaveLength(4);
  expect(failed).toEqual([]);
  expect([queue.settledFiles, queue.sentBytes]).toEqual([3, queue.bytes]);
});

test('an interrupted file goes on where the server says', async () => {
  const server = new Server();
  server.stored.set(1, PART_BYTES);
  await sent(queueFor(server).queue, [file(1, 'a.zip', PART_BYTES + 7)]);
  expect(server.parts).toEqual([[PART_BYTES, 7]]);
});

test('a part whose answer was lost is not sent twice', async () => {
  const server = new Server();
  server.loseAnswers = 2;
  const { queue, failed } = queueFor(server);
  await sent(queue, [file(1, 'a.zip', 3 * PART_BYTES)]);
  expect(server.parts.map(([offset]) => offset)).toEqual([0, PART_BYTES, 2 * PART_BYTES]);
  expect(failed).toEqual([]);
});

test('a server that is away for most of a minute costs nothing but time', async () => {
  const server = new Server();
  server.faults = Array.from({ length: RETRY_AFTER_MS.length }, () => LOST);
  const { queue, failed } = queueFor(server);
  await sent(queue, [file(1, 'a', 10)]);
  expect(failed).toEqual([]);
  expect(server.batches).toEqual([[1]]);
});

test('after that the file is named as not sent, and the others go on', async () => {
  const server = new Server();
  const { queue, failed, answers } = queueFor(server);
  server.sendFiles = async () => {
    throw LOST;
  };
  await sent(queue, [file(1, 'a', 10), file(2, 'b.zip', 10)]);
  expect(failed).toEqual([[[1], LOST.message]]);
  expect(answers.flatMap((answer) => answer.files)).toHaveLength(2);
});

test('what moves begins the minute anew', async () => {
  const server = new Server();
  const away = Array.from({ length: RETRY_AFTER_MS.length }, () => LOST);
  server.faults = [...away, null, null, ...away, null, null, ...away];
  const { queue, failed } = queueFor(server);
  await sent(queue, [file(1, 'a.zip', 3 * PART_BYTES)]);
  expect(failed).toEqual([]);
  expect(server.takenIn.get(1)).toBe(1);
});

test('what the server refuses for good is not tried again', async () => {
  const server = new Server();
  server.faults = [new RequestError('Another file was begun at this position.', { again: false })];
  const { queue, failed } = queueFor(server);
  await sent(queue, [file(1, 'a.zip', 10)]);
  expect(failed).toEqual([[[1], 'Another file was begun at this position.']]);
  expect(server.parts).toEqual([]);
});

test('a server that keeps nothing is not asked for ever', async () => {
  const server = new Server();
  server.sendPart = async () => ({ offset: 0, ended: false });
  const { queue, failed } = queueFor(server);
  await sent(queue, [file(1, 'a.zip', 10)]);
  expect(failed).toHaveLength(1);
});

test('the program of a disc is passed over unsent', async () => {
  const server = new Server();
  const { queue, answers } = queueFor(server);
  await sent(queue, [{ position: 1, path: 'viewer.exe', file: { name: 'viewer.exe', size: 64 * 2 ** 20 } as File }]);
  expect(answers).toEqual([{ files: [], ignored: [1] }]);
  expect(server.parts).toEqual([]);
});

test('a file that was taken in before is only answered again', async () => {
  const server = new Server();
  server.stored.set(1, 10);
  server.takenIn.set(1, 1);
  const { queue, answers } = queueFor(server);
  await sent(queue, [file(1, 'a.zip', 10)]);
  expect(server.parts).toEqual([]);
  expect(answers.flatMap((answer) => answer.files)).toHaveLength(2);
});

test('cancelled, nothing more is sent and everything open is named', async () => {
  const server = new Server();
  const { queue, failed } = queueFor(server);
  server.sendFiles = () => {
    queue.cancel();
    return Promise.reject(new RequestError('Cancelled before an answer came.', { again: false }));
  };
  server.beginFile = (_one: ChosenFile) => Promise.reject(LOST);
  await sent(queue, [file(1, 'a', 10), file(2, 'b.zip', 10), file(3, 'c.zip', 10)]);
  expect(queue.cancelled).toBe(true);
  expect(failed.flatMap(([positions]) => positions).sort()).toEqual([1, 2, 3]);
  expect(queue.settledFiles).toBe(0);
});
