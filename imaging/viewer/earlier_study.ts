/** The earlier study on the screen beside the current one, when there is one. */
import type { Comparison } from './comparison.ts';
import type { Viewer } from './viewer.ts';
import { translate } from '../../registry/islands/translate.ts';

export class EarlierStudy {
  readonly #viewer: Viewer;
  #comparison: Comparison | null = null;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  get comparison(): Comparison | null {
    return this.#comparison;
  }

  /** The one that was looked at before, else the latest. */
  open(): void {
    const [latest] = this.#viewer.task.earlier;
    if (this.#comparison) this.#viewer.setLayout('compare');
    else if (latest) void latest.choose();
    else this.#viewer.say(translate('There is no earlier study to look at.'));
  }

  show(comparison: Comparison): void {
    this.leave();
    this.#comparison = comparison;
    this.#viewer.setLayout('compare');
    comparison.goTo(comparison.slice_index);
    this.#viewer.controls.showComparison(comparison);
    this.#viewer.say(comparison.words);
  }

  /** Its frames are let go. */
  leave(): void {
    this.#comparison?.images.frames.release();
    this.#comparison = null;
  }

  /** The wheel over it, or its arrow keys. */
  scroll(steps: number): void {
    const { slice_index } = this.#viewer;
    if (!this.#comparison) return;
    if (this.#comparison.offset_mm !== null) this.#viewer.goTo(slice_index + steps);
    else this.#comparison.goTo(this.#comparison.slice_index + steps);
    this.#viewer.paintSoon();
    this.#viewer.speakSoon();
  }

  toggleScrollLink(): void {
    const { images, slice_index } = this.#viewer;
    this.#change((comparison) => comparison.toggleLink(images, slice_index));
  }

  toggleWindowLink(): void {
    this.#change((comparison) => comparison.toggleWindow(this.#viewer.window));
  }

  #change(change: (comparison: Comparison) => string): void {
    if (!this.#comparison || this.#viewer.layout !== 'compare') return;
    this.#viewer.say(change(this.#comparison));
    this.#viewer.controls.showComparison(this.#comparison);
    this.#viewer.paintSoon();
  }
}
