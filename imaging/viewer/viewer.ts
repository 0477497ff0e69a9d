/** The viewer of the reading room: what it shows and what can be done with it. */
import { Drawing } from './drawing.ts';
import { element, button } from './elements.ts';
import { Marks } from './marks.ts';
import type { Measurement, MeasurementKind } from './measurements.ts';
import { NAMES, signed } from './measurement_words.ts';
import { Pane, wordsIn, type PaneName, type Shown } from './pane.ts';
import { indexOf } from './reslice.ts';
import type { SeriesImages } from './series_images.ts';
import { placeOf } from './slice_place.ts';
import { listenTo } from './viewer_pointer.ts';
import { ViewerControls } from './viewer_controls.ts';
import { middle, plus, type Vector } from './vectors.ts';
import { toPatient, type StagePoint } from './view_plane.ts';
import { centreOf, type PlaneName } from './volume.ts';
import { clampedWindow, pixelTable, type Window } from './windowing.ts';

export type Layout = 'stack' | 'planes';

const PLANES: PlaneName[] = ['axial', 'sagittal', 'coronal'];
const SPOKEN_AFTER_MS = 500;
const SHARP_AFTER_MS = 140;
const ARRIVALS_SHOWN_EVERY_MS = 250;
const FRAME_MS = 1000 / 12;
const KEYS_OF_PANE = 'Arrow keys scroll, question mark shows all keys.';

export class Viewer {
  readonly host: HTMLElement;
  readonly controls: ViewerControls;
  readonly marks = new Marks(() => this.#marksChanged());
  readonly #stages = element('div', { class: 'viewer-stages' });
  readonly #loading = element('div', { class: 'slices-loading', 'aria-hidden': 'true' });
  readonly #spoken = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #panes = new Map<PaneName, Pane>();
  #images: SeriesImages;
  #layout: Layout = 'stack';
  #active: PaneName = 'stack';
  #slice_index = 0;
  #cursor_mm: Vector = [0, 0, 0];
  #slab_mm = 0;
  #window: Window;
  #inverted = false;
  #table: Uint32Array | null = null;
  #arrived = 0;
  #tool: MeasurementKind | null = null;
  #drawing: { pane: PaneName; drawing: Drawing } | null = null;
  #pointer: { pane: PaneName; at: StagePoint } | null = null;
  #painting = false;
  #moving = 0;
  #arriving = 0;
  #speaking = 0;
  #playing = 0;

  constructor(host: HTMLElement, images: SeriesImages, series: { label: string; choose: () => void }[]) {
    this.host = host;
    this.#images = images;
    this.#window = this.#firstWindow();
    this.controls = new ViewerControls(this, images, series);
  }

  show(): void {
    this.host.replaceChildren(
      this.controls.head,
      element(
        'div',
        { class: 'viewer-body' },
        element('div', { class: 'viewer-tools' }, this.controls.tools, this.controls.marks),
        this.#stages,
      ),
      this.controls.position,
      this.controls.window,
      this.#spoken,
    );
    new ResizeObserver(() => this.paintSoon()).observe(this.#stages);
    window.addEventListener('pagehide', () => this.#images.frames.stop());
    this.open(this.#images);
  }

  /** Show a series from its middle; the frames of the one before are let go. */
  open(images: SeriesImages): void {
    if (images !== this.#images) this.#images.frames.stop();
    this.#images = images;
    this.stopCine();
    this.#drawing = null;
    if (images.volume) this.#cursor_mm = centreOf(images.volume);
    this.#slab_mm = 0;
    this.#layout = 'stack';
    const parts = images.volume?.slices ?? images.slices.length;
    this.#slice_index = Math.max(0, Math.floor((parts - 1) / 2));
    this.setLayout('stack');
    this.controls.showSeries(images);
    this.setWindow(this.#firstWindow());
  }

  get images(): SeriesImages {
    return this.#images;
  }

  get layout(): Layout {
    return this.#layout;
  }

  get tool(): MeasurementKind | null {
    return this.#tool;
  }

  get window(): Window {
    return this.#window;
  }

  get slice_index(): number {
    return this.#slice_index;
  }

  get slab_mm(): number {
    return this.#slab_mm;
  }

  get drawing(): Drawing | null {
    return this.#drawing?.drawing ?? null;
  }

  get isVisible(): boolean {
    return this.#stages.checkVisibility();
  }

  get pane(): Pane {
    const pane = this.#panes.get(this.#active);
    if (!pane) throw new Error(`There is no pane ${this.#active}.`);
    return pane;
  }

  get shown(): Shown {
    this.#table ??= pixelTable(this.#window, { inverted: this.#inverted });
    return {
      images: this.#images,
      slice_index: this.#slice_index,
      cursor_mm: this.#cursor_mm,
      slab_mm: this.#slab_mm,
      table: this.#table,
      measurements: this.marks.measurements,
      arrived: this.#arrived,
      moving: this.#moving !== 0,
    };
  }

  setLayout(layout: Layout): void {
    if (layout === 'planes' && !this.#images.volume) {
      this.say(`Three planes are not possible. ${this.#images.no_volume_reason}`);
      return;
    }
    this.stopCine();
    this.#followPlace(layout);
    this.#layout = layout;
    this.cancelDrawing();
    this.#panes.clear();
    const names: PaneName[] = layout === 'stack' ? ['stack'] : PLANES;
    for (const name of names) {
      const label =
        name === 'stack'
          ? `${this.#images.label}: slices. ${KEYS_OF_PANE}`
          : `${this.#images.label}: ${name} plane. ${KEYS_OF_PANE}`;
      const pane = new Pane(name, label);
      this.#panes.set(name, pane);
      listenTo(this, pane);
      pane.stage.addEventListener('focus', () => this.activate(name));
    }
    const [first = 'stack'] = names;
    this.#active = first;
    this.#stages.className = `viewer-stages is-${layout}`;
    this.#stages.replaceChildren(...[...this.#panes.values()].map((pane) => pane.stage));
    this.pane.stage.append(this.#loading);
    this.controls.showLayout(layout);
    if (layout === 'stack') this.#images.frames.moveTo(this.#slice_index);
    this.controls.showPosition();
    this.paintSoon();
    this.speakSoon();
  }

  /** The same place before and after: planes go through the slice, slices start at the crosshair. */
  #followPlace(layout: Layout): void {
    const { volume } = this.#images;
    if (!volume || layout === this.#layout) return;
    const [, , slice] = indexOf(volume, this.#cursor_mm);
    if (layout === 'stack') this.#slice_index = Math.round(slice);
    else if (this.#slice_index < volume.slices) {
      this.#cursor_mm = plus(this.#cursor_mm, volume.onwards, (this.#slice_index - slice) * volume.slice_mm);
    }
  }

  activate(name: PaneName): void {
    if (!this.#panes.has(name)) return;
    this.#active = name;
    this.controls.showPosition();
    this.speakSoon();
  }

  goTo(index: number): void {
    const last = Math.max(0, this.#images.slices.length - 1);
    this.#slice_index = Math.min(last, Math.max(0, index));
    this.#images.frames.moveTo(this.#slice_index);
    this.cancelDrawing();
    this.controls.showPosition();
    this.paintSoon();
    this.speakSoon();
  }

  scroll(pane: Pane, steps: number): void {
    if (pane.name === 'stack') {
      this.goTo(this.#slice_index + steps);
      return;
    }
    const step = pane.step(this.shown);
    if (step) this.setCursor(plus(this.#cursor_mm, step, steps));
  }

  setCursor(point_mm: Vector): void {
    const { volume } = this.#images;
    if (!volume) return;
    // Never outside the volume: a plane there would show nothing.
    const from = centreOf(volume);
    const inside = [
      { direction: volume.right, half: ((volume.columns - 1) * volume.column_mm) / 2 },
      { direction: volume.down, half: ((volume.rows - 1) * volume.row_mm) / 2 },
      { direction: volume.onwards, half: ((volume.slices - 1) * volume.slice_mm) / 2 },
    ].reduce((at, { direction, half }) => {
      const off = point_mm.reduce((sum, value, axis) => sum + (value - from[axis]!) * direction[axis]!, 0);
      return plus(at, direction, Math.min(half, Math.max(-half, off)));
    }, from);
    this.#cursor_mm = inside;
    this.cancelDrawing();
    this.controls.showPosition();
    this.moving();
    this.speakSoon();
  }

  setSlab(slab_mm: number): void {
    this.#slab_mm = slab_mm;
    this.paintSoon();
    this.speakSoon();
  }

  setWindow(window: Window): void {
    this.#window = clampedWindow(window);
    this.#table = null;
    this.controls.showWindow(this.#window);
    this.paintSoon();
    this.speakSoon();
  }

  toggleInverted(): void {
    this.#inverted = !this.#inverted;
    this.#table = null;
    this.controls.press('invert', this.#inverted);
    this.paintSoon();
    this.speakSoon();
  }

  zoomNext(pane: Pane, point: StagePoint | null): void {
    pane.zoomNext(this.shown, point);
    this.#zoomed();
  }

  zoomTo(pane: Pane, zoom: number, point: StagePoint | null): void {
    pane.zoomTo(this.shown, zoom, point);
    this.#zoomed();
  }

  panBy(pane: Pane, by: StagePoint): void {
    pane.panBy(this.shown, by);
    this.moving();
    this.speakSoon();
  }

  /** Window, zoom and place as at the start; what was measured stays. */
  reset(): void {
    if (this.#inverted) this.toggleInverted();
    for (const pane of this.#panes.values()) pane.showWhole();
    this.setSlab(0);
    this.controls.showSlab(0);
    this.setTool(null);
    if (this.#layout === 'planes' && this.#images.volume) this.setCursor(centreOf(this.#images.volume));
    this.#zoomed();
    this.setWindow(this.#firstWindow());
  }

  setTool(tool: MeasurementKind | null): void {
    this.cancelDrawing();
    this.#tool = this.#tool === tool ? null : tool;
    this.#pointer = null;
    this.controls.showTool(this.#tool);
    for (const pane of this.#panes.values()) pane.stage.classList.toggle('is-drawing', this.#tool !== null);
    if (this.#tool) this.say(`${NAMES[this.#tool]}: place points by clicking, or with arrow keys and Enter.`);
    this.paintSoon();
  }

  cancelDrawing(): void {
    this.#drawing = null;
    this.paintSoon();
  }

  /** Why nothing can be drawn there; null when it can. */
  refusal(pane: Pane, tool: MeasurementKind): string | null {
    if (pane.name !== 'stack') {
      return tool === 'ellipse' || tool === 'freehand'
        ? 'HU statistics come from pixels as scanned: draw the region in the stack.'
        : null;
    }
    const grid = this.#images.grid(this.#slice_index);
    if (!grid?.placed) return 'This slice does not say where it lies, so nothing can be placed on it.';
    if (!grid.scaled) return 'This slice does not say how large a pixel is, so nothing can be measured on it.';
    return this.#images.frames.get(this.#slice_index) ? null : 'The slice has to arrive first.';
  }

  /** Put a point of the measurement that is drawn, or the first of a new one. */
  place(pane: Pane, at: StagePoint, { tracing = false } = {}): void {
    const view = pane.view(this.shown);
    if (!view || this.#tool === null) return;
    const refused = this.refusal(pane, this.#tool);
    if (refused !== null) {
      this.say(refused);
      return;
    }
    if (this.#drawing?.pane !== pane.name) {
      this.#drawing = { pane: pane.name, drawing: new Drawing(this.#tool, view.plane) };
    }
    const { drawing } = this.#drawing;
    if (tracing) drawing.trace(toPatient(view, at));
    else drawing.place(toPatient(view, at));
    if (drawing.isComplete) this.finish(pane);
    this.paintSoon();
  }

  float(pane: Pane, at: StagePoint): void {
    const view = pane.view(this.shown);
    if (view && this.#drawing?.pane === pane.name) {
      this.#drawing.drawing.float(toPatient(view, at));
      this.paintSoon();
    }
  }

  finish(pane: Pane): void {
    if (!this.#drawing) return;
    const { drawing } = this.#drawing;
    this.#drawing = null;
    const made = this.marks.add({
      kind: drawing.kind,
      series: this.#images.id,
      slice_index: pane.name === 'stack' ? this.#slice_index : null,
      points_mm: drawing.points_mm,
      text: '',
    });
    if (made.kind === 'arrow') this.controls.askText(made);
    this.say(this.words(made));
    this.paintSoon();
  }

  words(measurement: Measurement): string {
    return [NAMES[measurement.kind], ...wordsIn(this.shown, measurement)].join(', ');
  }

  setText(measurement: Measurement, text: string): void {
    measurement.text = text;
    this.#marksChanged();
  }

  /** Where the keyboard draws. */
  movePointer(by: StagePoint): void {
    const { width, height } = this.pane.size;
    const from = this.#pointer?.pane === this.#active ? this.#pointer.at : { x: width / 2, y: height / 2 };
    const at = {
      x: Math.min(width, Math.max(0, from.x + by.x)),
      y: Math.min(height, Math.max(0, from.y + by.y)),
    };
    this.#pointer = { pane: this.#active, at };
    this.float(this.pane, at);
    this.paintSoon();
  }

  placeAtPointer(): void {
    const { width, height } = this.pane.size;
    const at = this.#pointer?.pane === this.#active ? this.#pointer.at : { x: width / 2, y: height / 2 };
    this.place(this.pane, at);
  }

  removeLast(): void {
    const last = this.marks.measurements[this.marks.measurements.length - 1];
    if (!last) return;
    this.marks.remove(last.id);
    this.say(`${NAMES[last.kind]} removed.`);
  }

  keyImage(): void {
    if (this.#layout !== 'stack') {
      this.say('A key image is a slice as scanned: go to the stack for it.');
      return;
    }
    const { id } = this.#images;
    const is = this.marks.toggleKeyImage({ series: id, slice_index: this.#slice_index, window: this.#window });
    this.say(is ? `Slice ${this.#slice_index + 1} is a key image.` : `Slice ${this.#slice_index + 1} is no key image now.`);
  }

  goToMeasurement({ slice_index, points_mm, series }: Measurement): void {
    if (series !== this.#images.id) return;
    const [first, second = first] = points_mm;
    if (slice_index !== null) {
      if (this.#layout !== 'stack') this.setLayout('stack');
      this.goTo(slice_index);
    } else if (first && second) {
      if (this.#layout !== 'planes') this.setLayout('planes');
      this.setCursor(middle(first, second));
    }
  }

  get isPlaying(): boolean {
    return this.#playing !== 0;
  }

  toggleCine(): void {
    if (this.isPlaying) {
      this.stopCine();
      return;
    }
    const pane = this.pane;
    this.#playing = window.setInterval(() => {
      const last = this.#images.slices.length - 1;
      // A slice that has not arrived is waited for, not skipped.
      if (pane.name !== 'stack') this.scroll(pane, 1);
      else if (this.#images.frames.get(this.#slice_index)) this.goTo(this.#slice_index >= last ? 0 : this.#slice_index + 1);
    }, FRAME_MS);
    this.controls.press('cine', true);
    this.say('Cine runs.');
  }

  stopCine(): void {
    if (!this.isPlaying) return;
    clearInterval(this.#playing);
    this.#playing = 0;
    this.controls.press('cine', false);
    this.speakSoon();
  }

  async toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.host.requestFullscreen();
  }

  /** A frame arrived or failed. */
  frameChanged(images: SeriesImages, index: number): void {
    if (images !== this.#images) return;
    if (this.#layout === 'stack') {
      if (index === this.#slice_index) this.speakSoon();
      this.paintSoon();
      return;
    }
    this.#arriving ||= window.setTimeout(() => {
      this.#arriving = 0;
      this.#arrived += 1;
      this.paintSoon();
    }, ARRIVALS_SHOWN_EVERY_MS);
  }

  /** Planes are drawn coarsely while something moves, and sharply once it rests. */
  moving(): void {
    clearTimeout(this.#moving);
    this.#moving = window.setTimeout(() => {
      this.#moving = 0;
      this.paintSoon();
    }, SHARP_AFTER_MS);
    this.paintSoon();
  }

  paintSoon(): void {
    if (this.#painting) return;
    this.#painting = true;
    requestAnimationFrame(() => {
      this.#painting = false;
      this.#paint();
    });
  }

  say(words: string): void {
    clearTimeout(this.#speaking);
    this.#speaking = 0;
    this.#spoken.textContent = words;
    this.controls.hint(words);
  }

  #firstWindow(): Window {
    return clampedWindow(this.#images.windows[0] ?? { centre_hu: 50, width_hu: 400 });
  }

  #zoomed(): void {
    this.controls.press('zoom', this.pane.zoom > 1);
    this.moving();
    this.speakSoon();
  }

  #marksChanged(): void {
    this.controls.showMarks();
    this.paintSoon();
  }

  #paint(): void {
    const { shown } = this;
    for (const pane of this.#panes.values()) {
      const drawing = this.#drawing?.pane === pane.name ? this.#drawing.drawing : null;
      const drawn = drawing && { kind: drawing.kind, points_mm: drawing.points_mm };
      pane.paint(shown, {
        drawn: drawn && { measurement: drawn, words: this.#draftWords(pane, drawn), isDraft: true },
        pointer: this.#tool && this.#pointer?.pane === pane.name ? this.#pointer.at : null,
        words: pane.name === 'stack' ? this.#stateWords() : null,
        readout: this.readout(pane),
      });
    }
    const { frames, displayable } = this.#images;
    this.#loading.hidden = frames.loaded >= displayable || frames.resting;
    this.#loading.textContent = `loading ${frames.loaded}/${displayable}`;
    this.controls.refreshMarks();
  }

  #draftWords(pane: Pane, { kind, points_mm }: Pick<Measurement, 'kind' | 'points_mm'>): string[] {
    if (kind === 'ellipse' || kind === 'freehand') return [];
    const slice_index = pane.name === 'stack' ? this.#slice_index : null;
    return wordsIn(this.shown, { id: 0, series: this.#images.id, slice_index, text: '', kind, points_mm });
  }

  readout(pane: Pane): string {
    if (pane.name !== 'stack') {
      return `${this.place_words(pane)}${this.#slab_mm > 0 ? ` · MIP ${this.#slab_mm} mm` : ''}`;
    }
    const { centre_hu, width_hu } = this.#window;
    const key = this.marks.isKeyImage(this.#images.id, this.#slice_index) ? ' · key image' : '';
    return `${this.place_words(pane)} · C ${signed(centre_hu)} W ${width_hu} HU${key}`;
  }

  place_words(pane: Pane): string {
    if (pane.name !== 'stack') {
      const axis = { axial: 2, sagittal: 0, coronal: 1 }[pane.name];
      return `${pane.name} · ${'xyz'[axis]} ${signed(this.#cursor_mm[axis] ?? 0, 1)} mm`;
    }
    const slice = this.#images.slices[this.#slice_index];
    const place = (slice && placeOf(slice)) ?? 'position unknown';
    return `slice ${this.#slice_index + 1}/${this.#images.slices.length} · ${place}`;
  }

  #stateWords(): (Node | string)[] | null {
    const { slices, frames } = this.#images;
    const slice = slices[this.#slice_index];
    if (!slice) return [element('p', {}, 'This series holds no slices.')];
    if (frames.get(this.#slice_index)) return null;
    if (!slice.displayable) {
      return [element('p', {}, `This slice cannot be shown. ${slice.not_displayable_reason ?? ''}`.trim())];
    }
    const failure = frames.failure(this.#slice_index);
    if (failure === null) return [element('p', {}, 'Loading this slice…')];
    const again = button('Load again', 'btn-secondary btn-sm', () => frames.retry());
    return [element('p', {}, `This slice did not load. ${failure}`), again];
  }

  /** Screen readers hear where something came to rest, not every step on the way. */
  speakSoon(): void {
    clearTimeout(this.#speaking);
    this.#speaking = window.setTimeout(() => {
      if (this.isPlaying) return;
      const { centre_hu, width_hu } = this.#window;
      const { zoom } = this.pane;
      const parts = [
        this.place_words(this.pane),
        `window centre ${centre_hu} width ${width_hu} HU`,
        this.#inverted ? 'inverted' : '',
        zoom > 1 ? `magnified ${Number(zoom.toFixed(1))} times` : '',
        this.#layout === 'planes' && this.#slab_mm > 0 ? `brightest of ${this.#slab_mm} mm` : '',
        this.#layout === 'planes' && this.#images.missing > 0 ? `${this.#images.missing} slices still missing` : '',
      ];
      const state = this.#layout === 'stack' ? (this.#stateWords()?.[0] as Element | undefined)?.textContent : '';
      this.#spoken.textContent = `${parts.filter(Boolean).join(', ')}. ${state ?? ''}`.trim();
    }, SPOKEN_AFTER_MS);
  }
}
