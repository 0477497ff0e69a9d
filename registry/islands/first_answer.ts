/** The first answer of form[data-first-answer] has the focus, so that typing can begin at once. */
export function startFirstAnswer(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-first-answer]');
  // Whoever comes back to a place on the page, or is told of a mistake, stays there.
  if (!form || location.hash !== '' || document.activeElement !== document.body) return;
  const answers = form.querySelectorAll<HTMLElement>('input:enabled, select:enabled, textarea:enabled');
  const first = [...answers].find((one) => one.checkVisibility() && !one.matches('[type="hidden"]'));
  // As with Tab: among radio buttons the chosen one.
  const chosen =
    first instanceof HTMLInputElement && first.type === 'radio'
      ? form.querySelector<HTMLElement>(`input:checked[name="${CSS.escape(first.name)}"]`)
      : null;
  (chosen ?? first)?.focus({ preventScroll: true });
}
