/**
 * The hanging protocol: which series stands on the screen first, and what stands beside it.
 *
 * 1. Series with Hounsfield units come before those without (localisers).
 * 2. Series of few slices (monitoring scans, single pictures) come after whole ones.
 * 3. Axial series come before sagittal, coronal and oblique ones.
 * 4. Thin slices come before thick ones; a thickness nobody tells counts as the thickest.
 * 5. More slices come before fewer, and then the order of the study decides.
 *
 * A first series whose geometry allows planes has a sagittal plane beside it.
 */
import type { Layout } from './layouts.ts';
import type { Slice } from './slice_frames.ts';
import { sliceNormal } from './slice_place.ts';

export interface Hung {
  slices: readonly Slice[];
  hasVolume: boolean;
}

/** Fewer slices than this do not show a spine [own]. */
const WHOLE_SLICES = 10;
/** How near to an axis the normal of slices has to be to count as axial: 30 degrees [own]. */
const AXIAL_COSINE = Math.cos(Math.PI / 6);

/** The places of the series in the order in which they hang. */
export function hangingOrder(series: readonly Hung[]): number[] {
  const ranks = series.map(rankOf);
  return ranks
    .map((_, at) => at)
    .sort((a, b) => {
      const [one, other] = [ranks[a] ?? [], ranks[b] ?? []];
      const place = one.findIndex((rank, at) => rank !== other[at]);
      return place < 0 ? a - b : (one[place] ?? 0) - (other[place] ?? 0);
    });
}

export function openingLayout(first: Hung): Layout {
  return first.hasVolume && isAxial(first) ? 'beside' : 'stack';
}

/** Less is earlier. */
function rankOf(one: Hung): number[] {
  const { slices } = one;
  const measured = slices.filter(({ displayable, hu_undefined_reason }) => displayable && hu_undefined_reason === null);
  return [
    measured.length > 0 ? 0 : 1,
    measured.length >= WHOLE_SLICES ? 0 : 1,
    isAxial(one) ? 0 : 1,
    thicknessOf(measured),
    -measured.length,
  ];
}

function thicknessOf(slices: readonly Slice[]): number {
  const told = slices.map(({ slice_thickness_mm }) => slice_thickness_mm ?? Infinity);
  return told.length > 0 ? Math.min(...told) : Infinity;
}

function isAxial({ slices }: Hung): boolean {
  const middle = slices[Math.floor((slices.length - 1) / 2)];
  const normal = middle && sliceNormal(middle);
  return normal ? Math.abs(normal[2]) >= AXIAL_COSINE : false;
}
