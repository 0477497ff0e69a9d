/** Runs through slices or planes by itself. */
const FRAME_MS = 1000 / 12;

export class Cine {
  #running = 0;
  readonly #step: () => void;
  readonly #changed: (isRunning: boolean) => void;

  constructor(step: () => void, changed: (isRunning: boolean) => void) {
    this.#step = step;
    this.#changed = changed;
  }

  get isRunning(): boolean {
    return this.#running !== 0;
  }

  toggle(): void {
    if (this.isRunning) {
      this.stop();
      return;
    }
    this.#running = window.setInterval(this.#step, FRAME_MS);
    this.#changed(true);
  }

  stop(): void {
    if (!this.isRunning) return;
    clearInterval(this.#running);
    this.#running = 0;
    this.#changed(false);
  }
}
