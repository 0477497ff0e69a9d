/**
 * Words of the islands in the language of whoever reads.
 *
 * The page carries what registry/presenters/island_words.py lists, in its language; English pages
 * carry nothing. `{name}` in a text is the place of a value.
 */
let held: Record<string, string> | undefined;

export function translate(text: string, values: Record<string, string | number> = {}): string {
  held ??= read();
  return (held[text] ?? text).replace(/\{(\w+)\}/g, (place, name: string) =>
    String(values[name] ?? place),
  );
}

function read(): Record<string, string> {
  if (typeof document === 'undefined') return {};
  const block = document.getElementById('island-words');
  return block === null ? {} : (JSON.parse(block.textContent) as Record<string, string>);
}
