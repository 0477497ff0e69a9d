/**
 * How many mandatory answers are missing, counted as one types and never nagged about.
 *
 * Mandatory is a control with `required`, or any inside [data-mandatory] (mandatory only while its
 * question is shown). Several controls of one name are one answer.
 */
import { controlsOf, valuesOf, type Control } from './form_values.ts';
import { translate } from './translate.ts';

/** A password is asked for like an answer, and is none. */
export function missingAnswers(form: ParentNode): number {
  return missingControls(form).filter((control) => control.type !== 'password').length;
}

/** The first control of the first mandatory answer that is missing. */
export function firstMissing(form: ParentNode): Control | undefined {
  return missingControls(form)[0];
}

/** The first control of each mandatory answer that is missing, in order. */
export function missingControls(form: ParentNode): Control[] {
  const asked = new Map<string, { first: Control; given: boolean }>();
  for (const control of controlsOf(form)) {
    const mandatory = control.required || control.closest('[data-mandatory]') !== null;
    if (!mandatory || control.disabled || control.type === 'hidden' || control.name === '') continue;
    const answer = asked.get(control.name) ?? { first: control, given: false };
    asked.set(control.name, { ...answer, given: answer.given || valuesOf(control).length > 0 });
  }
  return [...asked.values()].filter(({ given }) => !given).map(({ first }) => first);
}

export function missingSentence(count: number): string {
  if (count === 0) return translate('All mandatory answers are given');
  return count === 1 ? translate('1 mandatory answer missing') : translate('{count} mandatory answers missing', { count });
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
