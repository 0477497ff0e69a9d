/** Draws one frame on a 2-D canvas, true to its pixel spacing. */
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
  draw(frame: Frame, table: Uint32Array, stage: { width: number; height: number }): void {
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

    const [row_mm, column_mm] = frame.pixel_spacing_mm ?? [1, 1];
    const width_mm = columns * column_mm;
    const height_mm = rows * row_mm;
    const scale = Math.min(stage.width / width_mm, stage.height / height_mm);
    const density = globalThis.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(width_mm * scale * density));
    const height = Math.max(1, Math.round(height_mm * scale * density));
    if (this.element.width !== width || this.element.height !== height) {
      this.element.width = width;
      this.element.height = height;
      this.element.style.width = `${width / density}px`;
      this.element.style.height = `${height / density}px`;
    }
    this.#context.imageSmoothingEnabled = true;
    this.#context.imageSmoothingQuality = 'high';
    this.#context.drawImage(this.#source, 0, 0, width, height);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('This browser has no 2-D canvas.');
  return context;
}
