/**
 * A form that signs, form[data-signs]: what is missing says so and gets the focus instead of an answer
 * from the server, so that the images stay where they are. Mandatory answers come first, the password
 * last.
 *
 * [data-to-questions] leads from the images to the first open question, Escape back to the images.
 */
import { firstMissing, missingControls } from './missing_answers.ts';
import { controlsOf, type Control } from './form_values.ts';
import { translate } from './translate.ts';

export function startSigning(): void {
  // Before anybody who saves or sends what is complete.
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.hasAttribute('data-signs')) return;
      const missing = missingControls(form);
      if (missing.length === 0) return;
      event.preventDefault();
      // Who has answered everything is led to the password: that is the way, and no mistake.
      for (const one of missing) if (one.type !== 'password') sayMissing(one);
      missing[0]?.focus();
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

/** Beside the question, as the server would say it, until it is answered. */
function sayMissing(control: Control): void {
  const question = control.closest<HTMLElement>('.field');
  if (!question || question.querySelector('.error')) return;
  const words = document.createElement('div');
  words.className = 'error';
  words.id = `${control.id}_missing`;
  words.textContent = translate('Missing. Nothing was signed.');
  const described = control.getAttribute('aria-describedby');
  control.setAttribute('aria-describedby', described ? `${described} ${words.id}` : words.id);
  question.classList.add('has-error');
  question.append(words);
  question.addEventListener(
    'input',
    () => {
      words.remove();
      question.classList.remove('has-error');
    },
    { once: true },
  );
}

function firstShown(form: HTMLFormElement): HTMLElement | undefined {
  return controlsOf(form).find((one) => !one.disabled && one.checkVisibility());
}
