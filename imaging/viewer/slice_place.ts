/** Where a slice lies along the patient's axis it is stacked on: "z −120.0 mm" for axial slices. */
import { cross, vectorOf } from './vectors.ts';

export function placeOf(slice: {
  position_mm: number[] | null;
  orientation: number[] | null;
}): string | null {
  const position = vectorOf(slice.position_mm);
  const row = vectorOf(slice.orientation);
  const column = vectorOf(slice.orientation, 3);
  if (!position || !row || !column) return null;
  const normal = cross(row, column).map(Math.abs);
  const axis = normal.indexOf(Math.max(...normal));
  return `${'xyz'[axis]} ${(position[axis] ?? 0).toFixed(1).replace('-', '−')} mm`;
}
