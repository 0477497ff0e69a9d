/** All measurements and key images of the study on the screen: the one place that holds them. */
import type { KeyImage, Measurement } from './measurements.ts';

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

  add(made: Omit<Measurement, 'id'>): Measurement {
    const measurement = { ...made, id: this.#next };
    this.#next += 1;
    this.#measurements.push(measurement);
    this.#changed();
    return measurement;
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
