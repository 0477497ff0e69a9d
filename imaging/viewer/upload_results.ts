/**
 * The table of files by result; the counts are buttons that show or hide their part of it.
 *
 * Files with the same reason are gathered under one line once there are many of them, and long
 * lists are drawn in pieces, so that 5,000 files neither bury what matters nor slow the page down.
 */
import { element } from './elements.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface ResultRow {
  path: string;
  result: string;
  sentence: string;
  remedy: string;
}

/** What needs attention first. */
export const ORDER: [code: string, label: string][] = [
  ['failed', translate('not sent')],
  ['rejected', translate('rejected')],
  ['quarantined', translate('quarantined')],
  ['conflict', translate('conflict')],
  ['indexed', translate('indexed')],
  ['duplicate', translate('duplicate')],
  ['ignored', translate('ignored')],
];
const QUIET = new Set(['indexed', 'duplicate', 'ignored']);
export const LISTED_SINGLY = 5;
const DRAWN_AT_ONCE = 200;

/** Files of one result and one reason: listed singly while they are few, under one line when many. */
class ResultGroup {
  readonly body = element('tbody');
  readonly #label: string;
  readonly #rows: ResultRow[] = [];
  readonly #more: HTMLTableRowElement;
  readonly #moreButton: HTMLButtonElement;
  #head: HTMLTableRowElement | null = null;
  #headButton: HTMLButtonElement | null = null;
  #open: boolean;
  #limit = DRAWN_AT_ONCE;
  #drawn = 0;

  constructor(label: string, { open }: { open: boolean }) {
    this.#label = label;
    this.#open = open;
    this.#moreButton = element('button', { type: 'button', class: 'btn btn-quiet btn-sm' });
    this.#moreButton.addEventListener('click', () => {
      this.#limit += 10 * DRAWN_AT_ONCE;
      this.draw();
    });
    this.#more = element('tr', { hidden: true }, element('td', { colspan: '4' }, this.#moreButton));
    this.body.append(this.#more);
  }

  add(row: ResultRow): void {
    this.#rows.push(row);
  }

  /** Append what is new; what stands there stays, and with it the focus. */
  draw(): void {
    if (this.#head === null && this.#rows.length > LISTED_SINGLY && !QUIET.has(this.#rows[0]?.result ?? '')) this.#gather();
    if (this.#headButton) {
      const rows = count(this.#rows.length);
      this.#headButton.textContent = (
        this.#open ? translate('Hide the {rows} files', { rows }) : translate('Show the {rows} files', { rows })
      );
      this.#headButton.setAttribute('aria-expanded', String(this.#open));
    }
    const wanted = this.#open ? Math.min(this.#rows.length, this.#limit) : 0;
    while (this.#drawn > wanted) {
      this.#more.previousElementSibling?.remove();
      this.#drawn -= 1;
    }
    for (; this.#drawn < wanted; this.#drawn += 1) {
      const row = this.#rows[this.#drawn];
      if (row) this.#more.before(this.#line(row));
    }
    this.#more.hidden = !this.#open || wanted === this.#rows.length;
    this.#moreButton.textContent = translate('Show more of the {rows}', { rows: count(this.#rows.length) });
  }

  #gather(): void {
    const [first] = this.#rows;
    if (first === undefined) return;
    this.#open = false;
    this.#headButton = element('button', { type: 'button', class: 'btn btn-quiet btn-sm' });
    this.#headButton.addEventListener('click', () => {
      this.#open = !this.#open;
      this.draw();
    });
    this.#head = element(
      'tr',
      { class: 'group' },
      element('td', {}, element('span', { class: `result ${first.result}` }, this.#label)),
      element('td', {}, this.#headButton),
      element('td', {}, first.sentence),
      element('td', {}, first.remedy),
    );
    while (this.#drawn > 0) {
      this.#more.previousElementSibling?.remove();
      this.#drawn -= 1;
    }
    this.body.prepend(this.#head);
  }

  #line(row: ResultRow): HTMLTableRowElement {
    const gathered = this.#head !== null;
    return element(
      'tr',
      {},
      element('td', {}, gathered ? null : element('span', { class: `result ${row.result}` }, this.#label)),
      element('td', { class: 'file' }, row.path),
      element('td', {}, gathered ? null : row.sentence),
      element('td', {}, gathered ? null : row.remedy),
    );
  }
}

class ResultSection {
  readonly button = element('button', { type: 'button', class: 'btn btn-secondary btn-sm', 'aria-pressed': 'false' });
  /** Groups are put before it. */
  readonly end = element('tbody', { hidden: true });
  readonly #code: string;
  readonly #label: string;
  readonly #groups = new Map<string, ResultGroup>();
  #open: boolean;
  #listed = 0;
  #earlier = 0;

  constructor(code: string, label: string) {
    this.#code = code;
    this.#label = label;
    this.#open = !QUIET.has(code);
    this.button.addEventListener('click', () => {
      this.#open = !this.#open;
      this.draw();
    });
  }

  get count(): number {
    return this.#listed + this.#earlier;
  }

  get isShown(): boolean {
    return this.#open && this.#listed > 0;
  }

  add(row: ResultRow): void {
    let group = this.#groups.get(row.sentence);
    if (group === undefined) {
      group = new ResultGroup(this.#label, { open: true });
      this.#groups.set(row.sentence, group);
      this.end.before(group.body);
    }
    group.add(row);
    this.#listed += 1;
  }

  /** Files that were answered before the page was opened anew: counted, not listed. */
  addEarlier(files: number): void {
    this.#earlier += files;
  }

  clear(): void {
    for (const group of this.#groups.values()) group.body.remove();
    this.#groups.clear();
    this.#listed = 0;
  }

  draw(): void {
    this.button.replaceChildren(element('span', { class: `result ${this.#code}` }, `${count(this.count)} ${this.#label}`));
    this.button.setAttribute('aria-pressed', String(this.isShown));
    this.button.disabled = this.#listed === 0;
    // "Not sent" is the exception: it is named only when there is something to name.
    if (this.#code === 'failed') this.button.parentElement?.toggleAttribute('hidden', this.count === 0);
    for (const group of this.#groups.values()) {
      group.body.hidden = !this.#open;
      if (this.#open) group.draw();
    }
  }
}

export class UploadResults {
  readonly counts = element('ul', { class: 'result-counts', 'aria-label': translate('Files by result') });
  readonly table = element(
    'table',
    { class: 'dense import-results' },
    element('caption', {}, translate('Files by result. What needs your attention comes first.')),
    element(
      'thead',
      {},
      element('tr', {}, ...[translate('Result'), translate('File'), translate('Reason'), translate('Next step')].map((name) => element('th', { scope: 'col' }, name))),
    ),
  );
  readonly #note = element(
    'tbody',
    {},
    element('tr', {}, element('td', { colspan: '4', class: 'muted' }, translate('Nothing to show here so far. Press a result above to see its files.'))),
  );
  readonly #sections = new Map<string, ResultSection>();

  constructor() {
    this.table.append(this.#note);
    for (const [code, label] of ORDER) {
      const section = new ResultSection(code, label);
      section.button.addEventListener('click', () => this.#showNote());
      this.#sections.set(code, section);
      this.table.append(section.end);
      this.counts.append(element('li', {}, section.button));
      section.draw();
    }
  }

  count(code: string): number {
    return this.#sections.get(code)?.count ?? 0;
  }

  get total(): number {
    return [...this.#sections.values()].reduce((sum, section) => sum + section.count, 0);
  }

  add(rows: ResultRow[]): void {
    for (const row of rows) this.#sections.get(row.result)?.add(row);
    for (const code of new Set(rows.map((row) => row.result))) this.#sections.get(code)?.draw();
    this.#showNote();
  }

  addEarlier(counts: Record<string, number>): void {
    for (const [code, files] of Object.entries(counts)) {
      this.#sections.get(code)?.addEarlier(files);
      this.#sections.get(code)?.draw();
    }
  }

  clear(code: string): void {
    this.#sections.get(code)?.clear();
    this.#sections.get(code)?.draw();
    this.#showNote();
  }

  #showNote(): void {
    this.#note.hidden = [...this.#sections.values()].some((section) => section.isShown);
  }
}

function count(files: number): string {
  return files.toLocaleString('en-GB');
}
