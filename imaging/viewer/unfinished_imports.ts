/**
 * The list of unfinished imports on the import page, [data-unfinished]: one that this browser
 * remembers can go on with the same files, the others can only be closed.
 */
import { button } from './elements.ts';
import { forgetAllBut, recall } from './upload_memory.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface Unfinished {
  run: string;
  stateUrl: string;
  remembered: string[];
  /** Take it off the list. */
  remove(): void;
}

interface Choices {
  files(one: Unfinished): void;
  folder(one: Unfinished): void;
}

export class UnfinishedImports {
  readonly #buttons: HTMLButtonElement[] = [];

  constructor(list: HTMLElement | null, choices: Choices) {
    const items = [...(list?.querySelectorAll<HTMLElement>('[data-state-url]') ?? [])];
    forgetAllBut(localStorage, items.map((item) => item.dataset['run'] ?? ''));
    for (const item of items) this.#enhance(item, choices);
  }

  /** Choosing again waits while another import is under way. */
  enable(ready: boolean): void {
    for (const one of this.#buttons) one.disabled = !ready;
  }

  #enhance(item: HTMLElement, choices: Choices): void {
    const run = item.dataset['run'] ?? '';
    const remembered = recall(localStorage, run);
    if (remembered === null) return;
    const one: Unfinished = {
      run,
      remembered,
      stateUrl: item.dataset['stateUrl'] ?? '',
      remove: () => {
        const panel = item.closest('section');
        item.remove();
        if (panel?.querySelector('[data-state-url]') === null) panel.remove();
      },
    };
    const hint = item.querySelector('[data-hint]');
    if (hint) hint.textContent = translate('Choose the same folder or zip again to go on: only what is missing is sent.');
    const made = [
      button(translate('Choose the folder again'), 'btn-primary btn-sm', () => choices.folder(one)),
      button(translate('Choose the files or zip again'), 'btn-secondary btn-sm', () => choices.files(one)),
    ];
    this.#buttons.push(...made);
    item.querySelector('[data-actions]')?.prepend(...made);
  }
}
