/** Paints HU on a 2-D canvas as large as the stage: slices as scanned, or a plane through many. */
import { NOTHING, type Resliced } from './reslice.ts';
import { dot, minus } from './vectors.ts';
import type { SliceGrid, View } from './view_plane.ts';

/** Where there is nothing: told apart from black, which is air. */
const NOTHING_PIXEL = 0xff2a2420;

export class FrameCanvas {
  readonly element = document.createElement('canvas');
  readonly #context = contextOf(this.element);
  readonly #source = document.createElement('canvas');
  readonly #sourceContext = contextOf(this.#source);
  #pixels: ImageData | null = null;

  /** A slice as scanned; `table` gives the pixel for each HU + 32768. */
  drawSlice(grid: SliceGrid, values_hu: Int16Array, table: Uint32Array, view: View): void {
    this.#fill(grid.columns, grid.rows, values_hu, table);
    const from = minus(grid.plane.origin_mm, view.plane.origin_mm);
    const left_mm = dot(from, view.plane.right) - grid.column_mm / 2;
    const top_mm = dot(from, view.plane.down) - grid.row_mm / 2;
    this.#place(view, {
      x: (left_mm - view.centre.right_mm) / view.mm_per_px + view.stage.width / 2,
      y: (top_mm - view.centre.down_mm) / view.mm_per_px + view.stage.height / 2,
      width: (grid.columns * grid.column_mm) / view.mm_per_px,
      height: (grid.rows * grid.row_mm) / view.mm_per_px,
    });
  }

  drawResliced({ width, height, values_hu }: Resliced, table: Uint32Array, view: View): void {
    this.#fill(width, height, values_hu, table);
    const coarseness = view.stage.width / width;
    this.#place(view, { x: 0, y: 0, width: width * coarseness, height: height * coarseness });
  }

  #fill(width: number, height: number, values_hu: Int16Array, table: Uint32Array): void {
    if (this.#pixels?.width !== width || this.#pixels.height !== height) {
      this.#source.width = width;
      this.#source.height = height;
      this.#pixels = this.#sourceContext.createImageData(width, height);
    }
    const target = new Uint32Array(this.#pixels.data.buffer);
    for (let at = 0; at < target.length; at += 1) {
      const value = values_hu[at]!;
      target[at] = value === NOTHING ? NOTHING_PIXEL : table[value + 32768]!;
    }
    this.#sourceContext.putImageData(this.#pixels, 0, 0);
  }

  #place(view: View, at: { x: number; y: number; width: number; height: number }): void {
    const density = globalThis.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(view.stage.width * density));
    const height = Math.max(1, Math.round(view.stage.height * density));
    if (this.element.width !== width || this.element.height !== height) {
      this.element.width = width;
      this.element.height = height;
    }
    this.#context.setTransform(density, 0, 0, density, 0, 0);
    this.#context.fillStyle = '#000';
    this.#context.fillRect(0, 0, view.stage.width, view.stage.height);
    this.#context.imageSmoothingEnabled = true;
    this.#context.imageSmoothingQuality = 'high';
    this.#context.drawImage(this.#source, at.x, at.y, at.width, at.height);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no 2-D canvas.');
  return context;
}
