/** One delivery on the page: progress, answers, what failed, how it ends. */
import { csrfToken } from '../../registry/islands/csrf.ts';
import { button, element } from './elements.ts';
import { megabytes, timeLeft, TransferRate } from './transfer_rate.ts';
import type { ChosenFile } from './upload_batches.ts';
import { UploadQueue } from './upload_queue.ts';
import { closeRun, RequestError, RunDoor, type Answer, type FileResult, type Run, type RunState } from './upload_requests.ts';
import { UploadResults, type ResultRow } from './upload_results.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface Surroundings {
  linkUrl: string | undefined;
  working(busy: boolean): void;
  /** The run is closed: nothing of it needs to be remembered. */
  closed(): void;
}

export interface Selection {
  /** Every file that was chosen now, with its place. */
  chosen: ChosenFile[];
  /** Those of them that are answered already. */
  answered: Set<number>;
  /** Places of the import whose file was not chosen this time. */
  missing: number[];
  /** What an interrupted delivery had answered already. */
  before: RunState | null;
}

export class Delivery {
  readonly results = new UploadResults();
  readonly progress = element('section', { class: 'import-progress', 'aria-label': translate('Progress') });
  readonly #bar = element('progress', { max: '1', value: '0', 'aria-label': translate('Bytes sent') });
  readonly #title = element('strong', { role: 'status' });
  readonly #numbers = element('span', { class: 'number' });
  readonly #actions = element('span', { class: 'actions' });
  readonly #around: Surroundings;
  readonly #run: Run;
  readonly #missing: number[];
  #settled_before = 0;
  readonly #paths: Map<number, string>;
  readonly #answered = new Set<string>();
  #rate = new TransferRate();
  #queue: UploadQueue;
  #failed: ChosenFile[];

  constructor(run: Run, { chosen, answered, missing, before }: Selection, around: Surroundings) {
    this.#run = run;
    this.#around = around;
    this.#missing = missing;
    this.#paths = new Map(chosen.map((one) => [one.position, one.path]));
    this.#failed = chosen.filter((one) => !answered.has(one.position));
    this.#queue = this.#newQueue();
    this.progress.append(
      element('div', { class: 'line' }, this.#title, this.#actions),
      this.#bar,
      element('div', { class: 'line' }, this.#numbers),
    );
    if (before) this.#showBefore(before);
  }

  /** Send everything, or again what was not sent. */
  async send(): Promise<void> {
    this.#around.working(true);
    const files = this.#failed.splice(0);
    this.results.clear('failed');
    this.#settled_before = this.#paths.size - files.length;
    this.#queue = this.#newQueue();
    this.#rate = new TransferRate();
    this.#title.textContent = translate('Taking in files');
    this.#actions.replaceChildren(button(translate('Cancel'), 'btn-secondary btn-sm', () => this.#queue.cancel()));
    this.#showProgress();
    try {
      await this.#queue.send(files);
      await this.#end();
    } finally {
      this.#around.working(false);
    }
  }

  #newQueue(): UploadQueue {
    return new UploadQueue(new RunDoor(this.#run, csrfToken()), {
      moved: () => this.#showProgress(),
      answered: (answer) => this.results.add(this.#rows(answer)),
      failed: (batch, sentence) => {
        this.#failed.push(...batch);
        this.results.add(batch.map((one) => ({ path: one.path, result: 'failed', sentence, remedy: translate('Send it again; what arrived before is recognised.') })));
      },
    });
  }

  #showBefore(before: RunState): void {
    const refused: Record<string, number> = {};
    for (const file of before.refused) refused[file.result] = (refused[file.result] ?? 0) + 1;
    const counts = Object.entries(before.counts).map(([code, files]) => [code, files - (refused[code] ?? 0)]);
    this.results.addEarlier(Object.fromEntries(counts) as Record<string, number>);
    this.results.add(this.#rows({ files: before.refused, ignored: [] }));
  }

  async #end(): Promise<void> {
    const complete = this.#failed.length === 0 && this.#missing.length === 0;
    // What failed may be sent again as a part of the same import, which stays open for it.
    if (complete || this.#queue.cancelled) await this.#close();
    else this.#offerRest();
  }

  async #close(): Promise<void> {
    let patients = 0;
    let closed = true;
    try {
      ({ patients } = await closeRun(this.#run, csrfToken()));
      this.#around.closed();
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      closed = false;
    }
    this.#showProgress();
    const asks = patients > 1;
    this.#title.textContent = asks ? translate('{patients} patients arrived: answer before linking.', { patients }) : this.#ending(closed);
    this.#actions.replaceChildren();
    const { linkUrl } = this.#around;
    const taken_in = this.results.count('indexed') + this.results.count('duplicate');
    if (linkUrl && taken_in > 0 && !asks && !this.#queue.cancelled) {
      this.#actions.append(element('a', { class: 'btn btn-primary btn-sm', href: linkUrl }, translate('Link images to a contrast study')));
    }
    this.#actions.append(
      element('a', { class: `btn ${asks ? 'btn-primary' : 'btn-secondary'} btn-sm`, href: this.#run.urls.page }, asks ? translate('Answer on the page of this import') : translate('Open this import')),
    );
  }

  #offerRest(): void {
    this.#showProgress();
    const failed = this.#failed.length;
    const missing = this.#missing.length;
    const sentences = [
      failed > 0 ? translate('{files} not sent.', { files: files(failed) }) : '',
      missing > 0 ? translate('{files} of this import not among those you chose.', { files: files(missing) }) : '',
      translate('The others are safe.'),
    ];
    this.#title.textContent = sentences.filter(Boolean).join(' ');
    const close = button(translate('Close this import'), 'btn-secondary btn-sm', () => {
      close.disabled = true;
      void this.#close();
    });
    this.#actions.replaceChildren(close);
    if (failed > 0) {
      const again = button(translate('Send again what was not sent'), 'btn-primary btn-sm', () => {
        if (again.disabled) return;
        again.disabled = true;
        void this.send();
      });
      this.#actions.prepend(again);
    }
  }

  #ending(closed: boolean): string {
    if (this.#queue.cancelled) return translate('Cancelled. Files with a result are safe; the others can be sent again at any time.');
    if (this.#missing.length + this.#failed.length > 0) return translate('Closed. Files with a result are safe; the others can be sent again at any time.');
    const refused = ['rejected', 'quarantined', 'conflict'].some((code) => this.results.count(code) > 0);
    const words = refused ? translate('Done. Some files need your attention.') : translate('Done. Every file is in.');
    return closed ? words : translate('{words} The server did not note the end of the import; the files are safe.', { words });
  }

  #showProgress(): void {
    const { bytes, sentBytes } = this.#queue;
    const all = this.#queue.files + this.#settled_before;
    const settledFiles = this.#queue.settledFiles + this.#settled_before;
    this.#rate.add(sentBytes, performance.now());
    this.#bar.value = bytes === 0 ? 1 : sentBytes / bytes;
    const rate = this.#rate.bytesPerSecond;
    const parts = [translate('{settled}/{all} files', { settled: settledFiles.toLocaleString('en-GB'), all: all.toLocaleString('en-GB') }), `${megabytes(sentBytes)}/${megabytes(bytes)} MB`];
    if (rate && settledFiles < all && sentBytes < bytes) parts.push(`${megabytes(rate)} MB/s`, timeLeft((bytes - sentBytes) / rate));
    else if (settledFiles < all && bytes > 0 && sentBytes >= bytes) parts.push(translate('sent; {answered} answered so far', { answered: this.results.total.toLocaleString('en-GB') }));
    this.#numbers.textContent = parts.join(' · ');
  }

  #rows(answer: Answer): ResultRow[] {
    const path = (position: number) => this.#paths.get(position) ?? translate('file {position}', { position });
    const row = (file: FileResult): ResultRow => ({
      path: file.entry ? `${path(file.position)} › ${translate('file {position}', { position: file.entry })}` : path(file.position),
      result: file.result,
      sentence: file.reason ?? '',
      remedy: file.remedy ?? '',
    });
    const ignored = answer.ignored.map((position) => ({
      path: path(position),
      result: 'ignored',
      sentence: translate('A companion of the images, not an image itself.'),
      remedy: '',
    }));
    return [...answer.files.filter((file) => this.#isNew(file)).map(row), ...ignored];
  }

  /** A file that is answered again after a lost connection is listed once. */
  #isNew(file: FileResult): boolean {
    const place = `${file.position}.${file.entry ?? 0}`;
    const isNew = !this.#answered.has(place);
    this.#answered.add(place);
    return isNew;
  }
}

function files(count: number): string {
  return count === 1 ? translate('1 file was') : translate('{count} files were', { count: count.toLocaleString('en-GB') });
}
