import { afterEach, describe, expect, it, vi } from 'vitest';

function pageWith(words: Record<string, string> | null): void {
  const block = words === null ? null : { textContent: JSON.stringify(words) };
  vi.stubGlobal('document', { getElementById: () => block });
}

async function fresh() {
  vi.resetModules();
  return (await import('../../../../registry/islands/translate.ts')).translate;
}

afterEach(() => vi.unstubAllGlobals());

describe('translate', () => {
  it('says what the page carries, with the values in their places', async () => {
    pageWith({ '{n} of {all} files': '{all} Dateien, davon {n}' });
    expect((await fresh())('{n} of {all} files', { n: 2, all: 7 })).toBe('7 Dateien, davon 2');
  });

  it('stays English where the page carries nothing, and leaves a place without a value', async () => {
    pageWith(null);
    expect((await fresh())('{n} of {all} files', { n: 2 })).toBe('2 of {all} files');
  });

  it('takes a value as it is, also one that looks like a place', async () => {
    pageWith({});
    expect((await fresh())('Remove {name}', { name: '{name} $& {n}' })).toBe('Remove {name} $& {n}');
  });
});
