/** The frames of a series: fetched from the middle outwards, a few at a time, within a memory bound. */
import { farthest, nextToLoad } from './loading_order.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface Slice {
  index: number;
  frame_url: string;
  /** Centre of the first pixel, and directions of row and column, in the patient's axes (LPS). */
  position_mm: number[] | null;
  orientation: number[] | null;
  rows: number;
  columns: number;
  /** Distance between rows and between columns. */
  pixel_spacing_mm: [number, number] | null;
  slice_thickness_mm: number | null;
  displayable: boolean;
  not_displayable_reason: string | null;
  hu_undefined_reason: string | null;
  /** Both ends included; these numbers mean no measurement. */
  padding_hu: [number, number] | null;
}

const MAX_IN_FLIGHT = 6;
/** What the frames of one series may take; beyond it a tab is in danger. */
export const SERIES_BYTES = 600 * 1024 * 1024;

export class SliceFrames {
  #held = new Map<number, Int16Array>();
  #inFlight = new Map<number, AbortController>();
  #failed = new Map<number, string>();
  #bytes = 0;
  #current = 0;
  #full = false;
  #stopped = false;
  readonly #slices: Slice[];
  readonly #memory_bytes: number;
  readonly #changed: (index: number) => void;

  /** `changed` is told whenever a frame has arrived or failed. */
  constructor(slices: Slice[], changed: (index: number) => void, memory_bytes = SERIES_BYTES) {
    this.#slices = slices;
    this.#memory_bytes = memory_bytes;
    this.#changed = changed;
  }

  get(index: number): Int16Array | null {
    return this.#held.get(index) ?? null;
  }

  failure(index: number): string | null {
    return this.#failed.get(index) ?? null;
  }

  get loaded(): number {
    return this.#held.size;
  }

  get resting(): boolean {
    return this.#inFlight.size === 0;
  }

  /** Make `index` the centre of what is loaded. */
  moveTo(index: number): void {
    this.#current = index;
    this.#full = false;
    this.#stopped = false;
    this.#fill();
  }

  retry(): void {
    this.#failed.clear();
    this.#fill();
  }

  stop(): void {
    this.#stopped = true;
    for (const controller of this.#inFlight.values()) controller.abort();
  }

  /** Stop, and give the memory back. */
  release(): void {
    this.stop();
    for (const frame of this.#held.values()) this.#bytes -= frame.byteLength;
    this.#held.clear();
    this.#failed.clear();
  }

  #fill(): void {
    while (!this.#stopped && this.#inFlight.size < MAX_IN_FLIGHT && !this.#full) {
      const index = nextToLoad(this.#current, this.#slices.length, (candidate) => {
        return (
          this.#slices[candidate]?.displayable === true &&
          !this.#held.has(candidate) &&
          !this.#inFlight.has(candidate) &&
          !this.#failed.has(candidate)
        );
      });
      if (index === null || !this.#makeRoomFor(index)) return;
      void this.#fetch(index);
    }
  }

  /** Let go of frames farther away than `index`; false when everything held is nearer. */
  #makeRoomFor(index: number): boolean {
    const slice = this.#slices[index];
    if (slice === undefined) return false;
    const bytes = slice.rows * slice.columns * 2;
    while (this.#bytes + bytes > this.#memory_bytes) {
      const leaving = farthest(this.#current, this.#held.keys());
      const isNearer =
        leaving === null ||
        Math.abs(leaving - this.#current) <= Math.abs(index - this.#current);
      if (isNearer) {
        this.#full = true;
        return false;
      }
      this.#bytes -= this.#held.get(leaving)?.byteLength ?? 0;
      this.#held.delete(leaving);
    }
    this.#bytes += bytes;
    return true;
  }

  async #fetch(index: number): Promise<void> {
    const slice = this.#slices[index];
    if (slice === undefined) return;
    const expected_bytes = slice.rows * slice.columns * 2;
    const controller = new AbortController();
    this.#inFlight.set(index, controller);
    try {
      const frame = await fetchFrame(slice.frame_url, expected_bytes, controller.signal);
      controller.signal.throwIfAborted();
      this.#held.set(index, frame);
    } catch (error) {
      this.#bytes -= expected_bytes;
      if (!controller.signal.aborted) {
        this.#failed.set(index, error instanceof FrameError ? error.message : LOST);
      }
    } finally {
      this.#inFlight.delete(index);
    }
    this.#changed(index);
    this.#fill();
  }
}

const LOST = translate('The connection was lost. The image is safe on the server.');

/** A frame did not arrive as it should; the message is for the person at the screen. */
class FrameError extends Error {}

async function fetchFrame(url: string, bytes: number, signal: AbortSignal): Promise<Int16Array> {
  const response = await fetch(url, { signal, credentials: 'same-origin' });
  if (!response.ok) {
    throw new FrameError(await refusal(response));
  }
  const buffer = await response.arrayBuffer();
  if (buffer.byteLength !== bytes) {
    throw new FrameError(translate('The image arrived incomplete, so it is not shown.'));
  }
  return new Int16Array(buffer);
}

async function refusal(response: Response): Promise<string> {
  try {
    const said = ((await response.json()) as { error?: unknown }).error;
    if (typeof said === 'string') return said;
  } catch {
    // No words came with the refusal: the status has to do.
  }
  return response.status === 404 || response.status === 403
    ? translate('The server does not give you this image. Your session may have ended: sign in again.')
    : translate('The server could not read this image.');
}
