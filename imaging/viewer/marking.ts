/** What a reader does with marks beside drawing them: find them again, move them, take them away. */
import { NAMES } from './measurement_words.ts';
import type { Measurement } from './measurements.ts';
import { wordsIn } from './pane.ts';
import { middle } from './vectors.ts';
import type { Viewer } from './viewer.ts';
import { translate } from '../../registry/islands/translate.ts';

export class Marking {
  readonly #viewer: Viewer;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  words(measurement: Measurement): string {
    return [NAMES[measurement.kind], ...wordsIn(this.#viewer, measurement)].join(', ');
  }

  /** The measurement that was made last; or the last point of the catheter while it is traced. */
  removeLast(): void {
    const viewer = this.#viewer;
    const last = viewer.marks.measurements[viewer.marks.measurements.length - 1];
    if (viewer.tool.kind === 'catheter') viewer.removeCatheterPoint();
    else if (last) this.remove(last);
  }

  remove(measurement: Measurement): void {
    const viewer = this.#viewer;
    if (viewer.isFrozen) return;
    viewer.marks.remove(measurement.id);
    viewer.say(translate('{kind} removed.', { kind: NAMES[measurement.kind] }));
  }

  /** Take the next point of a measurement on the screen into the keyboard's hand. */
  moveNextPoint(): void {
    const viewer = this.#viewer;
    const { pane } = viewer;
    const shown = viewer.shownIn(pane);
    const view = pane.view(shown);
    const here = view ? pane.visible(shown, view) : [];
    const next = viewer.tool.heldIn(here) ?? here[here.length - 1];
    if (next) viewer.tool.holdNext(next);
    else viewer.say(translate('No measurement is to be seen here.'));
  }

  keyImage(): void {
    const viewer = this.#viewer;
    const { images, slice_index, window } = viewer;
    if (!viewer.task.isReading || viewer.isFrozen) return;
    if (viewer.pane.name !== 'stack') {
      viewer.say(translate('A key image is a slice of this study as scanned: go to the stack for it.'));
      return;
    }
    const is = viewer.marks.toggleKeyImage({ series: images.id, slice_index, window });
    viewer.say(is ? translate('Slice {slice_index} is a key image.', { slice_index: slice_index + 1 }) : translate('Slice {slice_index} is no key image now.', { slice_index: slice_index + 1 }));
  }

  goToSlice(slice_index: number): void {
    const viewer = this.#viewer;
    if (!viewer.stages.has('stack')) viewer.setLayout('stack');
    viewer.goTo(slice_index);
  }

  goToMeasurement({ slice_index, points_mm }: Measurement): void {
    const viewer = this.#viewer;
    const [first, second = first] = points_mm;
    if (slice_index !== null) this.goToSlice(slice_index);
    else if (first && second) {
      if (viewer.layout !== 'planes') viewer.setLayout('planes');
      viewer.setCursor(middle(first, second));
    }
  }

  /** Do something once a series is on the screen. */
  async inSeries(id: string, then: () => void): Promise<void> {
    const viewer = this.#viewer;
    if (id !== viewer.images.id) await viewer.task.series.find((one) => one.id() === id)?.choose();
    if (id === viewer.images.id) then();
  }
}
