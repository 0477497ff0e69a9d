/** Draws one frame on a 2-D canvas, true to its pixel spacing. */
import { cutOf, type Cut, type Size, type Viewport } from './viewport.ts';

export interface Frame {
  values_hu: Int16Array;
  rows: number;
  columns: number;
  pixel_spacing_mm: [number, number] | null;
}

export class SliceCanvas {
  readonly element = document.createElement('canvas');
  readonly #context = contextOf(this.element);
  readonly #source = document.createElement('canvas');
  readonly #sourceContext = contextOf(this.#source);
  #pixels: ImageData | null = null;

  /** `table` gives the pixel for each HU + 32768. */
  draw(frame: Frame, table: Uint32Array, stage: Size, viewport: Viewport): void {
    const { rows, columns } = frame;
    if (this.#pixels?.width !== columns || this.#pixels.height !== rows) {
      this.#source.width = columns;
      this.#source.height = rows;
      this.#pixels = this.#sourceContext.createImageData(columns, rows);
    }
    const target = new Uint32Array(this.#pixels.data.buffer);
    const values = frame.values_hu;
    for (let at = 0; at < target.length; at += 1) {
      target[at] = table[(values[at] ?? 0) + 32768] ?? 0;
    }
    this.#sourceContext.putImageData(this.#pixels, 0, 0);

    const cut = frameCut(frame, stage, viewport);
    const density = globalThis.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(cut.shown.width * density));
    const height = Math.max(1, Math.round(cut.shown.height * density));
    if (this.element.width !== width || this.element.height !== height) {
      this.element.width = width;
      this.element.height = height;
      this.element.style.width = `${width / density}px`;
      this.element.style.height = `${height / density}px`;
    }
    this.#context.imageSmoothingEnabled = true;
    this.#context.imageSmoothingQuality = 'high';
    this.#context.drawImage(
      this.#source,
      cut.x * columns,
      cut.y * rows,
      cut.width * columns,
      cut.height * rows,
      0,
      0,
      width,
      height,
    );
  }
}

/** The part of a frame that is shown; without a pixel spacing its pixels count as square. */
export function frameCut(
  { rows, columns, pixel_spacing_mm }: Omit<Frame, 'values_hu'>,
  stage: Size,
  viewport: Viewport,
): Cut {
  const [row_mm, column_mm] = pixel_spacing_mm ?? [1, 1];
  return cutOf({ width: columns * column_mm, height: rows * row_mm }, stage, viewport);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no 2-D canvas.');
  return context;
}
