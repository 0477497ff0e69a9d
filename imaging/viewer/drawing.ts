/** A measurement while it is being drawn, point by point. */
import { ellipseBetween, type MeasurementKind } from './measurements.ts';
import { length, minus, type Vector } from './vectors.ts';
import type { Plane } from './view_plane.ts';

const POINTS: Record<MeasurementKind, number> = {
  length: 2,
  angle: 3,
  ellipse: 2,
  probe: 1,
  arrow: 2,
  freehand: Infinity,
};
const LEAST_CORNERS = 3;
/** Corners nearer to each other than this say nothing more about an outline. */
const CORNER_MM = 0.2;

export class Drawing {
  readonly kind: MeasurementKind;
  readonly plane: Plane;
  #placed: Vector[] = [];
  #floating: Vector | null = null;

  constructor(kind: MeasurementKind, plane: Plane) {
    this.kind = kind;
    this.plane = plane;
  }

  get placed(): number {
    return this.#placed.length;
  }

  place(point_mm: Vector): void {
    this.#floating = null;
    this.#placed.push(point_mm);
  }

  /** Where the next point would come. */
  float(point_mm: Vector): void {
    this.#floating = point_mm;
  }

  /** One more corner of an outline under the moving pointer. */
  trace(point_mm: Vector): void {
    const last = this.#placed[this.#placed.length - 1];
    if (!last || length(minus(point_mm, last)) >= CORNER_MM) this.place(point_mm);
  }

  get isComplete(): boolean {
    return this.#placed.length >= POINTS[this.kind];
  }

  /** Whether an outline has corners enough to be closed. */
  get canClose(): boolean {
    return this.kind === 'freehand' && this.#placed.length >= LEAST_CORNERS;
  }

  /** The points as they are kept, with the floating one while there is one. */
  get points_mm(): Vector[] {
    const points = this.#floating ? [...this.#placed, this.#floating] : [...this.#placed];
    const [from, to] = points;
    return this.kind === 'ellipse' && from && to ? ellipseBetween(this.plane, from, to) : points;
  }
}
