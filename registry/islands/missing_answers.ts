/**
 * How many mandatory answers are missing, counted as one types and never nagged about.
 *
 * Mandatory is a control with `required`, or any inside [data-mandatory] (mandatory only while its
 * question is shown). Several controls of one name are one answer.
 */
import { controlsOf, valuesOf } from './form_values.ts';

export function missingAnswers(form: ParentNode): number {
  const answered = new Map<string, boolean>();
  for (const control of controlsOf(form)) {
    const mandatory = control.required || control.closest('[data-mandatory]') !== null;
    if (!mandatory || control.disabled || control.type === 'hidden' || control.name === '') continue;
    answered.set(control.name, (answered.get(control.name) ?? false) || valuesOf(control).length > 0);
  }
  return [...answered.values()].filter((given) => !given).length;
}

export function missingSentence(count: number): string {
  if (count === 0) return 'All mandatory answers are given';
  return count === 1 ? '1 mandatory answer missing' : `${count} mandatory answers missing`;
}

export function startMissingAnswers(): void {
  const refresh = () => {
    for (const place of document.querySelectorAll<HTMLElement>('[data-missing-count]')) {
      const form = place.closest('form');
      if (form === null) continue;
      const count = missingAnswers(form);
      const sentence = missingSentence(count);
      place.toggleAttribute('data-complete', count === 0);
      if (place.textContent !== sentence) place.textContent = sentence;
    }
  };
  for (const name of ['input', 'change', 'crescent:questions', 'crescent:content']) {
    document.addEventListener(name, refresh);
  }
  refresh();
}
