/** Which slices were really on the screen, as scanned: this is recorded with the read. */

/** Of each series, by its public id: slices shown, of how many. */
export type ShownCounts = Record<string, [shown: number, of: number]>;

export class ShownSlices {
  readonly #shown = new Map<string, { indices: Set<number>; of: number }>();
  /** From a draft, which tells how many and not which. */
  readonly #before: ShownCounts;
  readonly #changed: () => void;

  constructor(before: ShownCounts, changed: () => void) {
    this.#before = before;
    this.#changed = changed;
  }

  add(series: string, index: number, of: number): void {
    let seen = this.#shown.get(series);
    if (!seen) this.#shown.set(series, (seen = { indices: new Set(), of }));
    if (seen.indices.has(index)) return;
    seen.indices.add(index);
    this.#changed();
  }

  /** At least so many: slices of an earlier sitting may be among those shown now. */
  get counts(): ShownCounts {
    const counts: ShownCounts = { ...this.#before };
    for (const [series, { indices, of }] of this.#shown) {
      counts[series] = [Math.max(indices.size, counts[series]?.[0] ?? 0), of];
    }
    return counts;
  }
}
