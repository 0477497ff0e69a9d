/** The slices of a linked series on the case page: [data-island="slices"][data-slices-url]. */
import { element } from './elements.ts';
import { SliceCanvas, frameCut } from './slice_canvas.ts';
import { signed } from './measurement_words.ts';
import { SliceFrames, type Slice } from './slice_frames.ts';
import { placeOf } from './slice_place.ts';
import { WHOLE, panned, placeAt, zoomed, type Viewport } from './viewport.ts';
import { clampedWindow, draggedWindow, pixelTable, type Window } from './windowing.ts';

interface Preset extends Window {
  code: string;
  name: string;
  purpose: string;
  source: string;
}

interface Series {
  /** Null while a delivery is under way. */
  geometry: { codes: string[]; sentences: string[] } | null;
  slices: Slice[];
  /** The first is the default. */
  windows: Preset[];
}

const PAGE_SLICES = 10;
/** Letters, since the digits choose findings while the images have the focus. */
const PRESET_KEYS: Record<string, string> = {
  intrathecal_contrast: 'c',
  soft_tissue: 's',
  bone: 'b',
  metal: 'm',
};
const WHEEL_NOTCH_PX = 100;
const TOUCHPAD_STEP_PX = 40;
const PAN_SHARE = 0.1;
const SPOKEN_AFTER_MS = 500;
const UNJUDGED = {
  codes: ['unjudged'],
  sentences: ['The geometry is not judged yet: files of this series are still arriving.'],
};
const HINT = 'Wheel: scroll · drag: window · double click: zoom · Shift and drag: move';
const UNUSABLE = new Set(['missing_geometry', 'mixed_orientation']);

async function start(host: HTMLElement): Promise<void> {
  host.classList.add('slices');
  const words = element('p', {}, 'Loading the list of slices…');
  host.replaceChildren(
    element('div', { class: 'slices-stage' }, element('div', { class: 'slices-words', role: 'status' }, words)),
  );
  try {
    const response = await fetch(host.dataset['slicesUrl'] ?? '', { credentials: 'same-origin' });
    if (!response.ok) throw new Error(String(response.status));
    new SliceView(host, (await response.json()) as Series).show();
  } catch {
    words.textContent =
      'The list of slices did not load. The images are safe on the server; check the connection and try again.';
    const again = element('button', { type: 'button', class: 'btn btn-secondary btn-sm' }, 'Try again');
    again.addEventListener('click', () => void start(host));
    words.after(again);
  }
}

class SliceView {
  readonly #host: HTMLElement;
  readonly #series: Series;
  readonly #frames: SliceFrames;
  readonly #canvas = new SliceCanvas();
  readonly #label: string;
  readonly #stage: HTMLElement;
  readonly #words = element('div', { class: 'slices-words', hidden: true });
  readonly #readout = element('div', { class: 'slices-readout', 'aria-hidden': 'true' });
  readonly #loading = element('div', { class: 'slices-loading', 'aria-hidden': 'true' });
  readonly #spoken = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #slider: HTMLInputElement;
  readonly #centre = numberBox('Window centre');
  readonly #width = numberBox('Window width');
  readonly #presetButtons: HTMLButtonElement[];
  readonly #invert = keyButton('Invert', 'i');
  readonly #zoom = keyButton('Zoom', 'z');
  #current: number;
  #window: Window;
  #inverted = false;
  #viewport: Viewport = WHOLE;
  #pointer: { x: number; y: number } | null = null;
  #table: Uint32Array | null = null;
  #painting = false;
  #speaking = 0;

  constructor(host: HTMLElement, series: Series) {
    this.#host = host;
    this.#series = series;
    this.#label = host.dataset['label'] ?? 'CT series';
    this.#current = Math.floor((series.slices.length - 1) / 2);
    this.#window = this.#firstWindow();
    this.#frames = new SliceFrames(series.slices, (index) => this.#frameChanged(index));
    this.#stage = element('div', {
      class: 'slices-stage',
      tabindex: '0',
      role: 'application',
      'aria-label': `${this.#label}: slices. Arrow keys scroll, c, s, b and m set the window, z zooms.`,
    });
    this.#slider = element('input', {
      type: 'range',
      min: '1',
      max: String(Math.max(1, series.slices.length)),
      step: '1',
      'aria-label': 'Slice',
    });
    this.#presetButtons = series.windows.map((preset) => {
      const button = keyButton(preset.name, PRESET_KEYS[preset.code] ?? '');
      button.title = presetTitle(preset);
      button.addEventListener('click', () => this.#setWindow(preset));
      return button;
    });
  }

  show(): void {
    const { slices } = this.#series;
    if (slices.length === 0) {
      this.#words.hidden = false;
      this.#words.replaceChildren(element('p', {}, 'This series holds no slices.'));
      this.#stage.append(this.#words);
      this.#host.replaceChildren(this.#stage);
      return;
    }
    this.#stage.append(this.#canvas.element, this.#words, this.#loading, this.#readout);
    const reset = keyButton('Reset', 'r');
    reset.removeAttribute('aria-pressed');
    const geometry = this.#series.geometry ?? UNJUDGED;
    const chips = geometry.codes.map((code, at) =>
      element('li', {}, element('span', { class: `verdict ${severity(code)}` }, geometry.sentences[at] ?? code)),
    );
    this.#host.replaceChildren(
      element(
        'div',
        { class: 'slices-head' },
        element('ul', { class: 'slices-verdict', 'aria-label': 'Geometry of the series' }, ...chips),
        element('p', { class: 'slices-hint' }, HINT),
      ),
      this.#stage,
      element(
        'div',
        { class: 'slices-controls' },
        this.#slider,
        element('div', { class: 'slices-presets' }, this.#invert, this.#zoom, reset),
      ),
      element(
        'div',
        { class: 'slices-controls' },
        element('div', { class: 'slices-presets', role: 'group', 'aria-label': 'Window' }, ...this.#presetButtons),
        element(
          'div',
          { class: 'slices-number' },
          element('label', {}, 'C ', this.#centre),
          element('label', {}, 'W ', this.#width),
          'HU',
        ),
      ),
      this.#spoken,
    );
    this.#stage.addEventListener('keydown', (event) => this.#key(event));
    this.#listenToPointer();
    this.#listenToWheel();
    this.#slider.addEventListener('input', () => this.#goTo(Number(this.#slider.value) - 1));
    for (const box of [this.#centre, this.#width]) {
      box.addEventListener('change', () => {
        this.#setWindow({ centre_hu: Number(this.#centre.value), width_hu: Number(this.#width.value) });
      });
    }
    this.#invert.addEventListener('click', () => this.#toggleInverted());
    this.#zoom.addEventListener('click', () => this.#zoomAt(null));
    reset.addEventListener('click', () => this.#reset());
    new ResizeObserver(() => this.#paintSoon()).observe(this.#stage);
    window.addEventListener('pagehide', () => this.#frames.stop());
    this.#setWindow(this.#window);
    this.#goTo(this.#current);
  }

  #firstWindow(): Window {
    const first = this.#series.windows[0];
    return clampedWindow(first ?? { centre_hu: 50, width_hu: 400 });
  }

  #goTo(index: number): void {
    this.#current = Math.min(this.#series.slices.length - 1, Math.max(0, index));
    this.#slider.value = String(this.#current + 1);
    this.#slider.setAttribute('aria-valuetext', this.#position());
    this.#frames.moveTo(this.#current);
    this.#paintSoon();
    this.#speakSoon();
  }

  #setWindow(window: Window): void {
    this.#window = clampedWindow(window);
    this.#table = null;
    this.#centre.value = String(this.#window.centre_hu);
    this.#width.value = String(this.#window.width_hu);
    this.#series.windows.forEach((preset, at) => {
      const pressed =
        preset.centre_hu === this.#window.centre_hu && preset.width_hu === this.#window.width_hu;
      this.#presetButtons[at]?.setAttribute('aria-pressed', String(pressed));
    });
    this.#paintSoon();
    this.#speakSoon();
  }

  #toggleInverted(): void {
    this.#inverted = !this.#inverted;
    this.#table = null;
    this.#invert.setAttribute('aria-pressed', String(this.#inverted));
    this.#paintSoon();
    this.#speakSoon();
  }

  #reset(): void {
    if (this.#inverted) this.#toggleInverted();
    this.#show(WHOLE);
    this.#setWindow(this.#firstWindow());
  }

  #show(viewport: Viewport): void {
    this.#viewport = viewport;
    this.#zoom.setAttribute('aria-pressed', String(viewport.zoom > 1));
    this.#paintSoon();
    this.#speakSoon();
  }

  /** Magnify around a point of the stage; without one around what is in its middle. */
  #zoomAt(point: { x: number; y: number } | null): void {
    const cut = this.#cut();
    if (cut === null) return;
    const stage = this.#stageSize();
    const place = placeAt(cut, stage, point ?? { x: stage.width / 2, y: stage.height / 2 });
    this.#show(zoomed(this.#viewport, place));
  }

  #pan(dx: number, dy: number): void {
    const cut = this.#cut();
    if (cut !== null) this.#show(panned(cut, this.#viewport.zoom, { dx, dy }));
  }

  #stageSize(): { width: number; height: number } {
    return { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
  }

  #cut() {
    const slice = this.#series.slices[this.#current];
    return slice ? frameCut(slice, this.#stageSize(), this.#viewport) : null;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && this.#panKey(event.key)) {
      event.preventDefault();
      return;
    }
    const last = this.#series.slices.length - 1;
    const steps: Record<string, number> = {
      ArrowUp: this.#current - 1,
      ArrowLeft: this.#current - 1,
      ArrowDown: this.#current + 1,
      ArrowRight: this.#current + 1,
      PageUp: this.#current - PAGE_SLICES,
      PageDown: this.#current + PAGE_SLICES,
      Home: 0,
      End: last,
    };
    const step = steps[event.key];
    const preset = this.#series.windows.find((one) => PRESET_KEYS[one.code] === event.key);
    if (step !== undefined) this.#goTo(step);
    else if (preset) this.#setWindow(preset);
    else if (event.key === 'i') this.#toggleInverted();
    else if (event.key === 'z') this.#zoomAt(this.#pointer);
    else if (event.key === 'r') this.#reset();
    else return;
    event.preventDefault();
  }

  #panKey(key: string): boolean {
    const pans: Record<string, [number, number]> = {
      ArrowUp: [0, -PAN_SHARE],
      ArrowDown: [0, PAN_SHARE],
      ArrowLeft: [-PAN_SHARE, 0],
      ArrowRight: [PAN_SHARE, 0],
    };
    const by = pans[key];
    if (by === undefined) return false;
    this.#pan(...by);
    return true;
  }

  /** A notch of the wheel is one slice; a touchpad sends many small distances. */
  #listenToWheel(): void {
    let rest_px = 0;
    this.#stage.addEventListener(
      'wheel',
      (event) => {
        if (event.ctrlKey) return;
        event.preventDefault();
        const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_NOTCH_PX;
        if (Math.sign(pixels) !== Math.sign(rest_px)) rest_px = 0;
        if (Math.abs(pixels) >= WHEEL_NOTCH_PX) {
          this.#goTo(this.#current + Math.round(pixels / WHEEL_NOTCH_PX));
          return;
        }
        rest_px += pixels;
        const steps = Math.trunc(rest_px / TOUCHPAD_STEP_PX);
        rest_px -= steps * TOUCHPAD_STEP_PX;
        if (steps !== 0) this.#goTo(this.#current + steps);
      },
      { passive: false },
    );
  }

  #listenToPointer(): void {
    let drag: { x: number; y: number; from: Window } | null = null;
    const pointOf = (event: MouseEvent) => {
      const box = this.#stage.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    this.#stage.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || (event.target as Element).closest('button')) return;
      this.#stage.setPointerCapture(event.pointerId);
      drag = { x: event.clientX, y: event.clientY, from: this.#window };
    });
    this.#stage.addEventListener('pointermove', (event) => {
      this.#pointer = pointOf(event);
      if (drag === null) return;
      const { width, height } = this.#stageSize();
      if (event.shiftKey) {
        this.#pan(-event.movementX / width, -event.movementY / height);
        return;
      }
      this.#setWindow(draggedWindow(drag.from, { dx: event.clientX - drag.x, dy: event.clientY - drag.y }));
    });
    this.#stage.addEventListener('pointerleave', () => {
      this.#pointer = null;
    });
    this.#stage.addEventListener('dblclick', (event) => {
      if (!(event.target as Element).closest('button')) this.#zoomAt(pointOf(event));
    });
    for (const name of ['pointerup', 'pointercancel'] as const) {
      this.#stage.addEventListener(name, () => {
        drag = null;
      });
    }
  }

  #frameChanged(index: number): void {
    if (index === this.#current) this.#speakSoon();
    this.#paintSoon();
  }

  #paintSoon(): void {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#paint();
    });
  }

  #paint(): void {
    const slice = this.#series.slices[this.#current];
    if (slice === undefined) return;
    const values_hu = this.#frames.get(this.#current);
    this.#canvas.element.hidden = values_hu === null;
    this.#words.hidden = values_hu !== null;
    if (values_hu !== null) {
      this.#table ??= pixelTable(this.#window, { inverted: this.#inverted });
      this.#canvas.draw({ ...slice, values_hu }, this.#table, this.#stageSize(), this.#viewport);
    } else {
      this.#showWords(slice);
    }
    const { centre_hu, width_hu } = this.#window;
    const zoom = this.#viewport.zoom > 1 ? ` · ${this.#viewport.zoom}×` : '';
    this.#readout.textContent = `${this.#position()} · C ${signed(centre_hu)} W ${width_hu} HU${zoom}`;
    const displayable = this.#series.slices.filter((candidate) => candidate.displayable).length;
    const done = this.#frames.loaded >= displayable || this.#frames.resting;
    this.#loading.hidden = done;
    this.#loading.textContent = `loading ${this.#frames.loaded}/${displayable}`;
  }

  #showWords(slice: Slice): void {
    const failure = this.#frames.failure(this.#current);
    if (failure !== null) {
      const again = element('button', { type: 'button', class: 'btn btn-secondary btn-sm' }, 'Load again');
      again.addEventListener('click', () => this.#frames.retry());
      this.#words.replaceChildren(element('p', {}, `This slice did not load. ${failure}`), again);
    } else {
      this.#words.replaceChildren(element('p', {}, this.#state(slice)));
    }
  }

  #state(slice: Slice): string {
    if (this.#frames.get(this.#current) !== null) return '';
    if (!slice.displayable) return `This slice cannot be shown. ${slice.not_displayable_reason ?? ''}`.trim();
    if (this.#frames.failure(this.#current) !== null) return 'This slice did not load.';
    return 'Loading this slice…';
  }

  #position(): string {
    const slice = this.#series.slices[this.#current];
    const place = (slice && placeOf(slice)) ?? 'position unknown';
    return `slice ${this.#current + 1}/${this.#series.slices.length} · ${place}`;
  }

  /** Screen readers hear where the scrolling came to rest, not every slice on the way. */
  #speakSoon(): void {
    clearTimeout(this.#speaking);
    this.#speaking = window.setTimeout(() => {
      const slice = this.#series.slices[this.#current];
      const { centre_hu, width_hu } = this.#window;
      const state = slice ? this.#state(slice) : '';
      const inverted = this.#inverted ? ', inverted' : '';
      const zoom = this.#viewport.zoom > 1 ? `, magnified ${this.#viewport.zoom} times` : '';
      this.#spoken.textContent =
        `${this.#position()}, window centre ${centre_hu} width ${width_hu} HU${inverted}${zoom}. ${state}`.trim();
    }, SPOKEN_AFTER_MS);
  }
}

function numberBox(name: string): HTMLInputElement {
  return element('input', { type: 'number', step: '10', 'aria-label': `${name}, HU` });
}

/** A button that can be pressed with a key, too. */
function keyButton(label: string, key: string): HTMLButtonElement {
  return element(
    'button',
    { type: 'button', class: 'btn btn-secondary btn-sm', 'aria-pressed': 'false' },
    `${label} `,
    key ? element('kbd', { 'aria-hidden': 'true' }, key) : null,
  );
}

function presetTitle(preset: Preset): string {
  return `C ${preset.centre_hu} W ${preset.width_hu} HU · ${preset.purpose} · ${preset.source}`;
}

function severity(code: string): string {
  if (code === 'even_spacing') return 'sound';
  return UNUSABLE.has(code) ? 'unusable' : 'caution';
}

/** Series start to load when they come near the screen: a closed series costs nothing. */
const nearScreen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearScreen.unobserve(target);
      void start(target as HTMLElement);
    }
  },
  { rootMargin: '300px' },
);

function watch(): void {
  const fresh = '[data-island="slices"]:not([data-watched])';
  for (const host of document.querySelectorAll<HTMLElement>(fresh)) {
    host.setAttribute('data-watched', '');
    nearScreen.observe(host);
  }
}

document.addEventListener('crescent:content', watch);
watch();
