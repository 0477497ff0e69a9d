/**
 * Keyboard first: "/" search, "?" help, Ctrl+Enter submits, and one or two letters follow the link
 * or press the button that carries them, as in data-shortcut="g h". A chip that shows a key in its
 * <kbd> is chosen by that key; ⇧1 there is the digit with the shift key.
 */
const PREFIX_LASTS_MS = 1200;

export function startKeyboard(): void {
  let prefix = '';
  let prefixAt = 0;

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape') return escape(event);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return submit(event);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;

    if (event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('[data-search]');
      if (search === null) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === '?') {
      event.preventDefault();
      openHelp();
    } else {
      const now = Date.now();
      const pair = now - prefixAt < PREFIX_LASTS_MS ? `${prefix} ${event.key}` : '';
      const target = (pair && shortcut(pair)) || shortcut(event.key) || chip(digitOf(event) ?? event.key);
      if (target) {
        event.preventDefault();
        prefix = '';
        // Whoever scrolls the images goes on scrolling: arrow keys on a chip would change it.
        const scrolls = document.activeElement?.matches('[role="application"]');
        if (target instanceof HTMLInputElement && !scrolls) target.focus();
        target.click();
      } else {
        prefix = event.key;
        prefixAt = now;
      }
    }
  });

  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest?.('[data-help-open]')) openHelp();
  });
}

export function openHelp(): void {
  document.querySelector<HTMLDialogElement>('dialog#help')?.showModal();
}

function shortcut(keys: string): HTMLElement | null {
  const found = document.querySelectorAll<HTMLElement>(`[data-shortcut="${CSS.escape(keys)}"]`);
  return [...found].find((element) => element.checkVisibility()) ?? null;
}

/** A digit that was typed with the shift key where the layout does not need it for digits. */
function digitOf(event: KeyboardEvent): string | null {
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  return event.shiftKey && digit && !/^\d$/.test(event.key) ? `⇧${digit}` : null;
}

function chip(key: string): HTMLElement | null {
  const labels = document.querySelectorAll<HTMLElement>('.chips label:has(kbd)');
  const label = [...labels].find((one) => one.querySelector('kbd')?.textContent?.trim() === key);
  return label?.querySelector<HTMLInputElement>('input:enabled') ?? null;
}

/** Whether text is typed there. What has keys of its own takes them before they come here. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !['radio', 'checkbox', 'button', 'submit', 'range', 'file'].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function submit(event: KeyboardEvent): void {
  // From the images, too: the form that signs what they show.
  const signs = 'body:not(:has(dialog[open])) form[data-signs]';
  const form = (event.target as Element).closest?.('form') ?? document.querySelector<HTMLFormElement>(signs);
  if (!form || form.method === 'dialog') return;
  event.preventDefault();
  const button = form.querySelector<HTMLElement>('button[type="submit"], button:not([type])');
  form.requestSubmit(button);
}

/** Browsers empty a search box on Escape; here Escape closes things and never loses text. */
function escape(event: KeyboardEvent): void {
  const target = event.target;
  const menu = target instanceof Element ? target.closest('details[data-menu][open]') : null;
  if (menu) {
    menu.removeAttribute('open');
    menu.querySelector('summary')?.focus();
  } else if (target instanceof HTMLInputElement && target.type === 'search') {
    event.preventDefault();
    target.blur();
  }
}
