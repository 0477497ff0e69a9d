/**
 * The import page: [data-island="upload"] with data-create-url, data-centres (codes with spaces
 * between, or a JSON list of code and name) and, if wanted, data-link-url (where images are linked
 * to contrast studies). What stands inside is the plain form for browsers without scripts.
 */
import { csrfToken } from '../../registry/islands/csrf.ts';
import { filesOfDrop, filesOfList, type FoundFile } from './dropped_files.ts';
import { element } from './elements.ts';
import { megabytes, timeLeft, TransferRate } from './transfer_rate.ts';
import type { ChosenFile } from './upload_batches.ts';
import { UploadQueue } from './upload_queue.ts';
import { closeRun, openRun, RequestError, type Answer, type FileResult, type Run } from './upload_requests.ts';
import { UploadResults, type ResultRow } from './upload_results.ts';

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
  #centre_code = '';
  #busy = false;

  constructor(host: HTMLElement) {
    this.#host = host;
    const centres = centresOf(host.dataset['centres'] ?? '');
    const files = picker({ multiple: true });
    const folder = picker({ webkitdirectory: true, multiple: true });
    this.#pickers = [
      button('Choose files or a zip', 'btn-primary', () => files.click()),
      button('Choose a folder', 'btn-secondary', () => folder.click()),
    ];
    for (const input of [files, folder]) {
      input.addEventListener('change', () => {
        void this.#take(filesOfList(input.files ?? []));
        input.value = '';
      });
    }
    this.#dropZone = element(
      'section',
      { class: 'drop-zone', 'aria-labelledby': 'drop-title' },
      element('h2', { id: 'drop-title' }, 'Drop CT files, a folder or a zip here'),
      element(
        'p',
        {},
        'Each file is checked, stripped of what identifies the patient and stored before it is reported as indexed. ' +
          'What cannot be taken in is listed with the reason; it does not hold up the rest.',
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
      return element('p', { class: 'muted' }, `The images go to ${only.name}.`);
    }
    if (centres.length === 0) {
      return element('p', { class: 'message warning' }, 'Your roles do not include adding images in any centre.');
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
      element('legend', {}, 'Centre that the images belong to'),
      element('div', { class: 'chips' }, ...options),
    );
  }

  #showReady(): void {
    const ready = this.#centre_code !== '' && !this.#busy;
    for (const one of this.#pickers) one.disabled = !ready;
    this.#words.textContent = ready
      ? ''
      : this.#busy
        ? 'One import at a time: the next can start when this one is done.'
        : 'Choose the centre first.';
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
      void filesOfDrop(data).then(
        (found) => this.#take(found),
        () => {
          this.#words.textContent = 'The browser could not read what was dropped. Use “Choose a folder” instead.';
        },
      );
    });
  }

  async #take(found: FoundFile[]): Promise<void> {
    if (found.length === 0) {
      this.#words.textContent = 'There was no file in what you chose.';
      return;
    }
    this.#busy = true;
    this.#showReady();
    this.#live.hidden = false;
    this.#dropZone.classList.add('is-compact');
    try {
      const createUrl = this.#host.dataset['createUrl'] ?? '';
      const centre_code = this.#centre_code;
      const open = () => openRun(createUrl, centre_code, csrfToken());
      const delivery = new Delivery(await open(), found, {
        linkUrl: this.#host.dataset['linkUrl'],
        reopen: open,
        working: (busy) => {
          this.#busy = busy;
          this.#showReady();
        },
      });
      this.#live.replaceChildren(delivery.progress, delivery.results.counts);
      this.#live.nextElementSibling?.remove();
      this.#live.after(element('div', { class: 'table-scroll' }, delivery.results.table));
      await delivery.run();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#live.replaceChildren(
        element('div', { class: 'message error', role: 'alert' }, element('p', {}, `The import did not start, nothing was sent. ${error.message}`)),
      );
    } finally {
      this.#busy = false;
      this.#showReady();
    }
  }
}

interface Surroundings {
  linkUrl: string | undefined;
  /** A run of its own for what is sent again: the first one is closed by then. */
  reopen(): Promise<Run>;
  working(busy: boolean): void;
}

/** One delivery: progress, answers, what failed, the end. */
class Delivery {
  readonly results = new UploadResults();
  readonly progress = element('section', { class: 'import-progress', 'aria-label': 'Progress' });
  readonly #bar = element('progress', { max: '1', value: '0', 'aria-label': 'Bytes sent' });
  readonly #title = element('strong', { role: 'status' });
  readonly #numbers = element('span', { class: 'number' });
  readonly #actions = element('span', { class: 'actions' });
  #rate = new TransferRate();
  readonly #around: Surroundings;
  readonly #chosen: ChosenFile[];
  #run: Run;
  #queue: UploadQueue;
  #failed: ChosenFile[] = [];

  constructor(run: Run, found: FoundFile[], around: Surroundings) {
    this.#run = run;
    this.#around = around;
    this.#chosen = found.map((one, at) => ({ ...one, position: at + 1 }));
    this.#queue = this.#newQueue();
    this.progress.append(
      element('div', { class: 'line' }, this.#title, this.#actions),
      this.#bar,
      element('div', { class: 'line' }, this.#numbers),
    );
  }

  async run(): Promise<void> {
    await this.#send(this.#chosen);
  }

  #newQueue(): UploadQueue {
    return new UploadQueue(this.#run, csrfToken(), {
      moved: () => this.#showProgress(),
      answered: (answer) => this.results.add(this.#rows(answer)),
      failed: (batch, sentence) => {
        this.#failed.push(...batch);
        this.results.add(batch.map((one) => ({ path: one.path, result: 'failed', sentence, remedy: 'Send it again; what arrived before is recognised.' })));
      },
    });
  }

  async #sendAgain(pressed: HTMLButtonElement): Promise<void> {
    pressed.disabled = true;
    this.#around.working(true);
    try {
      this.#run = await this.#around.reopen();
      this.#queue = this.#newQueue();
      this.#rate = new TransferRate();
      this.results.clear('failed');
      await this.#send(this.#failed.splice(0));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#title.textContent = `Nothing was sent again. ${error.message}`;
      pressed.disabled = false;
    } finally {
      this.#around.working(false);
    }
  }

  async #send(files: ChosenFile[]): Promise<void> {
    this.#title.textContent = 'Taking in files';
    this.#actions.replaceChildren(button('Cancel', 'btn-secondary btn-sm', () => this.#queue.cancel()));
    this.#showProgress();
    await this.#queue.send(files);
    await this.#finish();
  }

  async #finish(): Promise<void> {
    let closed = true;
    try {
      await closeRun(this.#run, csrfToken());
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      closed = false;
    }
    this.#showProgress();
    this.#title.textContent = this.#ending(closed);
    this.#actions.replaceChildren(element('a', { class: 'btn btn-secondary btn-sm', href: this.#run.urls.page }, 'Open this import'));
    const { linkUrl } = this.#around;
    if (linkUrl && this.results.count('indexed') + this.results.count('duplicate') > 0) {
      this.#actions.prepend(element('a', { class: 'btn btn-primary btn-sm', href: linkUrl }, 'Link images to a contrast study'));
    }
    if (this.#failed.length > 0 && !this.#queue.cancelled) {
      const again = button('Send again what was not sent', 'btn-primary btn-sm', () => void this.#sendAgain(again));
      this.#actions.prepend(again);
    }
  }

  #ending(closed: boolean): string {
    if (this.#queue.cancelled) return 'Cancelled. Files with a result are safe; the others can be sent again at any time.';
    if (this.#failed.length > 0) return `${this.#failed.length} ${this.#failed.length === 1 ? 'file was' : 'files were'} not sent. The others are safe.`;
    const refused = ['rejected', 'quarantined', 'conflict'].some((code) => this.results.count(code) > 0);
    const words = refused ? 'Done. Some files need your attention.' : 'Done. Every file is in.';
    return closed ? words : `${words} The server did not note the end of the import; the files are safe.`;
  }

  #showProgress(): void {
    const { files, bytes, settledFiles, sentBytes } = this.#queue;
    this.#rate.add(sentBytes, performance.now());
    this.#bar.value = bytes === 0 ? 0 : sentBytes / bytes;
    const rate = this.#rate.bytesPerSecond;
    const parts = [
      `${settledFiles.toLocaleString('en-GB')}/${files.toLocaleString('en-GB')} files`,
      `${megabytes(sentBytes)}/${megabytes(bytes)} MB`,
    ];
    if (rate && settledFiles < files) {
      parts.push(`${megabytes(rate)} MB/s`);
      parts.push(sentBytes < bytes ? timeLeft((bytes - sentBytes) / rate) : 'waiting for the last answers');
    }
    this.#numbers.textContent = parts.join(' · ');
  }

  #rows(answer: Answer): ResultRow[] {
    const path = (position: number) => this.#chosen[position - 1]?.path ?? `file ${position}`;
    const row = (file: FileResult): ResultRow => ({
      path: file.entry ? `${path(file.position)} › file ${file.entry}` : path(file.position),
      result: file.result,
      sentence: file.reason ?? '',
      remedy: file.remedy ?? '',
    });
    const ignored = answer.ignored.map((position) => ({
      path: path(position),
      result: 'ignored',
      sentence: 'A companion of the images, not an image itself.',
      remedy: '',
    }));
    return [...answer.files.map(row), ...ignored];
  }
}

function centresOf(text: string): Centre[] {
  if (text.startsWith('[')) return JSON.parse(text) as Centre[];
  return text.split(/\s+/).filter(Boolean).map((code) => ({ code, name: code }));
}

function picker(attributes: Record<string, boolean>): HTMLInputElement {
  return element('input', { type: 'file', hidden: true, tabindex: '-1', ...attributes });
}

function button(label: string, look: string, press: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: `btn ${look}` }, label);
  made.addEventListener('click', press);
  return made;
}

for (const host of document.querySelectorAll<HTMLElement>('[data-island="upload"]')) {
  new UploadPage(host);
}
