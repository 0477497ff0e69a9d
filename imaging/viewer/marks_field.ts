/** The hidden field of the form that carries marks, and what was shown, with the read. */
import type { KeptMarks } from './marks.ts';
import type { ShownCounts } from './shown_slices.ts';

/** Told to the field, with the marks as its value, when another version takes the place of ours. */
export const MARKS_REPLACED = 'crescent:marks';

const SHOWN_KEPT_EVERY_MS = 500;

export interface ReadMarks extends KeptMarks {
  shown?: ShownCounts;
}

export class MarksField {
  readonly #field: HTMLInputElement;
  #waiting = 0;
  #later: (() => ReadMarks) | null = null;

  constructor(field: HTMLInputElement, replaced: (marks: ReadMarks) => void) {
    this.#field = field;
    field.addEventListener(MARKS_REPLACED, () => replaced(marksOf(field.value)));
    // What is signed says all that was shown, to the last slice.
    field.form?.addEventListener('submit', () => this.#keepNow(), { capture: true });
  }

  /** What the form carries now, as after a refused attempt to sign. */
  get value(): ReadMarks {
    return marksOf(this.#field.value);
  }

  /** Something was measured or marked: the draft is saved. */
  keep(marks: ReadMarks): void {
    clearTimeout(this.#waiting);
    this.#later = null;
    this.#field.value = JSON.stringify(marks);
    this.#field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** More was shown: it goes along with what is saved next. */
  keepQuietly(marks: () => ReadMarks): void {
    this.#later = marks;
    clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.#keepNow(), SHOWN_KEPT_EVERY_MS);
  }

  #keepNow(): void {
    clearTimeout(this.#waiting);
    if (this.#later) this.#field.value = JSON.stringify(this.#later());
    this.#later = null;
  }
}

function marksOf(text: string): ReadMarks {
  const { measurements = [], key_images = [], shown = {} } = JSON.parse(text || '{}') as Partial<ReadMarks>;
  return { measurements, key_images, shown };
}
