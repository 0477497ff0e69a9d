/** When the stages are painted: once per frame of the screen, however much changes before it. */
const SHARP_AFTER_MS = 140;
const ARRIVALS_SHOWN_EVERY_MS = 250;

export class Repaint {
  readonly #paint: () => void;
  #waiting = false;
  #moving = 0;
  #arriving = 0;
  #arrived = 0;

  constructor(paint: () => void) {
    this.#paint = paint;
  }

  /** Whether something moves: planes are then drawn coarsely. */
  get isMoving(): boolean {
    return this.#moving !== 0;
  }

  /** Rises now and then while slices arrive that planes go through. */
  get arrived(): number {
    return this.#arrived;
  }

  soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#paint();
    });
  }

  /** Something moves; what is drawn coarsely becomes sharp once it rests. */
  moving(): void {
    clearTimeout(this.#moving);
    this.#moving = window.setTimeout(() => {
      this.#moving = 0;
      this.soon();
    }, SHARP_AFTER_MS);
    this.soon();
  }

  /** A slice arrived that planes go through. */
  arriving(): void {
    this.#arriving ||= window.setTimeout(() => {
      this.#arriving = 0;
      this.#arrived += 1;
      this.soon();
    }, ARRIVALS_SHOWN_EVERY_MS);
  }
}
