/** The catheter as the reader traced it: points, and how the slab through them is turned. */
import { catheterSlab, type CatheterSlab } from './catheter_slab.ts';
import type { Vector } from './vectors.ts';
import { translate } from '../../registry/islands/translate.ts';

const SLAB_MM = 10;

export class Catheter {
  readonly #points_mm: Vector[] = [];
  #turn_deg = 0;
  /** The slab is thicker where the points need it. */
  wanted_mm = SLAB_MM;

  get points_mm(): readonly Vector[] {
    return this.#points_mm;
  }

  get turn_deg(): number {
    return this.#turn_deg;
  }

  get slab(): CatheterSlab | null {
    return catheterSlab(this.#points_mm, this);
  }

  add(point_mm: Vector): string {
    this.#points_mm.push(point_mm);
    return translate('Point {points_mm} of the catheter.', { points_mm: this.#points_mm.length });
  }

  removeLast(): string {
    this.#points_mm.pop();
    const left = this.#points_mm.length;
    return left === 1 ? translate('1 point on the catheter.') : translate('{left} points on the catheter.', { left });
  }

  turn(by_deg: number): void {
    this.#turn_deg = (((this.#turn_deg + by_deg) % 360) + 360) % 360;
  }

  /** Thickness and turn as at the start; the points stay. */
  reset(): void {
    this.#turn_deg = 0;
    this.wanted_mm = SLAB_MM;
  }
}
