/**
 * A form is kept as a draft on every change, and what is typed is never lost.
 *
 * Where the draft cannot be saved the page says so, keeps everything and tries again: without a
 * connection, and after the session has ended and somebody signed in again in another tab. Where
 * another tab saved a version of its own, both are shown and the person chooses.
 */
import { csrfToken } from './csrf.ts';
import { showConflict, type SavedElsewhere } from './draft_conflict.ts';
import { draftOf } from './draft_answers.ts';
import { translate } from './translate.ts';

const SAVED_AFTER_MS = 600;
const TRIED_AGAIN_AFTER_MS = [2_000, 5_000, 15_000];
/** More than this a browser does not send while a page closes. */
const LAST_WORDS_BYTES = 60_000;

/** What the drafts of a kind of form differ in. */
export interface Kind {
  /** Where the draft of this form is kept, and with which edition and time it was kept last. */
  url: string;
  kept: { edition: number; saved: string } | null;
  /** Sent along with the answers. */
  around: Record<string, string>;
  /** The name of the field that says which edition the page knows. */
  editionName: string;
  /** What it is called in sentences: "read", "form". */
  noun: string;
  refused: string;
  /** Whether the form may be sent though no draft of it is taken. */
  isSentWhenRefused: boolean;
  /** Put the other version into the form. */
  take(there: SavedElsewhere): void;
}

type Outcome =
  | { kind: 'saved'; saved: string; edition: number }
  | { kind: 'conflict'; there: SavedElsewhere }
  | { kind: 'signed_out' | 'unreachable' }
  | { kind: 'refused'; words: string };

const WORDS = {
  unreachable: translate('Not saved: the server cannot be reached. Everything stays here and is tried again.'),
  signed_out: translate('Not saved: your session has ended. Everything stays here and is saved once you have signed in again'),
} as const;

export class Draft {
  readonly #form: HTMLFormElement;
  readonly #kind: Kind;
  #url: string;
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
  /** What is sent is not saved as a draft any more. */
  #isSent = false;
  #isRefused = false;

  constructor(form: HTMLFormElement, kind: Kind) {
    this.#form = form;
    this.#kind = kind;
    this.#url = kind.url;
    this.#edition = kind.kept?.edition ?? 0;
    this.#isBegun = kind.kept !== null;
    // A form that came back with mistakes holds what was sent, which is newer than the draft.
    const isSentBack = form.querySelector('[data-form-errors]') !== null;
    this.#kept = isSentBack ? null : this.#now();
    this.#words.className = 'draft-state';
    this.#words.setAttribute('role', 'status');
    if (kind.kept?.saved) this.#words.textContent = savedAt(kind.kept.saved);
  }

  /** Go on with a draft of another opening of the form, which has been filled in. */
  adopt(url: string, edition: number, saved: string): void {
    this.#url = url;
    this.#edition = edition;
    this.#isBegun = true;
    this.#kept = this.#now();
    this.#words.textContent = savedAt(saved);
    this.#soon();
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
    form.addEventListener('submit', (event) => this.#beforeSending(event));
    window.addEventListener('online', () => this.#soon(0));
    window.addEventListener('focus', () => this.#soon(0));
    window.addEventListener('pagehide', () => this.#lastWords());
    window.addEventListener('pageshow', () => (this.#isSent = false));
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
    if (this.#isKept || this.#isChoosing || this.#isSent || !this.#isBegun) return;
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
    const outcome = await this.#sendTo(content);
    this.#isRefused = false;
    if (outcome.kind === 'saved') {
      document.documentElement.removeAttribute('data-session-ended');
      this.#kept = content;
      this.#edition = outcome.edition;
      this.#tries = 0;
      this.#words.textContent = savedAt(outcome.saved);
      // Whoever signed in again has another token than the page was made with.
      const token = this.#form.querySelector<HTMLInputElement>('[name="csrfmiddlewaretoken"]');
      if (token) token.value = csrfToken();
      this.#soon();
    } else if (outcome.kind === 'conflict') this.#choose(outcome.there);
    else if (outcome.kind === 'refused') {
      this.#isRefused = true;
      this.#words.textContent = translate('Not saved: {refused}', { refused: outcome.words || this.#kind.refused });
    } else this.#again(outcome.kind);
  }

  #sendTo(content: string, how: RequestInit = {}): Promise<Outcome> {
    const around = new URLSearchParams({ ...this.#kind.around, [this.#kind.editionName]: String(this.#edition) });
    return sent(this.#url, `${content}&${around}`, how);
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
    this.#words.textContent = translate('Not saved: another window has saved this {noun}.', { noun: this.#kind.noun });
    showConflict(this.#form, there, this.#kind.noun, (isMine) => {
      this.#isChoosing = false;
      this.#edition = there.edition;
      this.#kept = null;
      if (!isMine) this.#kind.take(there);
      this.#soon(0);
    });
  }

  /** Sending leaves the page: what is not saved yet is saved first, or the page stays. */
  #beforeSending(event: SubmitEvent): void {
    if (event.defaultPrevented) return;
    // What was kept in a session that is over is asked for once more: it says where to sign in.
    if (document.documentElement.hasAttribute('data-session-ended')) this.#kept = null;
    this.#isSent = this.#mayBeSent;
    if (this.#isSent) return;
    event.preventDefault();
    this.#isBegun = true;
    void this.#save().then(() => {
      if (this.#mayBeSent) this.#form.requestSubmit(event.submitter as HTMLElement | null);
    });
  }

  get #mayBeSent(): boolean {
    return this.#isKept || (this.#isRefused && this.#kind.isSentWhenRefused);
  }

  #lastWords(): void {
    if (this.#isKept || this.#isChoosing || this.#isSent || !this.#isBegun) return;
    const content = this.#now();
    if (content.length < LAST_WORDS_BYTES) void this.#sendTo(content, { keepalive: true });
  }
}

function savedAt(saved: string): string {
  return translate('saved {saved}', { saved });
}

async function sent(url: string, body: string, how: RequestInit = {}): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      // A redirect leads to the sign-in page, which must not pass for a draft that was saved.
      redirect: 'manual',
      headers: { 'X-CSRFToken': csrfToken(), 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
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
  return typeof said === 'string' ? said : '';
}

function signInLink(): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = '/sign-in/';
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = translate('in another tab');
  return link;
}
