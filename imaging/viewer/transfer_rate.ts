/** How fast bytes leave, over the last seconds, and what that means for the time left. */
import { translate } from '../../registry/islands/translate.ts';

const WINDOW_MS = 8000;

export class TransferRate {
  #marks: { at_ms: number; bytes: number }[] = [];

  add(bytes: number, at_ms: number): void {
    this.#marks.push({ at_ms, bytes });
    while (this.#marks.length > 2 && at_ms - (this.#marks[0]?.at_ms ?? at_ms) > WINDOW_MS) {
      this.#marks.shift();
    }
  }

  /** Bytes per second, or null while there is too little to tell. */
  get bytesPerSecond(): number | null {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at_ms - first.at_ms < 500) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.at_ms - first.at_ms);
  }
}

export function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  return mb < 10 ? mb.toFixed(1) : Math.round(mb).toLocaleString('en-GB');
}

export function timeLeft(seconds: number): string {
  if (seconds < 5) return translate('a few seconds left');
  if (seconds < 90) return translate('{seconds} s left', { seconds: Math.ceil(seconds / 5) * 5 });
  if (seconds < 5400) return translate('{seconds} min left', { seconds: Math.round(seconds / 60) });
  return translate('{hours} h left', { hours: (seconds / 3600).toFixed(1) });
}
