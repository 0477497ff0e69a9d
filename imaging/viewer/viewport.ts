/** Which part of a slice is shown, and how large: pure geometry for the canvas. */
export interface Viewport {
  /** 1 fits the whole slice into the stage. */
  zoom: number;
  /** The place of the slice in the middle of the stage, as fractions of its width and height. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Cut {
  /** The part of the slice that is shown, as fractions of its width and height. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Its size on the stage, in CSS pixels. */
  shown: Size;
}

export const WHOLE: Viewport = { zoom: 1, x: 0.5, y: 0.5 };
const ZOOMS = [1, 2, 4];

/** What of a slice of `size_mm` is visible on the stage; the slice never leaves an edge free. */
export function cutOf(size_mm: Size, stage: Size, { zoom, x, y }: Viewport): Cut {
  const scale = zoom * Math.min(stage.width / size_mm.width, stage.height / size_mm.height);
  const width = Math.min(1, stage.width / (size_mm.width * scale));
  const height = Math.min(1, stage.height / (size_mm.height * scale));
  return {
    x: Math.min(1 - width, Math.max(0, x - width / 2)),
    y: Math.min(1 - height, Math.max(0, y - height / 2)),
    width,
    height,
    shown: { width: width * size_mm.width * scale, height: height * size_mm.height * scale },
  };
}

/** The next magnification, around a place of the slice. */
export function zoomed({ zoom }: Viewport, place: { x: number; y: number }): Viewport {
  const next = ZOOMS[ZOOMS.indexOf(zoom) + 1] ?? 1;
  return next === 1 ? WHOLE : { zoom: next, x: place.x, y: place.y };
}

/** Moved by fractions of the part that is shown. */
export function panned(cut: Cut, zoom: number, { dx, dy }: { dx: number; dy: number }): Viewport {
  const centre = { x: cut.x + cut.width / 2, y: cut.y + cut.height / 2 };
  const inside = (at: number, half: number) => Math.min(1 - half, Math.max(half, at));
  return {
    zoom,
    x: inside(centre.x + dx * cut.width, cut.width / 2),
    y: inside(centre.y + dy * cut.height, cut.height / 2),
  };
}

/** The place of the slice under a point of the stage. */
export function placeAt(cut: Cut, stage: Size, point: { x: number; y: number }): { x: number; y: number } {
  const across = (point.x - (stage.width - cut.shown.width) / 2) / cut.shown.width;
  const down = (point.y - (stage.height - cut.shown.height) / 2) / cut.shown.height;
  const within = (share: number) => Math.min(1, Math.max(0, share));
  return { x: cut.x + within(across) * cut.width, y: cut.y + within(down) * cut.height };
}
