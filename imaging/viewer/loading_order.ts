/** Which slice to fetch next, and which to let go when memory is short. */

/** The index nearest to `current` among those wanted, or null when none is. */
export function nextToLoad(
  current: number,
  count: number,
  wanted: (index: number) => boolean,
): number | null {
  for (let distance = 0; distance < count; distance += 1) {
    if (current + distance < count && wanted(current + distance)) return current + distance;
    if (distance > 0 && current - distance >= 0 && wanted(current - distance)) {
      return current - distance;
    }
  }
  return null;
}

/** The index farthest from `current` among those held, or null when none is. */
export function farthest(current: number, held: Iterable<number>): number | null {
  let found: number | null = null;
  for (const index of held) {
    if (found === null || Math.abs(index - current) > Math.abs(found - current)) found = index;
  }
  return found;
}
