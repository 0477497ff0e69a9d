/** A plane through the patient and how it lies on the stage: from stage to patient and back. */
import { cross, dot, minus, plus, unit, vectorOf, type Vector } from './vectors.ts';

export interface Plane {
  /** A point of the plane. */
  origin_mm: Vector;
  /** Directions to the right and downwards on the stage, of length one, at a right angle. */
  right: Vector;
  down: Vector;
}

export interface StagePoint {
  x: number;
  y: number;
}

/** What of a plane is shown: CSS pixels of the stage against millimetres of the plane. */
export interface View {
  plane: Plane;
  /** The place in the middle of the stage, in mm from the plane's origin. */
  centre: { right_mm: number; down_mm: number };
  mm_per_px: number;
  stage: { width: number; height: number };
}

/** What of a plane there is to see, in mm from its origin. */
export interface Extent {
  left_mm: number;
  right_mm: number;
  top_mm: number;
  bottom_mm: number;
}

export function normalOf(plane: Plane): Vector {
  return cross(plane.right, plane.down);
}

export function toPatient(view: View, point: StagePoint): Vector {
  const right_mm = view.centre.right_mm + (point.x - view.stage.width / 2) * view.mm_per_px;
  const down_mm = view.centre.down_mm + (point.y - view.stage.height / 2) * view.mm_per_px;
  return plus(plus(view.plane.origin_mm, view.plane.right, right_mm), view.plane.down, down_mm);
}

/** Where a point of the patient falls on the stage, and how far off the plane it lies. */
export function toStage(view: View, point_mm: Vector): StagePoint & { off_mm: number } {
  const from = minus(point_mm, view.plane.origin_mm);
  const { centre, stage, mm_per_px } = view;
  return {
    x: (dot(from, view.plane.right) - centre.right_mm) / mm_per_px + stage.width / 2,
    y: (dot(from, view.plane.down) - centre.down_mm) / mm_per_px + stage.height / 2,
    off_mm: dot(from, normalOf(view.plane)),
  };
}

/** The grid of pixels of a slice as scanned. */
export interface SliceGrid {
  plane: Plane;
  /** Distance between columns, that is along a row, and between rows. */
  column_mm: number;
  row_mm: number;
  columns: number;
  rows: number;
  /** Whether the slice says where it lies; else only lengths within it mean anything. */
  placed: boolean;
  /** Whether the spacing is known; else a pixel counts as 1 mm and nothing is measured. */
  scaled: boolean;
}

export interface PlacedSlice {
  position_mm: number[] | null;
  orientation: number[] | null;
  rows: number;
  columns: number;
  pixel_spacing_mm: [number, number] | null;
}

/** DICOM PS3.3 C.7.6.2.1.1: the position is the centre of the first pixel. */
export function gridOf(slice: PlacedSlice): SliceGrid {
  const position = vectorOf(slice.position_mm);
  const row = vectorOf(slice.orientation);
  const column = vectorOf(slice.orientation, 3);
  const placed = position !== null && row !== null && column !== null;
  const [row_mm, column_mm] = slice.pixel_spacing_mm ?? [1, 1];
  return {
    plane: placed
      ? { origin_mm: position, right: unit(row), down: unit(column) }
      : { origin_mm: [0, 0, 0], right: [1, 0, 0], down: [0, 1, 0] },
    column_mm,
    row_mm,
    columns: slice.columns,
    rows: slice.rows,
    placed,
    scaled: slice.pixel_spacing_mm !== null,
  };
}

/** Column and row of a point of the patient; whole numbers are centres of pixels. */
export function pixelOf(grid: SliceGrid, point_mm: Vector): { column: number; row: number } {
  const from = minus(point_mm, grid.plane.origin_mm);
  return {
    column: dot(from, grid.plane.right) / grid.column_mm,
    row: dot(from, grid.plane.down) / grid.row_mm,
  };
}

export function fittingView(
  plane: Plane,
  extent: Extent,
  stage: { width: number; height: number },
  zoom: number,
): View {
  const width_mm = extent.right_mm - extent.left_mm;
  const height_mm = extent.bottom_mm - extent.top_mm;
  const whole = Math.max(width_mm / Math.max(1, stage.width), height_mm / Math.max(1, stage.height));
  return {
    plane,
    centre: {
      right_mm: (extent.left_mm + extent.right_mm) / 2,
      down_mm: (extent.top_mm + extent.bottom_mm) / 2,
    },
    mm_per_px: whole / zoom,
    stage,
  };
}

/** Letters of the patient's side a direction points to: L, R, A, P, H, F; two when it is oblique. */
export function sideOf(direction: Vector): string {
  const letters: [string, string][] = [
    ['L', 'R'],
    ['P', 'A'],
    ['H', 'F'],
  ];
  return direction
    .map((share, axis) => ({ share, letter: letters[axis]?.[share > 0 ? 0 : 1] ?? '' }))
    .filter(({ share }) => Math.abs(share) > 0.25)
    .sort((a, b) => Math.abs(b.share) - Math.abs(a.share))
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join('');
}
