/** Buttons and boxes around the stages; each says its key. */
import { button, element } from './elements.ts';
import type { Measurement, MeasurementKind } from './measurements.ts';
import { NAMES } from './measurement_words.ts';
import type { Preset, SeriesImages } from './series_images.ts';
import type { Layout, Viewer } from './viewer.ts';
import { PRESET_KEYS, TOOL_KEYS } from './viewer_keys.ts';
import type { Window } from './windowing.ts';

const HINTS: Record<Layout, string> = {
  stack: 'Wheel: scroll · drag: window · double click: zoom · Shift and drag: move',
  planes: 'Wheel: scroll · drag: crosshair · right button: window · Shift and drag: move',
};
const UNUSABLE = new Set(['missing_geometry', 'mixed_orientation', 'unjudged']);
const UNJUDGED = {
  codes: ['unjudged'],
  sentences: ['The geometry is not judged yet: files of this series are still arriving.'],
};
const SLABS_MM = [0, 5, 10, 20, 40];
const HINT_LASTS_MS = 6000;

type Switch = 'invert' | 'zoom' | 'cine' | 'planes' | 'key';

export class ViewerControls {
  readonly head: HTMLElement;
  readonly tools: HTMLElement;
  readonly position: HTMLElement;
  readonly window: HTMLElement;
  readonly marks = element('ul', { class: 'viewer-list', 'aria-label': 'Measurements and key images', hidden: true });
  readonly #viewer: Viewer;
  readonly #verdict = element('ul', { class: 'slices-verdict', 'aria-label': 'Geometry of the series' });
  readonly #hint = element('p', { class: 'slices-hint' });
  readonly #series: HTMLButtonElement[];
  readonly #toolButtons = new Map<MeasurementKind, HTMLButtonElement>();
  readonly #switches: Record<Switch, HTMLButtonElement>;
  readonly #slider: HTMLInputElement;
  readonly #centre = numberBox('Window centre');
  readonly #width = numberBox('Window width');
  readonly #presets: { preset: Preset; pressed: HTMLButtonElement }[];
  readonly #slab = element('select', { 'aria-label': 'Thickness shown as its brightest values' });
  readonly #slabLabel: HTMLElement;
  readonly #noPlanes = element('span', { class: 'viewer-reason', id: 'viewer-no-planes' });
  #hinting = 0;
  #listed: { measurement: Measurement; said: HTMLElement }[] = [];

  constructor(viewer: Viewer, images: SeriesImages, series: { label: string; choose: () => void }[]) {
    this.#viewer = viewer;
    this.#series = series.map(({ label, choose }) => keyButton(label, '', choose));
    this.#switches = {
      invert: keyButton('Invert', 'i', () => viewer.toggleInverted()),
      zoom: keyButton('Zoom', 'z', () => viewer.zoomNext(viewer.pane, null)),
      cine: keyButton('Cine', 'y', () => viewer.toggleCine()),
      planes: keyButton('Three planes', 'v', () => viewer.setLayout(viewer.layout === 'stack' ? 'planes' : 'stack')),
      key: keyButton('Key image', 'k', () => viewer.keyImage()),
    };
    this.#switches.planes.setAttribute('aria-describedby', this.#noPlanes.id);
    for (const kind of Object.keys(TOOL_KEYS) as MeasurementKind[]) {
      this.#toolButtons.set(kind, keyButton(NAMES[kind], TOOL_KEYS[kind], () => viewer.setTool(kind)));
    }
    this.#presets = images.windows.map((preset) => {
      const pressed = keyButton(preset.name, PRESET_KEYS[preset.code] ?? '', () => viewer.setWindow(preset));
      pressed.title = `C ${preset.centre_hu} W ${preset.width_hu} HU · ${preset.purpose} · ${preset.source}`;
      return { preset, pressed };
    });
    this.#slider = element('input', { type: 'range', min: '1', step: '1', 'aria-label': 'Slice' });
    this.#slider.addEventListener('input', () => viewer.goTo(Number(this.#slider.value) - 1));
    for (const box of [this.#centre, this.#width]) {
      box.addEventListener('change', () => {
        viewer.setWindow({ centre_hu: Number(this.#centre.value), width_hu: Number(this.#width.value) });
      });
    }
    for (const mm of SLABS_MM) this.#slab.append(element('option', { value: String(mm) }, mm === 0 ? 'off' : `${mm} mm`));
    this.#slab.addEventListener('change', () => viewer.setSlab(Number(this.#slab.value)));
    this.#slabLabel = element('label', { class: 'slices-number' }, 'MIP ', this.#slab);
    const plain = (label: string, key: string, press: () => void) => {
      const made = keyButton(label, key, press);
      made.removeAttribute('aria-pressed');
      return made;
    };
    this.tools = element(
      'div',
      { class: 'viewer-buttons', role: 'group', 'aria-label': 'Tools' },
      ...this.#toolButtons.values(),
      this.#switches.key,
      plain('Remove last', 'Del', () => viewer.removeLast()),
    );
    this.head = element(
      'div',
      { class: 'slices-head' },
      this.#series.length > 1
        ? element('div', { class: 'slices-presets', role: 'group', 'aria-label': 'Series' }, ...this.#series)
        : null,
      this.#verdict,
      this.#hint,
    );
    this.position = element(
      'div',
      { class: 'slices-controls' },
      this.#slider,
      this.#slabLabel,
      element(
        'div',
        { class: 'slices-presets' },
        this.#switches.planes,
        this.#switches.cine,
        this.#switches.invert,
        this.#switches.zoom,
        plain('Reset', 'r', () => viewer.reset()),
        plain('Full screen', 'f', () => void viewer.toggleFullScreen()),
      ),
      this.#noPlanes,
    );
    this.window = element(
      'div',
      { class: 'slices-controls' },
      element(
        'div',
        { class: 'slices-presets', role: 'group', 'aria-label': 'Window' },
        ...this.#presets.map(({ pressed }) => pressed),
      ),
      element(
        'div',
        { class: 'slices-number' },
        element('label', {}, 'C ', this.#centre),
        element('label', {}, 'W ', this.#width),
        'HU',
      ),
    );
  }

  showSeries(images: SeriesImages): void {
    const { codes, sentences } = images.geometry ?? UNJUDGED;
    this.#verdict.replaceChildren(
      ...codes.map((code, at) =>
        element('li', {}, element('span', { class: `verdict ${severity(code)}` }, sentences[at] ?? code)),
      ),
    );
    this.#slider.max = String(Math.max(1, images.slices.length));
    this.#switches.planes.disabled = images.volume === null;
    this.#noPlanes.textContent = images.volume ? '' : `No three planes. ${images.no_volume_reason}`;
    for (const button of this.#series) {
      button.setAttribute('aria-pressed', String(button.textContent?.trim() === images.label));
    }
    this.showMarks();
  }

  showLayout(layout: Layout): void {
    this.press('planes', layout === 'planes');
    this.press('zoom', false);
    this.#slider.hidden = layout === 'planes';
    this.#slabLabel.hidden = layout === 'stack';
    this.#switches.key.disabled = layout !== 'stack';
    this.hint('');
  }

  showPosition(): void {
    const { slice_index, images } = this.#viewer;
    this.#slider.value = String(slice_index + 1);
    this.#slider.setAttribute('aria-valuetext', this.#viewer.place_words(this.#viewer.pane));
    this.press('key', this.#viewer.marks.isKeyImage(images.id, slice_index));
  }

  showWindow({ centre_hu, width_hu }: Window): void {
    this.#centre.value = String(centre_hu);
    this.#width.value = String(width_hu);
    for (const { preset, pressed } of this.#presets) {
      const is = preset.centre_hu === centre_hu && preset.width_hu === width_hu;
      pressed.setAttribute('aria-pressed', String(is));
    }
  }

  showSlab(slab_mm: number): void {
    this.#slab.value = String(slab_mm);
  }

  showTool(tool: MeasurementKind | null): void {
    for (const [kind, button] of this.#toolButtons) button.setAttribute('aria-pressed', String(kind === tool));
    if (tool === null) this.hint('');
  }

  press(which: Switch, pressed: boolean): void {
    this.#switches[which].setAttribute('aria-pressed', String(pressed));
  }

  /** What was just said, for the eye; afterwards how the mouse works. */
  hint(words: string): void {
    clearTimeout(this.#hinting);
    this.#hint.textContent = words || HINTS[this.#viewer.layout];
    if (words) this.#hinting = window.setTimeout(() => this.hint(''), HINT_LASTS_MS);
  }

  chooseSeries(by: number): void {
    const now = this.#series.findIndex((button) => button.getAttribute('aria-pressed') === 'true');
    this.#series[now + by]?.click();
  }

  showMarks(): void {
    const { marks, images } = this.#viewer;
    const here = marks.measurements.filter(({ series }) => series === images.id);
    const keys = marks.keyImages.filter(({ series }) => series === images.id);
    this.#listed = [];
    this.marks.hidden = here.length + keys.length === 0;
    this.marks.replaceChildren(
      ...keys.map(({ slice_index, window }) => {
        const go = button(`Key image ${slice_index + 1}`, 'btn-secondary btn-sm', () => {
          this.#viewer.setLayout('stack');
          this.#viewer.goTo(slice_index);
          this.#viewer.setWindow(window);
        });
        return element('li', {}, go);
      }),
      ...here.map((measurement) => this.#markItem(measurement)),
    );
    this.refreshMarks();
    this.showPosition();
  }

  /** Words that had to wait for a slice, once it is there. */
  refreshMarks(): void {
    for (const { measurement, said } of this.#listed) {
      const words = this.#viewer.words(measurement);
      if (said.getAttribute('aria-label') === words) continue;
      said.setAttribute('aria-label', words);
      said.title = words;
      said.textContent = words.split(', ').slice(0, 2).join(' ');
    }
  }

  #markItem(measurement: Measurement): HTMLElement {
    const said = button('', 'btn-secondary btn-sm', () => this.#viewer.goToMeasurement(measurement));
    this.#listed.push({ measurement, said });
    const remove = button('×', 'btn-quiet btn-sm', () => this.#viewer.marks.remove(measurement.id));
    remove.setAttribute('aria-label', `Remove ${NAMES[measurement.kind].toLowerCase()}`);
    return element('li', {}, said, remove);
  }

  /** The words of an arrow, asked for where it ends. */
  askText(measurement: Measurement): void {
    const { stage } = this.#viewer.pane;
    const box = element('input', { type: 'text', class: 'viewer-text', maxlength: '60', 'aria-label': 'Words of the arrow' });
    let isDone = false;
    const done = () => {
      // Taking the box away takes its focus away, which would end it again.
      if (isDone) return;
      isDone = true;
      this.#viewer.setText(measurement, box.value.trim());
      box.remove();
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
}

function severity(code: string): string {
  if (code === 'even_spacing') return 'sound';
  return UNUSABLE.has(code) ? 'unusable' : 'caution';
}

function numberBox(name: string): HTMLInputElement {
  return element('input', { type: 'number', step: '10', 'aria-label': `${name}, HU` });
}

/** A button that can be pressed with a key, too. */
function keyButton(label: string, key: string, press: () => void): HTMLButtonElement {
  const made = button('', 'btn-secondary btn-sm', press);
  made.setAttribute('aria-pressed', 'false');
  made.replaceChildren(`${label} `, ...(key ? [element('kbd', { 'aria-hidden': 'true' }, key)] : []));
  return made;
}
