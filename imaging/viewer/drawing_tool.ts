/** The tool in the reader's hand: draws measurements point by point, and moves their points. */
import { Drawing } from './drawing.ts';
import { NAMES } from './measurement_words.ts';
import { withPointMoved, type Measurement, type MeasurementKind } from './measurements.ts';
import type { DrawnMark } from './mark_layer.ts';
import { wordsIn, type Pane } from './pane.ts';
import { slabMm } from './picture_words.ts';
import { toPatient, toStage, type StagePoint } from './view_plane.ts';
import type { Viewer } from './viewer.ts';
import { translate } from '../../registry/islands/translate.ts';

export type ToolKind = MeasurementKind | 'catheter';

/** A press this near to a point takes hold of it. */
const GRIP_PX = 8;

export class DrawingTool {
  readonly #viewer: Viewer;
  #kind: ToolKind | null = null;
  #drawing: { pane: Pane; drawing: Drawing } | null = null;
  #pointer: { pane: Pane; at: StagePoint } | null = null;
  /** The point of a measurement that is being moved. */
  #held: { id: number; point: number } | null = null;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  get kind(): ToolKind | null {
    return this.#kind;
  }

  get drawing(): Drawing | null {
    return this.#drawing?.drawing ?? null;
  }

  /** What is being drawn on a pane; regions have no words before they are whole. */
  draftIn(pane: Pane): DrawnMark | null {
    if (this.#drawing?.pane !== pane) return null;
    const { kind, points_mm } = this.#drawing.drawing;
    const { images, slice_index } = this.#viewer;
    const isRegion = kind === 'ellipse' || kind === 'freehand';
    const drawn = { id: 0, series: images.id, slice_index: pane.isStack ? slice_index : null, text: '', kind, points_mm };
    return { measurement: drawn, words: isRegion ? [] : wordsIn({ images }, drawn), isDraft: true };
  }

  /** Where the keyboard draws or moves a point; null where it does neither. */
  pointerIn(pane: Pane): StagePoint | null {
    return (this.#kind || this.#held) && this.#pointer?.pane === pane ? this.#pointer.at : null;
  }

  /** The measurement whose point is held, where it is among these. */
  heldIn(measurements: readonly Measurement[]): Measurement | undefined {
    return measurements.find(({ id }) => id === this.#held?.id);
  }

  get isHolding(): boolean {
    return this.#held !== null;
  }

  /** Take a tool, or put it down when it is the one in the hand. */
  take(kind: ToolKind | null): void {
    this.putDown();
    const viewer = this.#viewer;
    this.#kind = this.#kind === kind ? null : kind;
    this.#pointer = null;
    viewer.controls.showTool(this.#kind);
    viewer.showDrawing(this.#kind !== null);
    if (this.#kind === 'catheter') {
      viewer.say(translate('Catheter: put points along it on the slices, by clicking, or with arrow keys and Enter; Page keys scroll.'));
    } else if (this.#kind) viewer.say(translate('{kind}: place points by clicking, or with arrow keys and Enter.', { kind: NAMES[this.#kind] }));
    viewer.paintSoon();
  }

  /** End what is being drawn or moved; the tool stays in the hand. */
  putDown(): void {
    this.#drawing = null;
    this.#held = null;
    this.#viewer.paintSoon();
  }

  /** Put a point of what is drawn, or the first of a new one. */
  place(pane: Pane, at: StagePoint, { tracing = false } = {}): void {
    const viewer = this.#viewer;
    const view = pane.view(viewer.shownIn(pane));
    if (!view || this.#kind === null) return;
    const refused = this.#refusal(pane, this.#kind);
    if (refused !== null) {
      viewer.say(refused);
      return;
    }
    if (this.#kind === 'catheter') {
      viewer.addCatheterPoint(toPatient(view, at));
      return;
    }
    if (this.#drawing?.pane !== pane) this.#drawing = { pane, drawing: new Drawing(this.#kind, view.plane) };
    const { drawing } = this.#drawing;
    if (tracing) drawing.trace(toPatient(view, at));
    else drawing.place(toPatient(view, at));
    if (drawing.isComplete) this.finish(pane);
    viewer.paintSoon();
  }

  float(pane: Pane, at: StagePoint): void {
    const view = pane.view(this.#viewer.shownIn(pane));
    if (view && this.#drawing?.pane === pane) {
      this.#drawing.drawing.float(toPatient(view, at));
      this.#viewer.paintSoon();
    }
  }

  finish(pane: Pane): void {
    if (!this.#drawing) return;
    const { drawing } = this.#drawing;
    this.#drawing = null;
    const viewer = this.#viewer;
    const made = viewer.marks.add({
      kind: drawing.kind,
      series: viewer.images.id,
      slice_index: pane.name === 'stack' ? viewer.slice_index : null,
      points_mm: drawing.points_mm,
      text: '',
    });
    if (made.kind === 'arrow') viewer.list.askText(made);
    viewer.say(viewer.marking.words(made) + (this.#isSlab(pane) ? translate(', in the plane of the slab') : ''));
  }

  /** The point of a visible measurement under the pointer. */
  gripAt(pane: Pane, at: StagePoint): { id: number; point: number } | null {
    const shown = this.#viewer.shownIn(pane);
    const view = pane.view(shown);
    if (!view || this.#viewer.isFrozen || pane.name === 'earlier') return null;
    let nearest: { id: number; point: number; px: number } | null = null;
    for (const { id, points_mm } of pane.visible(shown, view)) {
      for (const [point, place] of points_mm.entries()) {
        const { x, y } = toStage(view, place);
        const px = Math.hypot(x - at.x, y - at.y);
        if (px <= GRIP_PX && (nearest === null || px < nearest.px)) nearest = { id, point, px };
      }
    }
    return nearest;
  }

  hold(grip: { id: number; point: number }): void {
    this.#held = { id: grip.id, point: grip.point };
  }

  /** With the keyboard: the next point of a measurement, its first after its last. */
  holdNext(measurement: Measurement): void {
    const viewer = this.#viewer;
    const { pane } = viewer;
    const view = pane.view(viewer.shownIn(pane));
    const points = measurement.kind === 'freehand' ? 1 : measurement.points_mm.length;
    const point = this.#held?.id === measurement.id ? (this.#held.point + 1) % points : 0;
    const place = measurement.points_mm[point];
    if (!view || !place || viewer.isFrozen) return;
    this.take(null);
    this.#held = { id: measurement.id, point };
    this.#pointer = { pane, at: toStage(view, place) };
    viewer.say(translate('{kind}, point {point} of {points}: arrow keys move it, n takes the next, Escape ends.', { kind: NAMES[measurement.kind], point: point + 1, points }));
    viewer.paintSoon();
  }

  moveHeld(pane: Pane, at: StagePoint): void {
    const viewer = this.#viewer;
    const view = pane.view(viewer.shownIn(pane));
    const measurement = viewer.marks.measurements.find(({ id }) => id === this.#held?.id);
    if (!view || !measurement || !this.#held) return;
    const points_mm = withPointMoved(measurement, this.#held.point, toPatient(view, at));
    viewer.marks.change(measurement.id, { points_mm });
  }

  release(): void {
    const measurement = this.#viewer.marks.measurements.find(({ id }) => id === this.#held?.id);
    this.#held = null;
    if (measurement) this.#viewer.say(this.#viewer.marking.words(measurement));
    this.#viewer.paintSoon();
  }

  movePointer(by: StagePoint): void {
    const { pane } = this.#viewer;
    const { width, height } = pane.size;
    const from = this.#pointerOr(pane);
    const at = {
      x: Math.min(width, Math.max(0, from.x + by.x)),
      y: Math.min(height, Math.max(0, from.y + by.y)),
    };
    this.#pointer = { pane, at };
    if (this.#held) this.moveHeld(pane, at);
    else this.float(pane, at);
    this.#viewer.paintSoon();
  }

  placeAtPointer(): void {
    const { pane } = this.#viewer;
    this.place(pane, this.#pointerOr(pane));
  }

  #pointerOr(pane: Pane): StagePoint {
    const { width, height } = pane.size;
    return this.#pointer?.pane === pane ? this.#pointer.at : { x: width / 2, y: height / 2 };
  }

  #isSlab(pane: Pane): boolean {
    return !pane.isStack && slabMm(pane.name, this.#viewer.shownIn(pane)) > 0;
  }

  /** Why nothing can be drawn there; null when it can. */
  #refusal(pane: Pane, kind: ToolKind): string | null {
    const { images, slice_index, isFrozen } = this.#viewer;
    if (kind === 'catheter') {
      return pane.name === 'stack' ? null : translate('Points of the catheter are put on the slices.');
    }
    if (isFrozen) return translate('The read is signed: nothing can be added to it.');
    if (pane.name === 'earlier') return translate('Measure in the current study: what belongs to the read is drawn there.');
    if (pane.name !== 'stack') {
      if (kind === 'ellipse' || kind === 'freehand') {
        return translate('HU statistics come from pixels as scanned: draw the region in the stack.');
      }
      return kind === 'probe' && this.#isSlab(pane) ? translate('A slab shows the brightest of many HU: probe the slices.') : null;
    }
    const grid = images.grid(slice_index);
    if (!grid?.placed) return translate('This slice does not say where it lies, so nothing can be placed on it.');
    if (!grid.scaled) return translate('This slice does not say how large a pixel is, so nothing can be measured on it.');
    return images.frames.get(slice_index) ? null : translate('The slice has to arrive first.');
  }
}
