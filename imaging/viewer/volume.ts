/** The slices of a series as one volume, where the verdict on its geometry allows it. */
import { SERIES_BYTES, type Slice } from './slice_frames.ts';
import { dot, length, minus, plus, times, unit, vectorOf, type Vector } from './vectors.ts';
import { gridOf, type Plane } from './view_plane.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface Geometry {
  codes: string[];
  sentences: string[];
  volume_slices: number;
  mpr_allowed: boolean;
  mpr_reason: string;
}

export interface Volume {
  origin_mm: Vector;
  /** Unit vectors along a row, along a column and from slice to slice. */
  right: Vector;
  down: Vector;
  onwards: Vector;
  column_mm: number;
  row_mm: number;
  slice_mm: number;
  columns: number;
  rows: number;
  slices: number;
}

/** The volume of a series, or why it has none; the words are for the person at the screen. */
export function volumeOf(
  slices: readonly Slice[],
  geometry: Geometry | null,
): { volume: Volume; reason: null } | { volume: null; reason: string } {
  const refused = (reason: string) => ({ volume: null, reason });
  if (geometry === null) return refused(translate('The geometry is not judged yet: files of this series are still arriving.'));
  if (!geometry.mpr_allowed) return refused(geometry.mpr_reason);
  const parts = slices.slice(0, geometry.volume_slices);
  const [first] = parts;
  const last = parts[parts.length - 1];
  if (!first || !last || parts.length < 2) return refused(translate('There is only one slice.'));
  const unseen = parts.find(({ displayable }) => !displayable);
  if (unseen) return refused(translate('Slice {index} cannot be shown.', { index: unseen.index + 1 }));
  if (parts.some(({ rows, columns }) => rows !== first.rows || columns !== first.columns)) {
    return refused(translate('The slices differ in their number of rows or columns.'));
  }
  const bytes = parts.length * first.rows * first.columns * 2;
  if (bytes > SERIES_BYTES) {
    return refused(
      translate('The volume would take {bytes} MB of this computer\'s memory; ', { bytes: Math.round(bytes / 2 ** 20) }) +
        translate('{SERIES_BYTES} MB is the limit.', { SERIES_BYTES: SERIES_BYTES / 2 ** 20 }),
    );
  }
  const grid = gridOf(first);
  const end = vectorOf(last.position_mm);
  if (!grid.placed || !grid.scaled || end === null) return refused(translate('At least one slice does not say where it lies.'));
  const through = minus(end, grid.plane.origin_mm);
  return {
    volume: {
      origin_mm: grid.plane.origin_mm,
      right: grid.plane.right,
      down: grid.plane.down,
      onwards: unit(through),
      column_mm: grid.column_mm,
      row_mm: grid.row_mm,
      slice_mm: length(through) / (parts.length - 1),
      columns: first.columns,
      rows: first.rows,
      slices: parts.length,
    },
    reason: null,
  };
}

export function centreOf(volume: Volume): Vector {
  const along = (direction: Vector, mm: number, count: number) => times(direction, (mm * (count - 1)) / 2);
  return [
    along(volume.right, volume.column_mm, volume.columns),
    along(volume.down, volume.row_mm, volume.rows),
    along(volume.onwards, volume.slice_mm, volume.slices),
  ].reduce((sum, part) => plus(sum, part), volume.origin_mm);
}

/** The point of the volume nearest to a point; the centres of the outer voxels are its border. */
export function clampedTo(volume: Volume, point_mm: Vector): Vector {
  const from = centreOf(volume);
  const off = minus(point_mm, from);
  const sides: [Vector, number][] = [
    [volume.right, ((volume.columns - 1) * volume.column_mm) / 2],
    [volume.down, ((volume.rows - 1) * volume.row_mm) / 2],
    [volume.onwards, ((volume.slices - 1) * volume.slice_mm) / 2],
  ];
  return sides.reduce(
    (at, [direction, half]) => plus(at, direction, Math.min(half, Math.max(-half, dot(off, direction)))),
    from,
  );
}

/** The corners of the volume: the outer edges of its first and last voxels. */
export function cornersOf(volume: Volume): Vector[] {
  const ends = (count: number) => [-0.5, count - 0.5];
  return ends(volume.columns).flatMap((column) =>
    ends(volume.rows).flatMap((row) =>
      ends(volume.slices).map((slice) =>
        plus(
          plus(
            plus(volume.origin_mm, volume.right, column * volume.column_mm),
            volume.down,
            row * volume.row_mm,
          ),
          volume.onwards,
          slice * volume.slice_mm,
        ),
      ),
    ),
  );
}

export type PlaneName = 'axial' | 'sagittal' | 'coronal';

/** As radiologists look at them: from the feet, from the left with the front on the left, from the front. */
export function standardPlane(name: PlaneName, through_mm: Vector): Plane {
  const axes: Record<PlaneName, [Vector, Vector]> = {
    axial: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    sagittal: [
      [0, 1, 0],
      [0, 0, -1],
    ],
    coronal: [
      [1, 0, 0],
      [0, 0, -1],
    ],
  };
  const [right, down] = axes[name];
  return { origin_mm: through_mm, right, down };
}
