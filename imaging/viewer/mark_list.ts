/** The list of measurements and key images: to go there, to change them, to take them away. */
import { button, element } from './elements.ts';
import type { KeyImage, Measurement } from './measurements.ts';
import { NAMES } from './measurement_words.ts';
import type { Viewer } from './viewer.ts';
import { translate } from '../../registry/islands/translate.ts';

const LONGEST_TEXT = 60;

export class MarkList {
  readonly element = element('ul', { class: 'viewer-list', 'aria-label': translate('Measurements and key images'), hidden: true });
  readonly #viewer: Viewer;
  #listed: { measurement: Measurement; said: HTMLElement }[] = [];

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  show(): void {
    const { marks } = this.#viewer;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-mark') : null;
    this.#listed = [];
    this.element.hidden = marks.measurements.length + marks.keyImages.length === 0;
    this.element.replaceChildren(
      ...marks.keyImages.map((image) => this.#keyImageItem(image)),
      ...marks.measurements.map((measurement) => this.#measurementItem(measurement)),
    );
    this.refresh();
    if (focused) this.element.querySelector<HTMLElement>(`[data-mark="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Words that had to wait for a slice, once it is there. */
  refresh(): void {
    for (const { measurement, said } of this.#listed) {
      const words = this.#viewer.marking.words(measurement);
      if (said.getAttribute('aria-label') === words) continue;
      said.setAttribute('aria-label', words);
      said.title = words;
      const [name = '', number = ''] = words.split(', ');
      said.textContent = `${this.#elsewhere(measurement.series)}${number ? `${name} ${number}` : name}`;
    }
  }

  /** The words of an arrow, asked for on the stage. */
  askText(measurement: Measurement): void {
    const { stage } = this.#viewer.pane;
    const box = element('input', {
      type: 'text',
      class: 'viewer-text',
      maxlength: String(LONGEST_TEXT),
      value: measurement.text,
      'aria-label': translate('Words of the arrow'),
    });
    let isDone = false;
    const done = () => {
      // Taking the box away takes its focus away, which would end it again.
      if (isDone) return;
      isDone = true;
      const text = box.value.trim();
      box.remove();
      if (text !== measurement.text) this.#viewer.marks.change(measurement.id, { text });
      stage.focus({ preventScroll: true });
    };
    box.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape' || event.key === 'Enter') done();
    });
    box.addEventListener('blur', done);
    stage.append(box);
    // After the press that ends the arrow, which takes the focus to the stage.
    requestAnimationFrame(() => box.focus());
  }

  #keyImageItem(image: KeyImage): HTMLElement {
    const viewer = this.#viewer;
    const words = translate('Key image {slice_index}', { slice_index: image.slice_index + 1 });
    const go = button(`${this.#elsewhere(image.series)}${words}`, 'btn-secondary btn-sm', () => {
      void viewer.marking.inSeries(image.series, () => {
        viewer.marking.goToSlice(image.slice_index);
        viewer.setWindow(image.window);
      });
    });
    go.dataset['mark'] = `key-${image.series}-${image.slice_index}`;
    const remove = this.#removal(words.toLowerCase(), () => viewer.marks.toggleKeyImage(image));
    return element('li', {}, go, remove);
  }

  #measurementItem(measurement: Measurement): HTMLElement {
    const viewer = this.#viewer;
    const said = button('', 'btn-secondary btn-sm', () => {
      void viewer.marking.inSeries(measurement.series, () => viewer.marking.goToMeasurement(measurement));
    });
    said.dataset['mark'] = String(measurement.id);
    said.addEventListener('keydown', (event) => {
      if (event.key !== 'Delete') return;
      event.preventDefault();
      viewer.marking.remove(measurement);
    });
    this.#listed.push({ measurement, said });
    const name = NAMES[measurement.kind].toLowerCase();
    const edit =
      measurement.kind === 'arrow' && !viewer.isFrozen
        ? button('✎', 'btn-quiet btn-sm', () => {
            void viewer.marking.inSeries(measurement.series, () => {
              viewer.marking.goToMeasurement(measurement);
              this.askText(measurement);
            });
          })
        : null;
    edit?.setAttribute('aria-label', translate('Change the words of the arrow'));
    return element('li', {}, said, edit, this.#removal(name, () => viewer.marking.remove(measurement)));
  }

  #removal(name: string, press: () => void): HTMLElement | null {
    if (this.#viewer.isFrozen) return null;
    const made = button('×', 'btn-quiet btn-sm', press);
    made.setAttribute('aria-label', translate('Remove {name}', { name }));
    return made;
  }

  /** The series, when it is another than the one on the screen. */
  #elsewhere(series: string): string {
    const { images, task } = this.#viewer;
    if (series === images.id) return '';
    const other = task.series.find(({ id }) => id() === series);
    return other ? `${other.label} · ` : '';
  }
}
