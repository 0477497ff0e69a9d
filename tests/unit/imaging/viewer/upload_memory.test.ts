import { expect, test } from 'vitest';
import { fingerprints, forgetAllBut, isAnswered, match, recall, remember } from '../../../../imaging/viewer/upload_memory.ts';

function found(...files: [path: string, size: number][]) {
  return files.map(([path, size]) => ({ path, file: { size, lastModified: 1 } as File }));
}

class Store implements Storage {
  [name: string]: unknown;
  get length() {
    return Object.keys(this).length;
  }
  clear() {
    for (const key of Object.keys(this)) delete this[key];
  }
  getItem(key: string) {
    return Object.hasOwn(this, key) ? String(this[key]) : null;
  }
  key(at: number) {
    return Object.keys(this)[at] ?? null;
  }
  removeItem(key: string) {
    delete this[key];
  }
  setItem(key: string, value: string) {
    this[key] = value;
  }
}

const FILES = found(['DOE^JOHN/1.dcm', 10], ['DOE^JOHN/2.dcm', 10], ['DOE^JOHN/3.dcm', 20]);

test('a file is recognised by path, size and time under the key of its run', async () => {
  const prints = await fingerprints(FILES, 'key');
  expect(new Set(prints).size).toBe(3);
  expect(await fingerprints(FILES, 'key')).toEqual(prints);
  expect(await fingerprints(FILES, 'another key')).not.toEqual(prints);
  expect(await fingerprints(found(['DOE^JOHN/1.dcm', 11]), 'key')).not.toContain(prints[0]);
});

test('what is kept on the disk names nobody', async () => {
  const store = new Store();
  remember(store, 'run', await fingerprints(FILES, 'key'));
  expect(JSON.stringify(store)).not.toMatch(/DOE|dcm|key/);
  expect(recall(store, 'run')).toHaveLength(3);
  expect(recall(store, 'other run')).toBeNull();
});

test('finished runs are forgotten, other pages keep what is theirs', () => {
  const store = new Store();
  store.setItem('theme', 'dark');
  remember(store, 'a', ['x']);
  remember(store, 'b', ['x']);
  forgetAllBut(store, ['b']);
  expect(recall(store, 'a')).toBeNull();
  expect(recall(store, 'b')).toEqual(['x']);
  expect(store.getItem('theme')).toBe('dark');
});

test('a store without room costs the memory and not the import', () => {
  const store = new Store();
  store.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  remember(store, 'run', ['x']);
});

test('chosen again in another order, each file has its old place', () => {
  const [one, two, three] = FILES;
  const matched = match([three, one, two].map((file) => file!), ['c', 'a', 'b'], ['a', 'b', 'c']);
  expect(matched.chosen.map(({ path, position }) => [path, position])).toEqual([
    ['DOE^JOHN/3.dcm', 3],
    ['DOE^JOHN/1.dcm', 1],
    ['DOE^JOHN/2.dcm', 2],
  ]);
  expect(matched.known).toBe(3);
  expect(matched.missing).toEqual([]);
});

test('a file that is new comes behind the others, one that is missing is named', () => {
  const matched = match(FILES.slice(0, 2), ['b', 'new'], ['a', 'b']);
  expect(matched.chosen.map((one) => one.position)).toEqual([2, 3]);
  expect(matched.prints).toEqual(['a', 'b', 'new']);
  expect(matched.known).toBe(1);
  expect(matched.missing).toEqual([1]);
});

test('without memory, places are given in order', () => {
  expect(match(FILES, [], []).chosen.map((one) => one.position)).toEqual([1, 2, 3]);
});

test('two files that look the same have two places', () => {
  const matched = match(FILES.slice(0, 2), ['a', 'a'], ['a']);
  expect(matched.chosen.map((one) => one.position)).toEqual([1, 2]);
});

test('answered places are found in their stretches', () => {
  const stretches: [number, number][] = [[1, 3], [7, 7]];
  expect([0, 1, 3, 4, 6, 7, 8].filter((place) => isAnswered(place, stretches))).toEqual([1, 3, 7]);
});
