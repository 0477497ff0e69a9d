/** What a viewer is opened for, and whom it tells. */
import type { SeriesImages } from './series_images.ts';
import { translate } from '../../registry/islands/translate.ts';

export const LOST =
  translate('The list of slices did not load. The images are safe on the server; check the connection and try again.');

/** One series of the study, as the viewer offers it. */
export interface SeriesChoice {
  /** Null while its list of slices could not be had. */
  id: () => string | null;
  label: string;
  choose: () => Promise<void>;
}

export interface ViewerTask {
  /** Measuring and marking; without it one only looks. */
  isReading: boolean;
  /** Marks of a signed read: they are shown and stay as they are. */
  isFrozen: boolean;
  series: SeriesChoice[];
  /** Earlier studies that can stand beside the current one. */
  earlier: { label: string; choose: () => Promise<void> }[];
  /** A slice is on the screen, as scanned. */
  sliceShown: (images: SeriesImages, index: number) => void;
  marksChanged: () => void;
}
