/** Leaving a page with unsent answers asks first. Forms with data-unguarded hold nothing to lose. */
export function startUnsavedText(): void {
  const before = new WeakMap<HTMLFormElement, string>();
  const sent = new WeakSet<HTMLFormElement>();

  const remember = (form: HTMLFormElement) => {
    if (!before.has(form)) before.set(form, content(form));
  };
  // The first touch is early enough: nothing in the form has changed before it.
  for (const name of ['pointerdown', 'focusin', 'keydown', 'beforeinput']) {
    document.addEventListener(
      name,
      (event) => {
        const form = (event.target as Element).closest?.('form');
        if (form && isGuarded(form)) remember(form);
      },
      { capture: true },
    );
  }
  document.addEventListener('submit', (event) => {
    if (!event.defaultPrevented) sent.add(event.target as HTMLFormElement);
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.forms) sent.delete(form);
  });
  window.addEventListener('beforeunload', (event) => {
    const forms = [...document.forms].filter(isGuarded);
    // Whoever is sending one form has decided about the page.
    if (forms.some((form) => sent.has(form))) return;
    const unsent = forms.some((form) => {
      if (form.querySelector('[data-form-errors]')) return true;
      const then = before.get(form);
      return then !== undefined && then !== content(form);
    });
    if (unsent) event.preventDefault();
  });
}

function isGuarded(form: HTMLFormElement): boolean {
  return form.method === 'post' && !form.hasAttribute('data-unguarded');
}

function content(form: HTMLFormElement): string {
  const entries: string[][] = [];
  for (const [name, value] of new FormData(form)) {
    entries.push([name, typeof value === 'string' ? value : `${value.name} ${value.size}`]);
  }
  return JSON.stringify(entries);
}
