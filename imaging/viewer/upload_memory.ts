/**
 * Remembers across a reload which file had which place in an unfinished import.
 *
 * Kept are the id of the run and one keyed hash per file, no names. The key comes from the server
 * and is not kept, so that whoever finds the computer cannot try names against the hashes.
 */
import type { FoundFile } from './dropped_files.ts';
import type { ChosenFile } from './upload_batches.ts';

const PREFIX = 'crescent.upload.';
const HASH_CHARACTERS = 12;

/** A hash of path, size and time of change under the key of the run, for each file. */
export async function fingerprints(found: FoundFile[], memory_key: string): Promise<string[]> {
  const text = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', text.encode(memory_key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return Promise.all(
    found.map(async ({ path, file }) => {
      const said = JSON.stringify([path, file.size, file.lastModified]);
      const hash = new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(said)));
      return btoa(String.fromCharCode(...hash)).slice(0, HASH_CHARACTERS);
    }),
  );
}

/** Whether this browser can remember; without TLS it has no keyed hashes. */
export function canRemember(): boolean {
  return typeof crypto !== 'undefined' && crypto.subtle !== undefined;
}

export function remember(store: Storage, run: string, prints: string[]): void {
  try {
    store.setItem(PREFIX + run, prints.join(' '));
  } catch {
    // No room, or storage is switched off: the import works, only not across a reload.
  }
}

/** The hashes in the order of the places, from 1; null when this browser knows nothing of the run. */
export function recall(store: Storage, run: string): string[] | null {
  const kept = store.getItem(PREFIX + run);
  return kept === null ? null : kept.split(' ').filter(Boolean);
}

export function forget(store: Storage, run: string): void {
  store.removeItem(PREFIX + run);
}

/** Forget every run but these: they were finished, or closed elsewhere. */
export function forgetAllBut(store: Storage, runs: string[]): void {
  const kept = new Set(runs.map((run) => PREFIX + run));
  for (const key of Object.keys(store)) if (key.startsWith(PREFIX) && !kept.has(key)) store.removeItem(key);
}

export interface Matched {
  /** Every file with its place: the old one where it is known, a new one behind the others else. */
  chosen: ChosenFile[];
  /** All hashes by place, to be remembered. */
  prints: string[];
  /** How many of the files belong to the remembered import. */
  known: number;
  /** Places of the import whose file was not chosen now. */
  missing: number[];
}

export function match(found: FoundFile[], prints: string[], remembered: string[]): Matched {
  const places = new Map(remembered.map((print, at) => [print, at + 1]));
  const all = [...remembered];
  let known = 0;
  const chosen = found.map((one, at) => {
    const print = prints[at] ?? '';
    let position = places.get(print);
    if (position === undefined) {
      position = all.push(print);
    } else {
      known += 1;
      places.delete(print);
    }
    return { ...one, position };
  });
  return { chosen, prints: all, known, missing: [...places.values()] };
}

/** Whether a place lies in one of the stretches. */
export function isAnswered(position: number, stretches: [number, number][]): boolean {
  return stretches.some(([first, last]) => first <= position && position <= last);
}
