/** One stage of the viewer: a slice as scanned, or a plane through the volume. */
import type { Catheter } from './catheter.ts';
import { element } from './elements.ts';
import { FrameCanvas } from './frame_canvas.ts';
import { MarkLayer, type DrawnMark } from './mark_layer.ts';
import type { Measurement } from './measurements.ts';
import { wordsOf } from './measurement_words.ts';
import { missingWords, slabMm } from './picture_words.ts';
import { reslice, sampleAt, type Resliced } from './reslice.ts';
import type { SeriesImages } from './series_images.ts';
import { dot, minus, times, type Vector } from './vectors.ts';
import { fittingView, normalOf, sideOf, toPatient, toStage, type Extent, type Plane, type StagePoint, type View } from './view_plane.ts';
import { cornersOf, standardPlane, type PlaneName } from './volume.ts';

export type PaneName = 'stack' | 'earlier' | 'catheter' | PlaneName;

/** What a pane shows. */
export interface Shown {
  images: SeriesImages;
  slice_index: number;
  cursor_mm: Vector;
  slab_mm: number;
  catheter: Pick<Catheter, 'points_mm' | 'turn_deg' | 'slab'>;
  table: Uint32Array;
  measurements: readonly Measurement[];
  /** Whether other panes cut this one at the cursor. */
  isCut: boolean;
  /** Rises with every frame that arrives. */
  arrived: number;
  /** True while something moves: planes are then sampled coarsely. */
  moving: boolean;
}

const ZOOMS = [1, 2, 4];
const ZOOM_MAX = 16;
/** Half a slice, where nothing says how thick one is. */
const NEAR_MM = 0.5;
const CROSSHAIR_OPEN_PX = 14;
/** Stage pixels to a sample while something moves; a slab is many planes. */
const COARSE = 2;
const COARSE_SLAB = 3;

export class Pane {
  readonly name: PaneName;
  readonly stage: HTMLElement;
  readonly canvas = new FrameCanvas();
  readonly layer = new MarkLayer();
  readonly words = element('div', { class: 'slices-words', hidden: true });
  readonly readout = element('div', { class: 'slices-readout', 'aria-hidden': 'true' });
  readonly #sides = ['top', 'right', 'bottom', 'left'].map((edge) =>
    element('span', { class: `slices-side is-${edge}`, 'aria-hidden': 'true' }),
  );
  zoom = 1;
  #pan: { right_mm: number; down_mm: number } = { right_mm: 0, down_mm: 0 };
  #resliced: { key: string; plane: Resliced } | null = null;

  constructor(name: PaneName, label: string) {
    this.name = name;
    this.stage = element(
      'div',
      { class: `slices-stage is-${name}`, tabindex: '0', role: 'application', 'aria-label': label },
      this.canvas.element,
      this.layer.element,
      this.words,
      ...this.#sides,
      this.readout,
    );
  }

  /** Whether slices are shown as scanned. */
  get isStack(): boolean {
    return this.name === 'stack' || this.name === 'earlier';
  }

  /** Inside its border, in fractions of a pixel: rounded sizes would shift what is measured. */
  get size(): { width: number; height: number } {
    const { width, height } = this.stage.getBoundingClientRect();
    return { width: width - 2 * this.stage.clientLeft, height: height - 2 * this.stage.clientTop };
  }

  plane({ images, slice_index, catheter, cursor_mm }: Shown): Plane | null {
    if (this.name === 'stack' || this.name === 'earlier') return images.grid(slice_index)?.plane ?? null;
    if (this.name === 'catheter') return catheter.slab?.plane ?? null;
    const plane = standardPlane(this.name, cursor_mm);
    const normal = normalOf(plane);
    // A cursor that moves within the plane changes nothing of it.
    return { ...plane, origin_mm: times(normal, dot(normal, cursor_mm)) };
  }

  view(shown: Shown): View | null {
    const plane = this.plane(shown);
    const extent = plane && this.#extent(shown, plane);
    if (!plane || !extent) return null;
    const stage = this.size;
    const view = fittingView(plane, extent, stage, this.zoom);
    const inside = (at: number, low: number, high: number, half: number) =>
      high - low <= 2 * half ? (low + high) / 2 : Math.min(high - half, Math.max(low + half, at));
    const half = view.mm_per_px / 2;
    return {
      ...view,
      centre: {
        right_mm: inside(view.centre.right_mm + this.#pan.right_mm, extent.left_mm, extent.right_mm, half * stage.width),
        down_mm: inside(view.centre.down_mm + this.#pan.down_mm, extent.top_mm, extent.bottom_mm, half * stage.height),
      },
    };
  }

  #extent({ images, slice_index, catheter }: Shown, plane: Plane): Extent | null {
    if (this.name === 'catheter') return catheter.slab?.extent ?? null;
    if (this.isStack) {
      const grid = images.grid(slice_index);
      if (!grid) return null;
      return {
        left_mm: -grid.column_mm / 2,
        right_mm: (grid.columns - 0.5) * grid.column_mm,
        top_mm: -grid.row_mm / 2,
        bottom_mm: (grid.rows - 0.5) * grid.row_mm,
      };
    }
    if (!images.volume) return null;
    const corners = cornersOf(images.volume).map((corner) => minus(corner, plane.origin_mm));
    const across = corners.map((corner) => dot(corner, plane.right));
    const downwards = corners.map((corner) => dot(corner, plane.down));
    return {
      left_mm: Math.min(...across),
      right_mm: Math.max(...across),
      top_mm: Math.min(...downwards),
      bottom_mm: Math.max(...downwards),
    };
  }

  /** The next magnification, around a point of the stage or its middle. */
  zoomNext(shown: Shown, point: StagePoint | null): void {
    const next = ZOOMS.find((one) => one > this.zoom);
    if (next === undefined) this.showWhole();
    else this.zoomTo(shown, next, point);
  }

  zoomTo(shown: Shown, zoom: number, point: StagePoint | null): void {
    const before = this.view(shown);
    if (!before) return;
    const { width, height } = before.stage;
    const at = point ?? { x: width / 2, y: height / 2 };
    const held = toPatient(before, at);
    this.zoom = Math.min(ZOOM_MAX, Math.max(1, zoom));
    const after = this.view(shown);
    if (!after) return;
    // What was under the pointer stays under it.
    const now = toStage(after, held);
    this.panBy(shown, { x: at.x - now.x, y: at.y - now.y });
  }

  /** Move the picture by pixels of the stage. */
  panBy(shown: Shown, by: StagePoint): void {
    const view = this.view(shown);
    const plane = view && this.#extent(shown, view.plane);
    if (!view || !plane) return;
    const middle = {
      right_mm: (plane.left_mm + plane.right_mm) / 2,
      down_mm: (plane.top_mm + plane.bottom_mm) / 2,
    };
    this.#pan = {
      right_mm: view.centre.right_mm - by.x * view.mm_per_px - middle.right_mm,
      down_mm: view.centre.down_mm - by.y * view.mm_per_px - middle.down_mm,
    };
  }

  showWhole(): void {
    this.zoom = 1;
    this.#pan = { right_mm: 0, down_mm: 0 };
  }

  /** One step along the plane's normal, in mm: the side of a voxel in that direction. */
  step(shown: Shown): Vector | null {
    const { volume } = shown.images;
    const plane = this.plane(shown);
    if (!volume || !plane || this.isStack) return null;
    const normal = normalOf(plane);
    const mm =
      Math.abs(dot(normal, volume.right)) * volume.column_mm +
      Math.abs(dot(normal, volume.down)) * volume.row_mm +
      Math.abs(dot(normal, volume.onwards)) * volume.slice_mm;
    // Onwards is towards the head, the left and the front, as with the slices.
    return times(normal, this.name === 'axial' ? mm : -mm);
  }

  /** Draw everything; true when the picture itself could be drawn. */
  paint(shown: Shown, state: { drawn: DrawnMark | null; pointer: StagePoint | null; readout: string }): boolean {
    const view = this.view(shown);
    const missing = missingWords(this.name, shown);
    const isDrawn = view !== null && missing === null && this.#paintImage(shown, view);
    this.canvas.element.hidden = !isDrawn;
    this.words.hidden = missing === null;
    if (missing) this.words.replaceChildren(...missing);
    const text = `${state.readout}${this.zoom > 1 ? ` · ${Number(this.zoom.toFixed(1))}×` : ''}`;
    // What is drawn coarsely will be drawn again.
    this.stage.setAttribute('aria-busy', String(shown.moving && !this.isStack));
    if (this.readout.textContent !== text) this.readout.textContent = text;
    if (!view) {
      this.layer.element.replaceChildren();
      return false;
    }
    const marks: DrawnMark[] = isDrawn
      ? this.visible(shown, view).map((measurement) => ({ measurement, words: wordsIn(shown, measurement), isDraft: false }))
      : [];
    if (state.drawn) marks.push(state.drawn);
    this.layer.draw(view, marks, {
      crosshair: shown.isCut ? { at_mm: shown.cursor_mm, open_px: this.isStack ? Infinity : CROSSHAIR_OPEN_PX } : null,
      pointer: state.pointer,
      path: isDrawn ? this.#path(shown, view) : [],
    });
    this.#showSides(shown, view);
    return isDrawn;
  }

  /** Measurements that lie in what is shown: on the slice, or within half its thickness. */
  visible(shown: Shown, view: View): Measurement[] {
    const { images, slice_index } = shown;
    return shown.measurements.filter((one) => {
      if (one.series !== images.id) return false;
      if (this.isStack && one.slice_index !== null) return one.slice_index === slice_index;
      return one.points_mm.every((point) => this.#isNear(shown, view, point));
    });
  }

  #showSides(shown: Shown, view: View): void {
    const { right, down } = view.plane;
    const isPlaced = !this.isStack || shown.images.grid(shown.slice_index)?.placed === true;
    const sides = [times(down, -1), right, down, times(right, -1)];
    this.#sides.forEach((side, at) => {
      side.textContent = isPlaced ? sideOf(sides[at] ?? right) : '';
    });
  }

  #paintImage(shown: Shown, view: View): boolean {
    const { images, slice_index, table } = shown;
    if (this.isStack) {
      const grid = images.grid(slice_index);
      const values_hu = images.frames.get(slice_index);
      if (!grid || !values_hu) return false;
      this.canvas.drawSlice(grid, values_hu, table, view);
      return true;
    }
    if (!images.volume) return false;
    const slab_mm = slabMm(this.name, shown);
    const coarse = slab_mm > 0 ? COARSE_SLAB : COARSE;
    const coarseness = shown.moving ? coarse : 1;
    const key = JSON.stringify([images.id, view, slab_mm, shown.arrived, coarseness]);
    if (this.#resliced?.key !== key) {
      const plane = reslice(images.volume, images.volumeFrames(), view, { slab_mm, coarseness });
      this.#resliced = { key, plane };
    }
    this.canvas.drawResliced(this.#resliced.plane, table, view);
    return true;
  }

  #path(shown: Shown, view: View): Vector[] {
    if (this.name === 'earlier') return [];
    const { points_mm } = shown.catheter;
    return points_mm.filter((point) => this.name === 'catheter' || this.#isNear(shown, view, point));
  }

  #isNear(shown: Shown, view: View, point_mm: Vector): boolean {
    const thick_mm = this.isStack ? 0 : slabMm(this.name, shown);
    const near_mm = Math.max(shown.images.volume?.slice_mm ?? 2 * NEAR_MM, thick_mm) / 2;
    return Math.abs(toStage(view, point_mm).off_mm) <= near_mm;
  }
}

/** Words with statistics, while measurement and frame are the same: every painting asks for them. */
const measured = new WeakMap<Measurement, { values_hu: Int16Array; words: string[] }>();

export function wordsIn({ images }: Pick<Shown, 'images'>, measurement: Measurement): string[] {
  const { slice_index, points_mm } = measurement;
  if (measurement.series !== images.id) return wordsOf(measurement, null);
  if (slice_index === null) {
    const [point] = points_mm;
    const resliced_hu =
      measurement.kind === 'probe' && point && images.volume
        ? sampleAt(images.volume, images.volumeFrames(), point)
        : null;
    return wordsOf(measurement, null, resliced_hu);
  }
  const slice = images.measured(slice_index);
  const before = measured.get(measurement);
  if (before && before.values_hu === slice?.values_hu) return before.words;
  const words = wordsOf(measurement, slice);
  if (slice?.values_hu) measured.set(measurement, { values_hu: slice.values_hu, words });
  return words;
}
