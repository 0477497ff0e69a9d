/** Short news of success, out of the way; errors stay where they are until they are dismissed. */
import { translate } from './translate.ts';

const SHOWN_MS = 8000;

export function startToasts(): void {
  for (const message of document.querySelectorAll<HTMLElement>('[data-toast]')) show(message);
  for (const message of document.querySelectorAll<HTMLElement>('.messages .message')) {
    addDismiss(message);
  }
}

export function toast(text: string, { level = 'success' }: { level?: string } = {}): void {
  const message = document.createElement('div');
  message.className = `message ${level}`;
  const words = document.createElement('p');
  words.textContent = text;
  message.append(words);
  show(message, { stays: level === 'error' });
}

function show(message: HTMLElement, { stays = false } = {}): void {
  let region = document.querySelector<HTMLElement>('.toasts');
  if (region === null) {
    region = document.createElement('div');
    region.className = 'toasts';
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  addDismiss(message);
  region.append(message);
  if (stays) return;
  const leave = () => {
    // Whoever is reading or about to press keeps the message.
    if (message.matches(':hover, :focus-within')) setTimeout(leave, SHOWN_MS);
    else message.remove();
  };
  setTimeout(leave, SHOWN_MS);
}

function addDismiss(message: HTMLElement): void {
  if (message.querySelector('.dismiss')) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'dismiss';
  button.setAttribute('aria-label', translate('Dismiss this message'));
  button.textContent = '×';
  button.addEventListener('click', () => message.remove());
  message.append(button);
}
