/**
 * The import page: [data-island="upload"] with data-create-url, data-centres (codes with spaces
 * between, or a JSON list of code and name) and, if wanted, data-link-url (where images are linked
 * to contrast studies). What stands inside is the plain form for browsers without scripts.
 */
import { csrfToken } from '../../registry/islands/csrf.ts';
import { filesOfDrop, filesOfList, type FoundFile } from './dropped_files.ts';
import { button, element } from './elements.ts';
import { UnfinishedImports, type Unfinished } from './unfinished_imports.ts';
import { Delivery, type Selection } from './upload_delivery.ts';
import { canRemember, fingerprints, forget, isAnswered, match, remember } from './upload_memory.ts';
import { openRun, readState, RequestError, type Run } from './upload_requests.ts';
import { translate } from '../../registry/islands/translate.ts';

interface Centre {
  code: string;
  name: string;
}

class UploadPage {
  readonly #host: HTMLElement;
  readonly #live = element('div', { class: 'import-live stack', hidden: true });
  readonly #words = element('p', { class: 'small', role: 'status' });
  readonly #dropZone: HTMLElement;
  readonly #pickers: HTMLButtonElement[];
  readonly #unfinished: UnfinishedImports;
  #resuming: Unfinished | null = null;
  #centre_code = '';
  #busy = false;

  constructor(host: HTMLElement) {
    this.#host = host;
    const centres = centresOf(host.dataset['centres'] ?? '');
    const files = picker({ multiple: true });
    const folder = picker({ webkitdirectory: true, multiple: true });
    const choose = (input: HTMLInputElement, resuming: Unfinished | null) => {
      this.#resuming = resuming;
      input.click();
    };
    this.#pickers = [
      button(translate('Choose files or a zip'), 'btn-primary', () => choose(files, null)),
      button(translate('Choose a folder'), 'btn-secondary', () => choose(folder, null)),
    ];
    for (const input of [files, folder]) {
      input.addEventListener('change', () => {
        void this.#take(filesOfList(input.files ?? []));
        input.value = '';
      });
    }
    this.#unfinished = new UnfinishedImports(document.querySelector('[data-unfinished]'), {
      files: (one) => choose(files, one),
      folder: (one) => choose(folder, one),
    });
    this.#dropZone = element(
      'section',
      { class: 'drop-zone', 'aria-labelledby': 'drop-title' },
      element('h2', { id: 'drop-title' }, translate('Drop CT files, a folder or a zip here')),
      element(
        'p',
        {},
        translate('Each file is checked, stripped of what identifies the patient and stored before it is reported as indexed. ') +
          translate('What cannot be taken in is listed with the reason; it does not hold up the rest.'),
      ),
      element('div', { class: 'actions' }, ...this.#pickers),
      this.#words,
      files,
      folder,
    );
    this.#host.classList.add('import-top');
    this.#host.replaceChildren(this.#centreChoice(centres), this.#dropZone, this.#live);
    this.#listenToDrops();
    window.addEventListener('beforeunload', (event) => {
      if (this.#busy) event.preventDefault();
    });
    this.#showReady();
  }

  #centreChoice(centres: Centre[]): HTMLElement {
    const only = centres.length === 1 ? centres[0] : undefined;
    if (only) {
      this.#centre_code = only.code;
      return element('p', { class: 'muted' }, translate('The images go to {name}.', { name: only.name }));
    }
    if (centres.length === 0) {
      return element('p', { class: 'message warning' }, translate('Your roles do not include adding images in any centre.'));
    }
    const options = centres.map((centre) => {
      const input = element('input', { type: 'radio', name: 'centre_code', value: centre.code });
      input.addEventListener('change', () => {
        this.#centre_code = centre.code;
        this.#showReady();
      });
      return element('label', {}, input, element('span', {}, centre.name));
    });
    return element(
      'fieldset',
      { class: 'field is-required' },
      element('legend', {}, translate('Centre that the images belong to')),
      element('div', { class: 'chips' }, ...options),
    );
  }

  #showReady(): void {
    const ready = this.#centre_code !== '' && !this.#busy;
    for (const one of this.#pickers) one.disabled = !ready;
    this.#unfinished.enable(!this.#busy);
    this.#words.textContent = ready
      ? ''
      : this.#busy
        ? translate('One import at a time: the next can start when this one is done.')
        : translate('Choose the centre first.');
  }

  #listenToDrops(): void {
    // A drop beside the zone would make the browser open the file and leave the page.
    for (const name of ['dragover', 'drop']) {
      window.addEventListener(name, (event) => event.preventDefault());
    }
    const over = (isOver: boolean) => this.#dropZone.classList.toggle('is-over', isOver);
    this.#dropZone.addEventListener('dragover', () => over(!this.#busy && this.#centre_code !== ''));
    this.#dropZone.addEventListener('dragleave', () => over(false));
    this.#dropZone.addEventListener('drop', (event) => {
      over(false);
      const data = event.dataTransfer;
      if (data === null || this.#busy || this.#centre_code === '') return;
      this.#resuming = null;
      void filesOfDrop(data).then(
        (found) => this.#take(found),
        () => {
          this.#words.textContent = translate('The browser could not read what was dropped. Use “Choose a folder” instead.');
        },
      );
    });
  }

  async #take(found: FoundFile[]): Promise<void> {
    if (found.length === 0) {
      this.#words.textContent = translate('There was no file in what you chose.');
      return;
    }
    const resuming = this.#resuming;
    this.#resuming = null;
    this.#work(true);
    try {
      const prepared = resuming ? await this.#goOn(resuming, found) : await this.#start(found);
      if (prepared) await this.#deliver(...prepared);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#live.hidden = false;
      this.#live.replaceChildren(
        element('div', { class: 'message error', role: 'alert' }, element('p', {}, translate('The import did not start, nothing was sent. {message}', { message: error.message }))),
      );
    } finally {
      this.#work(false);
    }
  }

  #work(busy: boolean): void {
    this.#busy = busy;
    this.#showReady();
  }

  async #start(found: FoundFile[]): Promise<[Run, Selection]> {
    const run = await openRun(this.#host.dataset['createUrl'] ?? '', this.#centre_code, csrfToken());
    const prints = canRemember() ? await fingerprints(found, run.memory_key) : [];
    const { chosen } = match(found, prints, []);
    if (prints.length > 0) remember(localStorage, run.run, prints);
    return [run, { chosen, answered: new Set(), missing: [], before: null }];
  }

  async #goOn(one: Unfinished, found: FoundFile[]): Promise<[Run, Selection] | null> {
    const before = await readState(one.stateUrl, csrfToken());
    if (before.finished) {
      one.remove();
      throw new RequestError(translate('That import was closed meanwhile. Send the files as a new one; what arrived is recognised.'), { again: false });
    }
    const matched = match(found, await fingerprints(found, before.memory_key), one.remembered);
    if (matched.known === 0) {
      throw new RequestError(translate('None of these files belongs to that import. Choose the same folder or zip as before, unchanged.'), { again: false });
    }
    one.remove();
    remember(localStorage, before.run, matched.prints);
    const isOpen = (position: number) => !isAnswered(position, before.answered);
    const answered = new Set(matched.chosen.map((file) => file.position).filter((position) => !isOpen(position)));
    return [before, { chosen: matched.chosen, answered, missing: matched.missing.filter(isOpen), before }];
  }

  async #deliver(run: Run, selection: Selection): Promise<void> {
    const delivery = new Delivery(run, selection, {
      linkUrl: this.#host.dataset['linkUrl'],
      working: (busy) => this.#work(busy),
      closed: () => forget(localStorage, run.run),
    });
    this.#live.hidden = false;
    this.#dropZone.classList.add('is-compact');
    this.#live.replaceChildren(delivery.progress, delivery.results.counts);
    this.#live.nextElementSibling?.remove();
    this.#live.after(element('div', { class: 'table-scroll' }, delivery.results.table));
    await delivery.send();
  }
}

function centresOf(text: string): Centre[] {
  if (text.startsWith('[')) return JSON.parse(text) as Centre[];
  return text.split(/\s+/).filter(Boolean).map((code) => ({ code, name: code }));
}

function picker(attributes: Record<string, boolean>): HTMLInputElement {
  return element('input', { type: 'file', hidden: true, tabindex: '-1', ...attributes });
}

for (const host of document.querySelectorAll<HTMLElement>('[data-island="upload"]')) {
  new UploadPage(host);
}
