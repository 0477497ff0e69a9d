/** The series of a study, listed by the server one by one and put in the order they hang in. */
import { hangingOrder } from './hanging.ts';
import type { ListedSeries } from './reading_data.ts';
import { SeriesImages } from './series_images.ts';

export interface StudySeries {
  label: string;
  /** Null while its list of slices could not be had. */
  images: SeriesImages | null;
  /** Ask for the list again. */
  load: () => Promise<SeriesImages>;
}

/** Those that can be shown, as they hang; then those whose list did not come. */
export async function studySeries(
  listed: readonly ListedSeries[],
  { changed, memory_bytes }: { changed: (images: SeriesImages, index: number) => void; memory_bytes?: number | undefined },
): Promise<StudySeries[]> {
  const series = await Promise.all(
    listed.map(async ({ slices_url, label }) => {
      const one: StudySeries = {
        label,
        images: null,
        load: async () => (one.images ??= await SeriesImages.load(slices_url, label, { changed, memory_bytes })),
      };
      // One list that does not come must not hide the others.
      await one.load().catch(() => null);
      return one;
    }),
  );
  const found = series.flatMap((one) => (one.images ? [{ one, images: one.images }] : []));
  const order = hangingOrder(found.map(({ images }) => ({ slices: images.slices, hasVolume: images.volume !== null })));
  return [
    ...order.flatMap((at) => found[at]?.one ?? []),
    ...series.filter(({ images }) => images === null),
  ];
}
