/** Filters that apply as they are changed: form[data-autosubmit]; the focus survives the reload. */
const KEY = 'autosubmit-focus';

export function startAutosubmit(): void {
  for (const button of document.querySelectorAll<HTMLElement>('[data-autosubmit-button]')) {
    button.hidden = true;
  }
  document.addEventListener('change', (event) => {
    const control = event.target as HTMLElement;
    const form = control.closest?.<HTMLFormElement>('form[data-autosubmit]');
    if (!form || !form.reportValidity()) return;
    try {
      sessionStorage.setItem(KEY, control.id);
    } catch {
      // Storage is switched off: the focus starts at the top again.
    }
    form.requestSubmit();
  });
  try {
    const id = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    if (id) document.getElementById(id)?.focus({ preventScroll: true });
  } catch {
    // As above.
  }
}
