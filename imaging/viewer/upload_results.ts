/** The table of files by result; the counts are buttons that show or hide their part of it. */
import { element } from './elements.ts';

export interface ResultRow {
  path: string;
  result: string;
  sentence: string;
  remedy: string;
}

/** What needs attention first. */
const ORDER: [code: string, label: string][] = [
  ['failed', 'not sent'],
  ['rejected', 'rejected'],
  ['quarantined', 'quarantined'],
  ['conflict', 'conflict'],
  ['indexed', 'indexed'],
  ['duplicate', 'duplicate'],
  ['ignored', 'ignored'],
];
const QUIET = new Set(['indexed', 'duplicate', 'ignored']);
const SHOWN_AT_ONCE = 200;

interface Section {
  rows: ResultRow[];
  open: boolean;
  limit: number;
  body: HTMLTableSectionElement;
  button: HTMLButtonElement;
}

export class UploadResults {
  readonly counts = element('ul', { class: 'result-counts', 'aria-label': 'Files by result' });
  readonly table = element(
    'table',
    { class: 'dense import-results' },
    element('caption', {}, 'Files by result. What needs your attention comes first.'),
    element(
      'thead',
      {},
      element('tr', {}, ...['Result', 'File', 'Reason', 'Next step'].map((name) => element('th', { scope: 'col' }, name))),
    ),
  );
  readonly #note = element(
    'tbody',
    {},
    element('tr', {}, element('td', { colspan: '4', class: 'muted' }, 'Nothing to show here so far. Press a result above to see its files.')),
  );
  readonly #sections = new Map<string, Section>();

  constructor() {
    this.table.append(this.#note);
    for (const [code, label] of ORDER) {
      const button = element('button', { type: 'button', class: 'btn btn-secondary btn-sm', 'aria-pressed': 'false' });
      const body = element('tbody', { hidden: true });
      const section = { rows: [], open: !QUIET.has(code), limit: SHOWN_AT_ONCE, body, button };
      button.addEventListener('click', () => {
        section.open = !section.open;
        this.#draw(code, label);
      });
      this.#sections.set(code, section);
      this.counts.append(element('li', {}, button));
      this.table.append(body);
      this.#draw(code, label);
    }
  }

  count(code: string): number {
    return this.#sections.get(code)?.rows.length ?? 0;
  }

  add(rows: ResultRow[]): void {
    for (const row of rows) this.#sections.get(row.result)?.rows.push(row);
    const changed = new Set(rows.map((row) => row.result));
    for (const [code, label] of ORDER) if (changed.has(code)) this.#draw(code, label);
  }

  clear(code: string): void {
    const section = this.#sections.get(code);
    const label = ORDER.find(([one]) => one === code)?.[1] ?? code;
    if (section) section.rows = [];
    this.#draw(code, label);
  }

  #draw(code: string, label: string): void {
    const section = this.#sections.get(code);
    if (section === undefined) return;
    const { rows, body, button } = section;
    const shown = section.open && rows.length > 0;
    button.replaceChildren(element('span', { class: `result ${code}` }, `${rows.length.toLocaleString('en-GB')} ${label}`));
    button.setAttribute('aria-pressed', String(shown));
    button.disabled = rows.length === 0;
    // "Not sent" is the exception: it is named only when there is something to name.
    if (code === 'failed') button.parentElement?.toggleAttribute('hidden', rows.length === 0);
    body.hidden = !shown;
    this.#note.hidden = [...this.#sections.values()].some((one) => !one.body.hidden);
    const wanted = shown ? Math.min(rows.length, section.limit) : 0;
    body.querySelector('[data-more]')?.remove();
    while (body.rows.length > wanted) body.deleteRow(-1);
    for (let at = body.rows.length; at < wanted; at += 1) {
      const row = rows[at];
      if (row) body.append(tableRow(row, label));
    }
    if (wanted < rows.length && shown) {
      const more = element('button', { type: 'button', class: 'btn btn-quiet btn-sm' }, `Show all ${rows.length.toLocaleString('en-GB')} ${label}`);
      more.addEventListener('click', () => {
        section.limit = Number.POSITIVE_INFINITY;
        this.#draw(code, label);
      });
      body.append(element('tr', { 'data-more': true }, element('td', { colspan: '4' }, more)));
    }
  }
}

function tableRow(row: ResultRow, label: string): HTMLTableRowElement {
  return element(
    'tr',
    {},
    element('td', {}, element('span', { class: `result ${row.result}` }, label)),
    element('td', { class: 'file' }, row.path),
    element('td', {}, row.sentence),
    element('td', {}, row.remedy),
  );
}
