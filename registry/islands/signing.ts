/**
 * A form that signs, form[data-signs]: what is missing gets the focus instead of an answer from the
 * server, so that the images stay where they are. Mandatory answers come first, the password last.
 *
 * [data-to-questions] leads from the images to the first open question, Escape back to the images.
 */
import { firstMissing } from './missing_answers.ts';
import { controlsOf } from './form_values.ts';

export function startSigning(): void {
  // Before anybody who saves or sends what is complete.
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.hasAttribute('data-signs')) return;
      const missing = firstMissing(form);
      if (!missing) return;
      event.preventDefault();
      missing.focus();
    },
    { capture: true },
  );
  document.addEventListener('click', (event) => {
    if (!(event.target as Element).closest?.('[data-to-questions]')) return;
    const form = document.querySelector<HTMLFormElement>('form[data-signs]');
    if (form) (firstMissing(form) ?? firstShown(form))?.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    if (!(event.target as Element).closest?.('form[data-signs]')) return;
    const images = document.querySelector<HTMLElement>('[role="application"]');
    if (!images) return;
    event.preventDefault();
    images.focus();
  });
}

function firstShown(form: HTMLFormElement): HTMLElement | undefined {
  return controlsOf(form).find((one) => !one.disabled && one.checkVisibility());
}
