/** One series on the screen: its slices, the frames that have arrived, its volume if it is one. */
import { SliceFrames, type Slice } from './slice_frames.ts';
import { gridOf, type SliceGrid } from './view_plane.ts';
import { volumeOf, type Geometry, type Volume } from './volume.ts';
import type { MeasuredSlice } from './measurement_words.ts';
import type { Window } from './windowing.ts';

export interface Preset extends Window {
  code: string;
  name: string;
  purpose: string;
  source: string;
}

interface SeriesAnswer {
  series: string;
  geometry: Geometry | null;
  slices: Slice[];
  /** The first is the default. */
  windows: Preset[];
}

interface Loading {
  /** Told whenever a frame has arrived or failed. */
  changed: (images: SeriesImages, index: number) => void;
  memory_bytes?: number | undefined;
}

/** Words of why the images cannot be listed. */
export class SeriesError extends Error {}

export class SeriesImages {
  readonly id: string;
  readonly label: string;
  readonly geometry: Geometry | null;
  readonly slices: Slice[];
  readonly windows: Preset[];
  readonly frames: SliceFrames;
  readonly volume: Volume | null;
  /** Why there is no volume. */
  readonly no_volume_reason: string;
  #grids = new Map<number, SliceGrid>();

  constructor(answer: SeriesAnswer, label: string, { changed, memory_bytes }: Loading) {
    this.id = answer.series;
    this.label = label;
    this.geometry = answer.geometry;
    this.slices = answer.slices;
    this.windows = answer.windows;
    this.frames = new SliceFrames(answer.slices, (index) => changed(this, index), memory_bytes);
    const { volume, reason } = volumeOf(answer.slices, answer.geometry);
    this.volume = volume;
    this.no_volume_reason = reason ?? '';
  }

  static async load(url: string, label: string, loading: Loading): Promise<SeriesImages> {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) throw new SeriesError(String(response.status));
    return new SeriesImages((await response.json()) as SeriesAnswer, label, loading);
  }

  get displayable(): number {
    return this.slices.filter((slice) => slice.displayable).length;
  }

  grid(index: number): SliceGrid | null {
    const slice = this.slices[index];
    if (!slice) return null;
    let grid = this.#grids.get(index);
    if (!grid) {
      grid = gridOf(slice);
      this.#grids.set(index, grid);
    }
    return grid;
  }

  measured(index: number): MeasuredSlice | null {
    const slice = this.slices[index];
    const grid = this.grid(index);
    if (!slice || !grid) return null;
    return {
      grid,
      values_hu: this.frames.get(index),
      hu_undefined_reason: slice.hu_undefined_reason,
      padding_hu: slice.padding_hu,
    };
  }

  /** The frames of the volume in the order of its slices. */
  volumeFrames(): (Int16Array | null)[] {
    return Array.from({ length: this.volume?.slices ?? 0 }, (_, index) => this.frames.get(index));
  }

  /** How many slices of the volume have not arrived. */
  get missing(): number {
    return this.volumeFrames().filter((frame) => frame === null).length;
  }
}
