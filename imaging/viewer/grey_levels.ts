/** Window and inversion, and the grey of every HU under them. */
import { clampedWindow, pixelTable, type Window } from './windowing.ts';

export class GreyLevels {
  #window: Window;
  #inverted = false;
  readonly #tables = new Map<string, Uint32Array>();

  constructor(window: Window) {
    this.#window = clampedWindow(window);
  }

  get window(): Window {
    return this.#window;
  }

  set window(window: Window) {
    this.#window = clampedWindow(window);
  }

  get isInverted(): boolean {
    return this.#inverted;
  }

  invert(): void {
    this.#inverted = !this.#inverted;
    this.#tables.clear();
  }

  /** Pixels for HU + 32768, in this window or another. */
  table(window: Window = this.#window): Uint32Array {
    const key = `${window.centre_hu} ${window.width_hu}`;
    let table = this.#tables.get(key);
    if (!table) {
      // Only the windows on the screen are worth their memory.
      if (this.#tables.size > 1) this.#tables.clear();
      this.#tables.set(key, (table = pixelTable(window, { inverted: this.#inverted })));
    }
    return table;
  }
}
