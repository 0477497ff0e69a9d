/**
 * Grey levels on the screen: the linear window function (DICOM PS3.3 C.11.2.1.2.1), as in
 * imaging/dicom/windowing.py.
 */
export interface Window {
  centre_hu: number;
  width_hu: number;
}

export const WIDTH_MIN_HU = 1;
export const WIDTH_MAX_HU = 8000;
export const CENTRE_MIN_HU = -2000;
export const CENTRE_MAX_HU = 6000;

/** Grey level 0 to 255 of one value in HU. */
export function greyLevel(value_hu: number, { centre_hu, width_hu }: Window): number {
  const low_hu = centre_hu - 0.5 - (width_hu - 1) / 2;
  if (width_hu <= 1) return value_hu > low_hu ? 255 : 0;
  const scaled = (value_hu - (centre_hu - 0.5)) / (width_hu - 1) + 0.5;
  return Math.round(Math.min(1, Math.max(0, scaled)) * 255);
}

/** Opaque grey pixels (RGBA as one number) for every value an int16 can hold; index is HU + 32768. */
export function pixelTable(window: Window, { inverted }: { inverted: boolean }): Uint32Array {
  const table = new Uint32Array(65536);
  for (let index = 0; index < table.length; index += 1) {
    const level = greyLevel(index - 32768, window);
    const grey = inverted ? 255 - level : level;
    table[index] = ((0xff << 24) | (grey << 16) | (grey << 8) | grey) >>> 0;
  }
  return table;
}

/** The window a drag leads to: sideways for the width, up and down for the centre. */
export function draggedWindow(from: Window, { dx, dy }: { dx: number; dy: number }): Window {
  // A wide window needs coarser steps than a narrow one.
  const hu_per_pixel = Math.max(1, from.width_hu / 300);
  return clampedWindow({
    centre_hu: from.centre_hu + dy * hu_per_pixel,
    width_hu: from.width_hu + dx * hu_per_pixel,
  });
}

export function clampedWindow({ centre_hu, width_hu }: Window): Window {
  return {
    centre_hu: Math.round(Math.min(CENTRE_MAX_HU, Math.max(CENTRE_MIN_HU, centre_hu))),
    width_hu: Math.round(Math.min(WIDTH_MAX_HU, Math.max(WIDTH_MIN_HU, width_hu))),
  };
}
