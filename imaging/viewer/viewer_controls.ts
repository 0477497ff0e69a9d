/** Buttons and boxes around the stages; each says its key. */
import type { Comparison } from './comparison.ts';
import type { ToolKind } from './drawing_tool.ts';
import { button, element } from './elements.ts';
import { LAYOUT_KEYS, PRESET_KEYS, TOOL_KEYS } from './key_letters.ts';
import { LAYOUT_NAMES, THROUGH_VOLUME, type Layout } from './layouts.ts';
import type { MeasurementKind } from './measurements.ts';
import { NAMES, signed } from './measurement_words.ts';
import { placeWords } from './picture_words.ts';
import type { Preset, SeriesImages } from './series_images.ts';
import type { Viewer } from './viewer.ts';
import type { Window } from './windowing.ts';
import { translate } from '../../registry/islands/translate.ts';

const HINTS: Record<Layout, string> = {
  stack: translate('Wheel: scroll · drag: window · double click: zoom · Shift and drag: move'),
  beside: translate('Wheel: scroll · drag: window · click: sagittal plane there · double click: zoom'),
  planes: translate('Wheel: scroll · drag: crosshair · right button: window · Shift and drag: move'),
  catheter: translate('Click along the catheter · wheel over the slab turns it · Shift and drag: move'),
  compare: translate('Wheel: scroll both · j links and unlinks them where they are · drag: window'),
};
const UNUSABLE = new Set(['missing_geometry', 'mixed_orientation', 'unjudged']);
const UNJUDGED = {
  codes: ['unjudged'],
  sentences: [translate('The geometry is not judged yet: files of this series are still arriving.')],
};
const SLABS_MM = [0, 5, 10, 20, 40];
const HINT_LASTS_MS = 6000;

type Switch = 'invert' | 'zoom' | 'cine' | 'key';

export class ViewerControls {
  readonly head: HTMLElement;
  readonly tools: HTMLElement;
  readonly position: HTMLElement;
  readonly window: HTMLElement;
  readonly #viewer: Viewer;
  readonly #verdict = element('ul', { class: 'slices-verdict', 'aria-label': translate('Geometry of the series') });
  readonly #hint = element('p', { class: 'slices-hint' });
  readonly #series: HTMLButtonElement[];
  readonly #toolButtons = new Map<ToolKind, HTMLButtonElement>();
  readonly #switches: Record<Switch, HTMLButtonElement>;
  readonly #layouts = new Map<Layout, HTMLButtonElement>();
  readonly #slider: HTMLInputElement;
  readonly #centre = numberBox(translate('Window centre'));
  readonly #width = numberBox(translate('Window width'));
  readonly #presets: { preset: Preset; pressed: HTMLButtonElement }[];
  readonly #slab = element('select', { 'aria-label': translate('Thickness shown as its brightest values') });
  readonly #slabLabel: HTMLElement;
  readonly #comparison = element('span', { class: 'slices-number', hidden: true });
  readonly #noPlanes = element('span', { class: 'viewer-reason', id: 'viewer-no-planes' });
  #hinting = 0;

  constructor(viewer: Viewer, images: SeriesImages) {
    this.#viewer = viewer;
    this.#series = viewer.task.series.map(({ label, choose }) => keyButton(label, '', choose));
    this.#switches = {
      invert: keyButton(translate('Invert'), 'i', () => viewer.toggleInverted()),
      zoom: keyButton(translate('Zoom'), 'z', () => viewer.zoomNext(viewer.pane, null)),
      cine: keyButton(translate('Cine'), 'y', () => viewer.cine.toggle()),
      key: keyButton(translate('Key image'), 'k', () => viewer.marking.keyImage()),
    };
    for (const layout of Object.keys(LAYOUT_KEYS) as (keyof typeof LAYOUT_KEYS)[]) {
      if (layout === 'compare' && viewer.task.earlier.length === 0) continue;
      const pressed = keyButton(LAYOUT_NAMES[layout], LAYOUT_KEYS[layout], () => viewer.toggleLayout(layout));
      if (THROUGH_VOLUME.has(layout)) pressed.setAttribute('aria-describedby', this.#noPlanes.id);
      this.#layouts.set(layout, pressed);
    }
    for (const kind of Object.keys(TOOL_KEYS) as MeasurementKind[]) {
      this.#toolButtons.set(kind, keyButton(NAMES[kind], TOOL_KEYS[kind], () => viewer.tool.take(kind)));
    }
    this.#presets = images.windows.map((preset) => {
      const pressed = keyButton(preset.name, PRESET_KEYS[preset.code] ?? '', () => viewer.setWindow(preset));
      pressed.title = `C ${preset.centre_hu} W ${preset.width_hu} HU · ${preset.purpose} · ${preset.source}`;
      return { preset, pressed };
    });
    this.#slider = element('input', { type: 'range', min: '1', step: '1', 'aria-label': translate('Slice') });
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
    const reset = plain(translate('Reset'), 'r', () => viewer.reset());
    this.tools = element(
      'div',
      { class: 'viewer-buttons', role: 'group', 'aria-label': translate('Tools') },
      ...this.#toolButtons.values(),
      this.#switches.key,
      plain(translate('Remove last'), 'Del', () => viewer.marking.removeLast()),
      this.#switches.cine,
      reset,
      plain(translate('Full screen'), 'f', () => void viewer.toggleFullScreen()),
    );
    this.head = element(
      'div',
      { class: 'slices-head' },
      this.#series.length > 1
        ? element('div', { class: 'slices-presets', role: 'group', 'aria-label': translate('Series') }, ...this.#series)
        : null,
      this.#verdict,
      this.#hint,
    );
    const picture = element('div', { class: 'slices-presets' }, this.#switches.invert, this.#switches.zoom);
    const { isReading } = viewer.task;
    if (!isReading) picture.append(reset);
    this.position = element('div', { class: 'slices-controls' }, this.#slider);
    if (isReading) {
      this.position.append(
        this.#slabLabel,
        this.#comparison,
        element('div', { class: 'slices-presets', role: 'group', 'aria-label': translate('Layout') }, ...this.#layouts.values()),
        this.#noPlanes,
      );
    } else this.position.append(picture);
    this.window = element(
      'div',
      { class: 'slices-controls' },
      element(
        'div',
        { class: 'slices-presets', role: 'group', 'aria-label': translate('Window') },
        ...this.#presets.map(({ pressed }) => pressed),
      ),
      isReading ? picture : null,
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
    for (const [layout, pressed] of this.#layouts) {
      pressed.disabled = THROUGH_VOLUME.has(layout) && images.volume === null;
    }
    this.#noPlanes.textContent = images.volume ? '' : translate('No planes. {no_volume_reason}', { no_volume_reason: images.no_volume_reason });
    for (const button of this.#series) {
      button.setAttribute('aria-pressed', String(button.textContent?.trim() === images.label));
    }
  }

  showLayout(layout: Layout): void {
    for (const [one, pressed] of this.#layouts) pressed.setAttribute('aria-pressed', String(one === layout));
    this.press('zoom', false);
    this.#slider.hidden = layout === 'planes';
    this.#slabLabel.hidden = !THROUGH_VOLUME.has(layout);
    this.#comparison.hidden = layout !== 'compare';
    this.#switches.key.disabled = layout === 'planes';
    this.#showSlab();
    this.hint('');
  }

  showPosition(): void {
    const { slice_index, images } = this.#viewer;
    this.#slider.value = String(slice_index + 1);
    this.#slider.setAttribute('aria-valuetext', placeWords('stack', this.#viewer.shownIn({ name: 'stack' })));
    this.press('key', this.#viewer.marks.isKeyImage(images.id, slice_index));
  }

  /** Which earlier study, where there are several. */
  #earlierChoice({ label }: Comparison): HTMLElement[] {
    const { earlier } = this.#viewer.task;
    if (earlier.length < 2) return [];
    const options = earlier.map((one) => element('option', { selected: one.label === label }, one.label));
    const choice = element('select', { 'aria-label': translate('Earlier study') }, ...options);
    choice.addEventListener('change', () => void earlier[choice.selectedIndex]?.choose());
    return [choice];
  }

  /** How the earlier study follows the current one, and ways to change it. */
  showComparison(comparison: Comparison): void {
    const { offset_mm, window, reason } = comparison;
    const scroll = keyButton(translate('Scroll together'), 'j', () => this.#viewer.earlier.toggleScrollLink());
    scroll.setAttribute('aria-pressed', String(offset_mm !== null));
    scroll.disabled = reason !== '';
    const windows = keyButton(translate('One window'), 'J', () => this.#viewer.earlier.toggleWindowLink());
    windows.setAttribute('aria-pressed', String(window === null));
    const off = offset_mm === null ? reason : translate('{offset_mm} mm off', { offset_mm: signed(offset_mm, 1) });
    const hadFocus = [...this.#comparison.children].indexOf(document.activeElement as Element);
    this.#comparison.replaceChildren(scroll, windows, element('span', {}, off), ...this.#earlierChoice(comparison));
    (this.#comparison.children[hadFocus] as HTMLElement | undefined)?.focus();
  }

  showWindow({ centre_hu, width_hu }: Window): void {
    this.#centre.value = String(centre_hu);
    this.#width.value = String(width_hu);
    for (const { preset, pressed } of this.#presets) {
      const is = preset.centre_hu === centre_hu && preset.width_hu === width_hu;
      pressed.setAttribute('aria-pressed', String(is));
    }
  }

  #showSlab(): void {
    this.#slab.value = String(this.#viewer.slab_mm);
  }

  showTool(tool: ToolKind | null): void {
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
