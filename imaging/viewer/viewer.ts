/** The viewer: what it shows and what can be done with it. */
import { Catheter } from './catheter.ts';
import { Cine } from './cine.ts';
import { DrawingTool } from './drawing_tool.ts';
import { EarlierStudy } from './earlier_study.ts';
import { element } from './elements.ts';
import { GreyLevels } from './grey_levels.ts';
import { LAYOUT_NAMES, THROUGH_VOLUME, type Layout } from './layouts.ts';
import { MarkList } from './mark_list.ts';
import { Marking } from './marking.ts';
import { Marks } from './marks.ts';
import type { Pane, PaneName, Shown } from './pane.ts';
import { readout, spokenState } from './picture_words.ts';
import { Repaint } from './repaint.ts';
import { indexOf } from './reslice.ts';
import type { SeriesImages } from './series_images.ts';
import { SpokenWords } from './spoken_words.ts';
import { Stages } from './stages.ts';
import { plus, type Vector } from './vectors.ts';
import type { StagePoint } from './view_plane.ts';
import { listenTo } from './viewer_pointer.ts';
import { ViewerControls } from './viewer_controls.ts';
import type { ViewerTask } from './viewer_task.ts';
import { centreOf, clampedTo } from './volume.ts';
import { clampedWindow, type Window } from './windowing.ts';
import { translate } from '../../registry/islands/translate.ts';

const KEYS = {
  reading: translate('Arrow keys scroll, question mark shows all keys.'),
  looking: translate('Arrow keys scroll, c, s, b and m set the window, z zooms.'),
};
const TURN_DEG = 5;
const FIRST_WINDOW: Window = { centre_hu: 50, width_hu: 400 };

export class Viewer {
  readonly host: HTMLElement;
  readonly task: ViewerTask;
  readonly controls: ViewerControls;
  readonly list: MarkList;
  readonly tool = new DrawingTool(this);
  readonly marks = new Marks(() => this.#marksChanged());
  readonly cine = new Cine(
    () => this.#cineStep(),
    (isRunning) => {
      this.controls.press('cine', isRunning);
      if (isRunning) this.say(translate('Cine runs.'));
      else this.speakSoon();
    },
  );
  readonly stages = new Stages();
  readonly marking = new Marking(this);
  readonly earlier = new EarlierStudy(this);
  readonly #loading = element('div', { class: 'slices-loading', 'aria-hidden': 'true' });
  readonly #spoken = new SpokenWords(() => spokenState(this));
  #images: SeriesImages;
  #home: Layout = 'stack';
  #slice_index = 0;
  #cursor_mm: Vector = [0, 0, 0];
  #slab_mm = 0;
  #catheter = new Catheter();
  readonly #greys: GreyLevels;
  readonly #repaint = new Repaint(() => this.#paint());

  constructor(host: HTMLElement, images: SeriesImages, task: ViewerTask) {
    this.host = host;
    this.#images = images;
    this.task = task;
    this.#greys = new GreyLevels(images.windows[0] ?? FIRST_WINDOW);
    this.controls = new ViewerControls(this, images);
    this.list = new MarkList(this);
  }

  show(layout: Layout): void {
    const tools = this.task.isReading
      ? element('div', { class: 'viewer-tools' }, this.controls.tools, this.list.element)
      : null;
    this.host.replaceChildren(
      this.controls.head,
      element('div', { class: 'viewer-body' }, tools, this.stages.element),
      this.controls.position,
      this.controls.window,
      this.#spoken.element,
    );
    new ResizeObserver(() => this.paintSoon()).observe(this.stages.element);
    window.addEventListener('pagehide', () => this.#images.frames.stop());
    // Back from the browser's memory of pages, what had not arrived is asked for again.
    window.addEventListener('pageshow', () => this.#images.frames.moveTo(this.#slice_index));
    this.open(this.#images, layout);
  }

  /** Show a series from its middle; the frames of the one before are let go. */
  open(images: SeriesImages, layout: Layout): void {
    if (images !== this.#images) this.#images.frames.release();
    this.#images = images;
    this.tool.take(null);
    if (images.volume) this.#cursor_mm = centreOf(images.volume);
    this.#slab_mm = 0;
    this.#catheter = new Catheter();
    this.earlier.leave();
    const parts = images.volume?.slices ?? images.slices.length;
    this.#home = layout;
    this.goTo(Math.max(0, Math.floor((parts - 1) / 2)));
    this.setLayout(layout);
    this.controls.showSeries(images);
    this.setWindow(this.#images.windows[0] ?? FIRST_WINDOW);
    this.list.show();
  }

  get images(): SeriesImages {
    return this.#images;
  }

  get layout(): Layout {
    return this.stages.layout;
  }

  get window(): Window {
    return this.#greys.window;
  }

  /** Of the pane that has the focus. */
  get activeWindow(): Window {
    return this.#windowOf(this.pane.name);
  }

  get slice_index(): number {
    return this.#slice_index;
  }

  get slab_mm(): number {
    return this.layout === 'catheter' ? this.#catheter.wanted_mm : this.#slab_mm;
  }

  get isInverted(): boolean {
    return this.#greys.isInverted;
  }

  get isFrozen(): boolean {
    return this.task.isFrozen;
  }

  get isVisible(): boolean {
    return this.stages.element.checkVisibility();
  }

  get pane(): Pane {
    return this.stages.active;
  }

  shownIn({ name }: Pick<Pane, 'name'>): Shown {
    const earlier = name === 'earlier' ? this.earlier.comparison : null;
    return {
      images: earlier?.images ?? this.#images,
      slice_index: earlier?.slice_index ?? this.#slice_index,
      cursor_mm: this.#cursor_mm,
      slab_mm: this.#slab_mm,
      catheter: this.#catheter,
      table: this.#greys.table(earlier?.window ?? this.window),
      measurements: earlier ? [] : this.marks.measurements,
      isCut: this.layout === 'beside' || this.layout === 'planes',
      arrived: this.#repaint.arrived,
      moving: this.#repaint.isMoving,
    };
  }

  setLayout(layout: Layout): void {
    if (THROUGH_VOLUME.has(layout) && !this.#images.volume) {
      this.say(translate('{layout}: not possible. {no_volume_reason}', { layout: LAYOUT_NAMES[layout], no_volume_reason: this.#images.no_volume_reason }));
      return;
    }
    this.cine.stop();
    this.tool.putDown();
    const labelOf = (name: PaneName) => (name === 'earlier' ? this.earlier.comparison?.label : null) ?? this.#images.label;
    this.stages.lay(layout, labelOf, KEYS[this.task.isReading ? 'reading' : 'looking']);
    for (const pane of this.stages) {
      listenTo(this, pane);
      pane.stage.addEventListener('focus', () => this.activate(pane.name));
    }
    this.pane.stage.append(this.#loading);
    this.controls.showLayout(layout);
    this.controls.showPosition();
    this.showDrawing(this.tool.kind !== null);
    this.paintSoon();
    this.speakSoon();
  }

  /** The layout, or the one at opening when it is there already. */
  toggleLayout(layout: Layout): void {
    const isThere = this.layout === layout;
    if (isThere && layout === this.#home) this.#home = 'stack';
    if (layout === 'compare' && !isThere) {
      this.earlier.open();
      return;
    }
    this.setLayout(isThere ? this.#home : layout);
    if (isThere) this.tool.take(null);
    else if (layout === 'catheter' && this.layout === layout) this.tool.take('catheter');
  }

  activate(name: PaneName): void {
    if (!this.stages.activate(name)) return;
    this.controls.showPosition();
    this.controls.showWindow(this.#windowOf(name));
    this.speakSoon();
  }

  goTo(index: number): void {
    const last = Math.max(0, this.#images.slices.length - 1);
    this.#slice_index = Math.min(last, Math.max(0, index));
    const { volume } = this.#images;
    if (volume && this.#slice_index < volume.slices) {
      const [, , slice] = indexOf(volume, this.#cursor_mm);
      this.#cursor_mm = plus(this.#cursor_mm, volume.onwards, (this.#slice_index - slice) * volume.slice_mm);
    }
    this.earlier.comparison?.follow(this.#images, this.#slice_index);
    this.#placeChanged();
    this.paintSoon();
  }

  scroll(pane: Pane, steps: number): void {
    if (pane.name === 'stack') this.goTo(this.#slice_index + steps);
    else if (pane.name === 'earlier') this.earlier.scroll(steps);
    else if (pane.name === 'catheter') this.turn(steps * TURN_DEG);
    else {
      const step = pane.step(this.shownIn(pane));
      if (step) this.setCursor(plus(this.#cursor_mm, step, steps));
    }
  }

  setCursor(point_mm: Vector): void {
    const { volume } = this.#images;
    if (!volume) return;
    // Never outside the volume: a plane there would show nothing.
    this.#cursor_mm = clampedTo(volume, point_mm);
    this.#slice_index = Math.round(indexOf(volume, this.#cursor_mm)[2]);
    this.#placeChanged();
    this.moving();
  }

  /** Turn the slab about the line of the catheter. */
  turn(by_deg: number): void {
    this.#catheter.turn(by_deg);
    this.moving();
    this.speakSoon();
  }

  addCatheterPoint(point_mm: Vector): void {
    this.say(this.#catheter.add(point_mm));
    this.paintSoon();
  }

  removeCatheterPoint(): void {
    this.say(this.#catheter.removeLast());
    this.paintSoon();
  }

  setSlab(slab_mm: number): void {
    if (this.layout === 'catheter') this.#catheter.wanted_mm = slab_mm;
    else this.#slab_mm = slab_mm;
    this.paintSoon();
    this.speakSoon();
  }

  setWindow(window: Window): void {
    const { comparison } = this.earlier;
    if (this.pane.name === 'earlier' && comparison?.window) comparison.window = clampedWindow(window);
    else this.#greys.window = window;
    this.controls.showWindow(this.activeWindow);
    this.paintSoon();
    this.speakSoon();
  }

  toggleInverted(): void {
    this.#greys.invert();
    this.controls.press('invert', this.#greys.isInverted);
    this.paintSoon();
    this.speakSoon();
  }

  zoomNext(pane: Pane, point: StagePoint | null): void {
    pane.zoomNext(this.shownIn(pane), point);
    this.#zoomed();
  }

  zoomTo(pane: Pane, zoom: number, point: StagePoint | null): void {
    pane.zoomTo(this.shownIn(pane), zoom, point);
    this.#zoomed();
  }

  panBy(pane: Pane, by: StagePoint): void {
    pane.panBy(this.shownIn(pane), by);
    this.moving();
    this.speakSoon();
  }

  /** Window, zoom and place as at the start; what was measured stays. */
  reset(): void {
    if (this.isInverted) this.toggleInverted();
    for (const pane of this.stages) pane.showWhole();
    this.#slab_mm = 0;
    this.#catheter.reset();
    this.controls.showLayout(this.layout);
    this.tool.take(null);
    if (this.layout === 'planes' && this.#images.volume) this.setCursor(centreOf(this.#images.volume));
    this.#zoomed();
    this.setWindow(this.#images.windows[0] ?? FIRST_WINDOW);
  }

  showDrawing(isDrawing: boolean): void {
    for (const pane of this.stages) pane.stage.classList.toggle('is-drawing', isDrawing);
  }

  async toggleFullScreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.host.requestFullscreen();
  }

  /** A frame arrived or failed. */
  frameChanged(images: SeriesImages, index: number): void {
    if (images === this.earlier.comparison?.images) this.paintSoon();
    if (images !== this.#images) return;
    if (this.stages.has('stack')) {
      if (index === this.#slice_index) this.speakSoon();
      this.paintSoon();
    }
    if (this.layout === 'stack' || this.layout === 'compare') return;
    this.#repaint.arriving();
  }

  /** Planes are drawn coarsely while something moves, and sharply once it rests. */
  moving(): void {
    this.#repaint.moving();
  }

  paintSoon(): void {
    this.#repaint.soon();
  }

  say(words: string): void {
    this.#spoken.say(words);
    this.controls.hint(words);
  }

  speakSoon(): void {
    this.#spoken.soon();
  }

  #cineStep(): void {
    const { pane } = this;
    const last = this.#images.slices.length - 1;
    // A slice that has not arrived is waited for, not skipped.
    if (!pane.isStack) this.scroll(pane, 1);
    else if (this.#images.frames.get(this.#slice_index)) this.goTo(this.#slice_index >= last ? 0 : this.#slice_index + 1);
  }

  #placeChanged(): void {
    this.#images.frames.moveTo(this.#slice_index);
    this.tool.putDown();
    this.controls.showPosition();
    this.speakSoon();
  }

  #windowOf(name: PaneName): Window {
    return (name === 'earlier' ? this.earlier.comparison?.window : null) ?? this.window;
  }

  #zoomed(): void {
    this.controls.press('zoom', this.pane.zoom > 1);
    this.moving();
    this.speakSoon();
  }

  #marksChanged(): void {
    this.list.show();
    this.controls.showPosition();
    this.paintSoon();
    this.task.marksChanged();
  }

  #paint(): void {
    for (const pane of this.stages) {
      const shown = this.shownIn(pane);
      const isPainted = pane.paint(shown, {
        drawn: this.tool.draftIn(pane),
        pointer: this.tool.pointerIn(pane),
        readout: readout(pane.name, shown, {
          window: this.#windowOf(pane.name),
          isKeyImage: pane.name === 'stack' && this.marks.isKeyImage(this.#images.id, this.#slice_index),
        }),
      });
      if (isPainted && pane.isStack) this.task.sliceShown(shown.images, shown.slice_index);
    }
    const { frames, displayable } = this.#images;
    this.#loading.hidden = frames.loaded >= displayable || frames.resting;
    this.#loading.textContent = translate('loading {loaded}/{slices}', { loaded: frames.loaded, slices: displayable });
    this.list.refresh();
  }
}
