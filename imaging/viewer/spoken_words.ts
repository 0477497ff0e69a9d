/** What a screen reader hears: where something came to rest, not every step on the way. */
import { element } from './elements.ts';

const SPOKEN_AFTER_MS = 500;

export class SpokenWords {
  readonly element = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #state: () => string;
  #waiting = 0;

  /** `state` tells the picture in words; empty words are not spoken. */
  constructor(state: () => string) {
    this.#state = state;
  }

  say(words: string): void {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    this.element.textContent = words;
  }

  soon(): void {
    clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => {
      const words = this.#state();
      if (words !== '') this.element.textContent = words;
    }, SPOKEN_AFTER_MS);
  }
}
