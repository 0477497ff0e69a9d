/**
 * A read is kept as a draft on every change, and what is typed is never lost.
 *
 * Where the draft cannot be saved the page says so, keeps everything and tries again: without a
 * connection, and after the session has ended and somebody signed in again in another tab. Where
 * another tab saved a version of its own, both are shown and the reader chooses.
 */
import { csrfToken } from './csrf.ts';
import { showConflict, type SavedElsewhere } from './draft_conflict.ts';
import { draftOf, fill, type Answers } from './draft_answers.ts';

const SAVED_AFTER_MS = 600;
const TRIED_AGAIN_AFTER_MS = [2_000, 5_000, 15_000];
/** More than this a browser does not send while a page closes. */
const LAST_WORDS_BYTES = 60_000;

interface ReadingData {
  draft_url: string | null;
  draft: { answers: Answers; marks: unknown; edition: number; saved: string } | null;
}

type Outcome =
  | { kind: 'saved'; saved: string; edition: number }
  | { kind: 'conflict'; there: SavedElsewhere }
  | { kind: 'signed_out' | 'unreachable' }
  | { kind: 'refused'; words: string };

const WORDS = {
  unreachable: 'Not saved: the server cannot be reached. Everything stays here and is tried again.',
  signed_out: 'Not saved: your session has ended. Everything stays here and is saved once you have signed in again',
  refused: 'Not saved: this read is signed, or is not yours any more. Copy what you want to keep.',
} as const;

export function startDraft(): void {
  const text = document.getElementById('reading-data')?.textContent;
  const form = document.querySelector<HTMLInputElement>('form input[name="marks"]')?.form;
  if (!text || !form) return;
  const { draft_url, draft } = JSON.parse(text) as ReadingData;
  if (draft_url !== null) new Draft(form, draft_url, draft).start();
}

class Draft {
  readonly #form: HTMLFormElement;
  readonly #url: string;
  readonly #words = document.createElement('span');
  #edition: number;
  /** What the server has; null where nobody knows. */
  #kept: string | null;
  #waiting = 0;
  #tries = 0;
  #isSaving: Promise<void> | null = null;
  #isChoosing = false;
  /** Who only looked leaves no draft. */
  #isBegun: boolean;
  /** What is signed is not saved as a draft any more. */
  #isSent = false;

  constructor(form: HTMLFormElement, url: string, draft: ReadingData['draft']) {
    this.#form = form;
    this.#url = url;
    this.#edition = draft?.edition ?? 0;
    this.#isBegun = draft !== null;
    // A form that came back with mistakes holds what was sent, which is newer than the draft.
    const isSentBack = form.querySelector('[data-form-errors]') !== null;
    if (draft && !isSentBack) {
      fill(form, draft.answers);
      replaceMarks(form, draft.marks);
    }
    this.#kept = isSentBack ? null : this.#now();
    this.#words.className = 'draft-state';
    this.#words.setAttribute('role', 'status');
    if (draft) this.#words.textContent = `saved ${draft.saved}`;
  }

  start(): void {
    const form = this.#form;
    (form.querySelector('.form-actions') ?? form).append(this.#words);
    for (const name of ['input', 'change']) {
      form.addEventListener(name, () => {
        this.#isBegun = true;
        this.#soon();
      });
    }
    form.addEventListener('submit', (event) => this.#beforeSigning(event));
    window.addEventListener('online', () => this.#soon(0));
    window.addEventListener('focus', () => this.#soon(0));
    window.addEventListener('pagehide', () => this.#lastWords());
    if (this.#kept === null) {
      this.#isBegun = true;
      this.#soon(0);
    }
  }

  #now(): string {
    return draftOf(this.#form).toString();
  }

  get #isKept(): boolean {
    return this.#kept === this.#now();
  }

  #soon(after_ms = SAVED_AFTER_MS): void {
    // Whoever leaves a page that is saved is asked nothing.
    this.#form.toggleAttribute('data-unguarded', this.#isKept);
    clearTimeout(this.#waiting);
    if (this.#isKept || this.#isChoosing || !this.#isBegun) return;
    this.#waiting = window.setTimeout(() => void this.#save(), after_ms);
  }

  /** Save what there is now; one request at a time. */
  async #save(): Promise<void> {
    while (this.#isSaving) await this.#isSaving;
    if (this.#isKept || this.#isChoosing) return;
    this.#isSaving = this.#send(this.#now()).finally(() => (this.#isSaving = null));
    await this.#isSaving;
  }

  async #send(content: string): Promise<void> {
    const outcome = await sent(this.#url, content, this.#edition);
    if (outcome.kind === 'saved') {
      this.#kept = content;
      this.#edition = outcome.edition;
      this.#tries = 0;
      this.#words.textContent = `saved ${outcome.saved}`;
      // Whoever signed in again has another token than the page was made with.
      const token = this.#form.querySelector<HTMLInputElement>('[name="csrfmiddlewaretoken"]');
      if (token) token.value = csrfToken();
      this.#soon();
    } else if (outcome.kind === 'conflict') this.#choose(outcome.there);
    else if (outcome.kind === 'refused') this.#words.textContent = outcome.words;
    else this.#again(outcome.kind);
  }

  #again(why: 'signed_out' | 'unreachable'): void {
    this.#words.textContent = WORDS[why];
    if (why === 'signed_out') this.#words.append(' ', signInLink(), '.');
    const last = TRIED_AGAIN_AFTER_MS.length - 1;
    this.#soon(TRIED_AGAIN_AFTER_MS[Math.min(this.#tries, last)]);
    this.#tries += 1;
  }

  #choose(there: SavedElsewhere): void {
    this.#isChoosing = true;
    this.#words.textContent = 'Not saved: another window has saved this read.';
    showConflict(this.#form, there, (isMine) => {
      this.#isChoosing = false;
      this.#edition = there.edition;
      this.#kept = null;
      if (!isMine) {
        fill(this.#form, there.answers);
        replaceMarks(this.#form, there.marks);
      }
      this.#soon(0);
    });
  }

  /** Signing sends the page away: what is not saved yet is saved first, or it stays. */
  #beforeSigning(event: SubmitEvent): void {
    if (event.defaultPrevented) return;
    this.#isSent = this.#isKept;
    if (this.#isSent) return;
    event.preventDefault();
    void this.#save().then(() => {
      if (this.#isKept) this.#form.requestSubmit(event.submitter as HTMLElement | null);
    });
  }

  #lastWords(): void {
    if (this.#isKept || this.#isChoosing || this.#isSent || !this.#isBegun) return;
    const content = this.#now();
    if (content.length < LAST_WORDS_BYTES) void sent(this.#url, content, this.#edition, { keepalive: true });
  }
}

async function sent(url: string, content: string, edition: number, how: RequestInit = {}): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      // A redirect leads to the sign-in page, which must not pass for a draft that was saved.
      redirect: 'manual',
      headers: { 'X-CSRFToken': csrfToken(), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `${content}&edition=${edition}`,
      ...how,
    });
    if (response.type === 'opaqueredirect') return { kind: 'signed_out' };
    if (response.ok) return { kind: 'saved', ...((await response.json()) as { saved: string; edition: number }) };
    if (response.status === 409) return { kind: 'conflict', there: (await response.json()) as SavedElsewhere };
    if (response.status >= 500) return { kind: 'unreachable' };
    return { kind: 'refused', words: await refusal(response) };
  } catch {
    return { kind: 'unreachable' };
  }
}

async function refusal(response: Response): Promise<string> {
  const said = response.headers.get('Content-Type')?.startsWith('application/json')
    ? ((await response.json()) as { error?: unknown }).error
    : null;
  return typeof said === 'string' ? `Not saved: ${said}` : WORDS.refused;
}

/** The viewer, where it is there already, shows these from now on. */
function replaceMarks(form: HTMLFormElement, marks: unknown): void {
  const field = form.querySelector<HTMLInputElement>('input[name="marks"]');
  if (!field) return;
  field.value = JSON.stringify(marks);
  field.dispatchEvent(new Event('crescent:marks'));
}

function signInLink(): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = '/sign-in/';
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = 'in another tab';
  return link;
}
