/** Sends batches and parts, two requests at a time, tries a lost one again, and keeps the sums. */
import { plan, type ChosenFile } from './upload_batches.ts';
import { RequestError, type Answer, type Door } from './upload_requests.ts';
import { translate } from '../../registry/islands/translate.ts';

const IN_FLIGHT = 2;
/** Together a minute: as long as a server needs to start again. What moves begins it anew. */
export const RETRY_AFTER_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
export const PART_BYTES = 8 * 1024 * 1024;

export interface QueueListener {
  /** Something moved: bytes were sent or files answered. */
  moved(): void;
  answered(answer: Answer): void;
  failed(batch: ChosenFile[], sentence: string): void;
}

export class UploadQueue {
  readonly #door: Door;
  readonly #listener: QueueListener;
  readonly #cancelled = new AbortController();
  readonly #sending = new Map<ChosenFile[], number>();
  #waiting: ChosenFile[][] = [];
  #large = new Set<ChosenFile>();
  #settled_bytes = 0;
  files = 0;
  bytes = 0;
  settledFiles = 0;

  constructor(door: Door, listener: QueueListener) {
    this.#door = door;
    this.#listener = listener;
  }

  get sentBytes(): number {
    let sent = this.#settled_bytes;
    for (const [batch, bytes] of this.#sending) sent += Math.min(bytes, size(batch));
    return sent;
  }

  get cancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  /** Send the files; resolves when each has an answer, has failed for good or was cancelled. */
  async send(chosen: ChosenFile[]): Promise<void> {
    this.files += chosen.length;
    this.bytes += size(chosen);
    const { batches, large } = plan(chosen);
    this.#large = new Set(large);
    this.#waiting = [...batches, ...large.map((one) => [one])];
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => this.#work()));
  }

  cancel(): void {
    this.#cancelled.abort();
  }

  async #work(): Promise<void> {
    for (let batch = this.#waiting.shift(); batch; batch = this.#waiting.shift()) {
      await this.#deliver(batch);
      this.#sending.delete(batch);
      if (!this.cancelled) this.#settle(batch);
      this.#listener.moved();
    }
  }

  #settle(batch: ChosenFile[]): void {
    this.settledFiles += batch.length;
    this.#settled_bytes += size(batch);
  }

  async #deliver(batch: ChosenFile[]): Promise<void> {
    let failures = 0;
    const moves = () => {
      failures = 0;
    };
    for (;;) {
      try {
        const one = batch[0];
        if (one && this.#large.has(one)) await this.#sendLarge(one, batch, moves);
        else await this.#sendTogether(batch);
        return;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const wait_ms = RETRY_AFTER_MS[failures];
        if (this.cancelled || !error.again || wait_ms === undefined) {
          this.#listener.failed(batch, error.message);
          return;
        }
        failures += 1;
        await pause(wait_ms, this.#cancelled.signal);
      }
    }
  }

  async #sendTogether(batch: ChosenFile[]): Promise<void> {
    this.#sent(batch, 0);
    this.#listener.answered(
      await this.#door.sendFiles(batch, {
        signal: this.#cancelled.signal,
        progress: (sent_bytes) => this.#sent(batch, sent_bytes),
      }),
    );
  }

  async #sendLarge(one: ChosenFile, batch: ChosenFile[], moves: () => void): Promise<void> {
    const { signal } = this.#cancelled;
    const begun = await this.#door.beginFile(one, signal);
    if ('ignored' in begun) {
      this.#listener.answered({ files: [], ignored: begun.ignored });
      return;
    }
    let { offset } = begun;
    while (!begun.ended && offset < one.file.size) {
      const from = offset;
      this.#sent(batch, from);
      const part = one.file.slice(from, from + PART_BYTES);
      const state = await this.#door.sendPart(one, part, from, {
        signal,
        progress: (sent_bytes) => this.#sent(batch, from + Math.min(sent_bytes, part.size)),
      });
      // The server may know better after a lost answer; but a file that does not grow is no progress.
      if (state.offset <= from) throw new RequestError(translate('The server did not keep what was sent.'), { again: true });
      offset = state.offset;
      moves();
    }
    this.#sent(batch, one.file.size);
    const ignored = await this.#door.takeIn(one, signal, (files) => {
      moves();
      this.#listener.answered({ files, ignored: [] });
    });
    this.#listener.answered({ files: [], ignored });
  }

  #sent(batch: ChosenFile[], bytes: number): void {
    this.#sending.set(batch, bytes);
    this.#listener.moved();
  }
}

function size(batch: ChosenFile[]): number {
  return batch.reduce((sum, one) => sum + one.file.size, 0);
}

function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait_ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
