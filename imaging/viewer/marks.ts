/** All measurements and key images of the study on the screen: the one place that holds them. */
import type { KeyImage, Measurement } from './measurements.ts';
import type { Vector } from './vectors.ts';

/** As they are kept with a read. */
export interface KeptMarks {
  measurements: Omit<Measurement, 'id'>[];
  key_images: KeyImage[];
}

export class Marks {
  #measurements: Measurement[] = [];
  #keyImages: KeyImage[] = [];
  #next = 1;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get measurements(): readonly Measurement[] {
    return this.#measurements;
  }

  get keyImages(): readonly KeyImage[] {
    return this.#keyImages;
  }

  get kept(): KeptMarks {
    return {
      measurements: this.#measurements.map(({ kind, series, slice_index, points_mm, text }) => ({
        kind,
        series,
        slice_index,
        points_mm,
        text,
      })),
      key_images: this.#keyImages,
    };
  }

  /** Put these in the place of all there are. */
  replace({ measurements, key_images }: KeptMarks): void {
    this.#measurements = measurements.map((one) => ({ ...one, id: this.#next++ }));
    this.#keyImages = [...key_images];
    this.#changed();
  }

  add(made: Omit<Measurement, 'id'>): Measurement {
    const measurement = { ...made, id: this.#next };
    this.#next += 1;
    this.#measurements.push(measurement);
    this.#changed();
    return measurement;
  }

  change(id: number, changes: { points_mm: Vector[] } | { text: string }): void {
    this.#measurements = this.#measurements.map((one) => (one.id === id ? { ...one, ...changes } : one));
    this.#changed();
  }

  remove(id: number): void {
    this.#measurements = this.#measurements.filter((one) => one.id !== id);
    this.#changed();
  }

  isKeyImage(series: string, slice_index: number): boolean {
    return this.#keyImages.some((one) => one.series === series && one.slice_index === slice_index);
  }

  /** Mark a slice as key image, or take the mark away; true when it is one now. */
  toggleKeyImage(image: KeyImage): boolean {
    const { series, slice_index } = image;
    const was = this.isKeyImage(series, slice_index);
    this.#keyImages = this.#keyImages.filter(
      (one) => one.series !== series || one.slice_index !== slice_index,
    );
    if (!was) this.#keyImages.push(image);
    this.#changed();
    return !was;
  }
}
