/**
 * A session that is about to end says so in time, and whoever is there stays signed in.
 *
 * [data-session] holds the address that tells and prolongs, and the seconds left when the page was
 * made. Another tab may have prolonged it since, so the address is asked before anything is said.
 */
import { csrfToken } from './csrf.ts';
import { translate } from './translate.ts';

const WARNED_BEFORE_SECONDS = 10 * 60;
/** Longer than this a timer of the browser overflows; nothing of ours lasts as long. */
const MOST_SECONDS = 24 * 24 * 3600;

export function startSessionEnd(): void {
  const place = document.querySelector<HTMLElement>('[data-session]');
  const url = place?.dataset['session'];
  if (place && url) new SessionEnd(url).expectEnd(Number(place.dataset['secondsLeft']));
}

class SessionEnd {
  readonly #url: string;
  readonly #message = document.createElement('section');
  #waiting = 0;

  constructor(url: string) {
    this.#url = url;
    this.#message.className = 'message warning session-end no-print';
    this.#message.setAttribute('role', 'alert');
    // A sleeping computer runs no timers.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.#ask();
    });
  }

  expectEnd(secondsLeft: number): void {
    clearTimeout(this.#waiting);
    if (!(secondsLeft > 0)) return this.#ended();
    document.documentElement.removeAttribute('data-session-ended');
    const isClose = secondsLeft <= WARNED_BEFORE_SECONDS;
    if (isClose) this.#warn(secondsLeft);
    else this.#message.remove();
    const seconds = isClose ? Math.min(secondsLeft, 60) : secondsLeft - WARNED_BEFORE_SECONDS;
    this.#waiting = window.setTimeout(() => void this.#ask(), 1000 * Math.min(seconds, MOST_SECONDS));
  }

  async #ask(how: RequestInit = {}): Promise<void> {
    try {
      const response = await fetch(this.#url, { redirect: 'manual', ...how });
      if (response.type === 'opaqueredirect') return this.expectEnd(0);
      if (!response.ok) return;
      const { seconds_left } = (await response.json()) as { seconds_left: number };
      this.expectEnd(seconds_left);
    } catch {
      // Without a connection nobody knows; the next look at the page asks again.
    }
  }

  #warn(secondsLeft: number): void {
    const minutes = Math.max(1, Math.round(secondsLeft / 60));
    const words =
      minutes === 1
        ? translate('Your session ends in a minute. What you typed is kept.')
        : translate('Your session ends in {minutes} minutes. What you typed is kept.', { minutes });
    const stay = document.createElement('button');
    stay.type = 'button';
    stay.className = 'btn btn-secondary btn-sm';
    stay.textContent = translate('Stay signed in');
    stay.addEventListener('click', () => void this.#ask({ method: 'POST', headers: { 'X-CSRFToken': csrfToken() } }));
    this.#say(words, stay);
  }

  #ended(): void {
    document.documentElement.setAttribute('data-session-ended', '');
    const link = document.createElement('a');
    link.href = '/sign-in/';
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = translate('Sign in in another tab');
    this.#say(translate('Your session has ended. What you typed stays on this page and can be sent after you have signed in.'), link);
  }

  #say(words: string, way: HTMLElement): void {
    const sentence = document.createElement('p');
    sentence.textContent = words;
    // Said once: a screen reader is not interrupted each minute, and the focus stays.
    const isSaid = this.#message.isConnected && this.#message.lastElementChild?.textContent === way.textContent;
    if (isSaid) this.#message.firstElementChild?.replaceWith(sentence);
    else this.#message.replaceChildren(sentence, way);
    if (!this.#message.isConnected) document.querySelector('main')?.before(this.#message);
  }
}
