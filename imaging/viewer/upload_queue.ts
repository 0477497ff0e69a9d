/** Sends batches, two at a time, tries a lost one again, and keeps the sums. */
import { planBatches, type ChosenFile } from './upload_batches.ts';
import { RequestError, sendFiles, type Answer, type Run } from './upload_requests.ts';

const IN_FLIGHT = 2;
const RETRY_AFTER_MS = [1000, 3000, 9000];

export interface QueueListener {
  /** Something moved: bytes were sent or files answered. */
  moved(): void;
  answered(answer: Answer): void;
  failed(batch: ChosenFile[], sentence: string): void;
}

export class UploadQueue {
  readonly #run: Run;
  readonly #token: string;
  readonly #listener: QueueListener;
  readonly #cancelled = new AbortController();
  readonly #sending = new Map<ChosenFile[], number>();
  #waiting: ChosenFile[][] = [];
  #settled_bytes = 0;
  files = 0;
  bytes = 0;
  settledFiles = 0;

  constructor(run: Run, token: string, listener: QueueListener) {
    this.#run = run;
    this.#token = token;
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
    this.#waiting = planBatches(chosen);
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
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.#sending.set(batch, 0);
        const answer = await sendFiles(this.#run, batch, this.#token, {
          signal: this.#cancelled.signal,
          progress: (sent_bytes) => {
            this.#sending.set(batch, sent_bytes);
            this.#listener.moved();
          },
        });
        this.#listener.answered(answer);
        return;
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        const wait_ms = RETRY_AFTER_MS[attempt];
        if (this.cancelled || !error.again || wait_ms === undefined) {
          this.#listener.failed(batch, error.message);
          return;
        }
        await pause(wait_ms, this.#cancelled.signal);
      }
    }
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
