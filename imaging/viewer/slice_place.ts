/** Where a slice lies along the patient's axis it is stacked on: "z −120.0 mm" for axial slices. */
import { cross, dot, times, unit, vectorOf, type Vector } from './vectors.ts';

interface Placed {
  position_mm: number[] | null;
  orientation: number[] | null;
}

export function placeOf(slice: Placed): string | null {
  const position = vectorOf(slice.position_mm);
  const normal = sliceNormal(slice);
  if (!position || !normal) return null;
  const axis = largestAxis(normal);
  return `${'xyz'[axis]} ${(position[axis] ?? 0).toFixed(1).replace('-', '−')} mm`;
}

/** At a right angle to the slice, of length one, towards the left, the back or the head. */
export function sliceNormal({ orientation }: Pick<Placed, 'orientation'>): Vector | null {
  const row = vectorOf(orientation);
  const column = vectorOf(orientation, 3);
  if (!row || !column) return null;
  const normal = unit(cross(row, column));
  return (normal[largestAxis(normal)] ?? 0) < 0 ? times(normal, -1) : normal;
}

/** How far along a direction a slice lies, in mm; null where it does not say. */
export function distanceAlong(direction: Vector, { position_mm }: Pick<Placed, 'position_mm'>): number | null {
  const position = vectorOf(position_mm);
  return position && dot(position, direction);
}

function largestAxis(direction: Vector): number {
  const sizes = direction.map(Math.abs);
  return sizes.indexOf(Math.max(...sizes));
}
