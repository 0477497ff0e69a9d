/** An earlier study beside the current one: which of its slices belongs to the slice on the screen. */
import type { SeriesImages } from './series_images.ts';
import { distanceAlong, sliceNormal } from './slice_place.ts';
import { dot } from './vectors.ts';
import type { Window } from './windowing.ts';
import { translate } from '../../registry/islands/translate.ts';

/** What of a series says where its slices lie. */
export type Stacked = Pick<SeriesImages, 'slices'>;

/** Slices of two series are parallel when their normals differ by less than 25 degrees [own]. */
const PARALLEL_COSINE = Math.cos((25 * Math.PI) / 180);

export class Comparison {
  readonly images: SeriesImages;
  readonly label: string;
  slice_index: number;
  /** The earlier window while the windows are not linked. */
  window: Window | null = null;
  /** Position in the earlier study less position in the current one; null while not linked. */
  offset_mm: number | null;
  /** Why the two cannot scroll together; empty when they can. */
  readonly reason: string;

  constructor(current: Stacked, index: number, { images, label }: { images: SeriesImages; label: string }) {
    this.images = images;
    this.label = label;
    this.slice_index = middleOf(images);
    this.reason = whyNotLinked(current, index, images);
    this.offset_mm = this.reason === '' ? firstOffset(current, images) : null;
    this.follow(current, index);
  }

  /** Go to the slice that lies nearest to where the current one does. */
  follow(current: Stacked, index: number): void {
    if (this.offset_mm === null) return;
    const at_mm = positionOf(current, index);
    if (at_mm === null) return;
    this.goTo(nearestSlice(this.images, at_mm + this.offset_mm) ?? this.slice_index);
  }

  goTo(index: number): void {
    this.slice_index = Math.min(Math.max(0, this.images.slices.length - 1), Math.max(0, index));
    this.images.frames.moveTo(this.slice_index);
  }

  /** Scroll together from here on: what is on the screen belongs together; or each alone. */
  toggleLink(current: Stacked, index: number): string {
    const [here, there] = [positionOf(current, index), positionOf(this.images, this.slice_index)];
    const canLink = this.offset_mm === null && this.reason === '' && here !== null && there !== null;
    this.offset_mm = canLink ? there - here : null;
    if (this.offset_mm === null) return translate('Not scrolling together. {reason}', { reason: this.reason }).trim();
    return translate('Scrolling together, the earlier study {offset_mm} mm off.', { offset_mm: this.offset_mm.toFixed(1) });
  }

  /** One window for both studies, or one for each. */
  toggleWindow(current: Window): string {
    this.window = this.window ? null : current;
    return this.window ? translate('Each study has its own window.') : translate('Both studies have the same window.');
  }

  get words(): string {
    const beside = translate('{label} beside the current study', { label: this.label });
    return this.reason === ''
      ? translate('{beside}, scrolling together.', { beside })
      : translate('{beside}. They do not scroll together. {reason}', { beside, reason: this.reason });
  }
}

/** The slice nearest to a position along the normal of its series; null without positions. */
export function nearestSlice(images: Stacked, at_mm: number): number | null {
  let found: { index: number; off_mm: number } | null = null;
  for (const index of images.slices.keys()) {
    const position_mm = positionOf(images, index);
    if (position_mm === null) continue;
    const off_mm = Math.abs(position_mm - at_mm);
    if (found === null || off_mm < found.off_mm) found = { index, off_mm };
  }
  return found?.index ?? null;
}

function positionOf({ slices }: Stacked, index: number): number | null {
  const [slice, normal] = [slices[index], normalOfStack({ slices })];
  return slice && normal ? distanceAlong(normal, slice) : null;
}

function normalOfStack(images: Stacked) {
  const slice = images.slices[middleOf(images)];
  return slice ? sliceNormal(slice) : null;
}

function middleOf({ slices }: Stacked): number {
  return Math.max(0, Math.floor((slices.length - 1) / 2));
}

function whyNotLinked(current: Stacked, index: number, images: Stacked): string {
  const [one, other] = [normalOfStack(current), normalOfStack(images)];
  const areKnown = positionOf(current, index) !== null && positionOf(images, middleOf(images)) !== null;
  if (!one || !other || !areKnown) return translate('A slice does not say where it lies.');
  return dot(one, other) < PARALLEL_COSINE ? translate('The slices of the two series are not parallel.') : '';
}

/** None where the studies share a range of positions; else their middles belong together. */
function firstOffset(current: Stacked, images: Stacked): number {
  const [here, there] = [rangeOf(current), rangeOf(images)];
  if (here.high >= there.low && there.high >= here.low) return 0;
  return (there.low + there.high) / 2 - (here.low + here.high) / 2;
}

function rangeOf(images: Stacked): { low: number; high: number } {
  const positions = [...images.slices.keys()].map((index) => positionOf(images, index)).filter((one) => one !== null);
  return { low: Math.min(...positions), high: Math.max(...positions) };
}
