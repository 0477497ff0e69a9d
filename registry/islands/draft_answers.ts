/** Answers of a form as plain data: taken from it, put into it, compared question by question. */
import { controlsOf, type Control } from './form_values.ts';
import { translate } from './translate.ts';

/** A draft as the server keeps it: field name to the value, or the values chosen. */
export type Answers = Record<string, string | string[]>;

/** Of a question that was answered differently: its words, and both answers in words. */
export interface Difference {
  question: string;
  here: string;
  there: string;
}

/** Never kept: who has the draft must not have these. */
const NOT_KEPT = new Set(['password', 'confirmed', 'csrfmiddlewaretoken', 'draft']);
const MARKS = 'marks';

/** What a draft is made of: everything the form would send, less what is never kept. */
export function draftOf(form: HTMLFormElement): URLSearchParams {
  const kept = new URLSearchParams();
  const secret = new Set(controlsOf(form).filter(({ type }) => type === 'password').map(({ name }) => name));
  for (const [name, value] of new FormData(form)) {
    if (!NOT_KEPT.has(name) && !secret.has(name) && typeof value === 'string') kept.append(name, value);
  }
  return kept;
}

export function fill(form: HTMLFormElement, answers: Answers): void {
  for (const control of answerable(form)) {
    const values = valuesIn(answers, control.name);
    if (isChoice(control)) control.checked = values.includes(control.value);
    else control.value = values[0] ?? '';
  }
  // Questions that hang on answers appear now, and the count of missing answers is told.
  form.dispatchEvent(new Event('change', { bubbles: true }));
}

export function differences(form: HTMLFormElement, there: Answers): Difference[] {
  const draft = draftOf(form);
  const names = new Set(answerable(form).map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [mine, theirs] = [draft.getAll(name).filter(Boolean), valuesIn(there, name)];
    if ([...mine].sort().join('\n') === [...theirs].sort().join('\n')) return [];
    return [{ question: questionOf(form, name), here: wordsOf(form, name, mine), there: wordsOf(form, name, theirs) }];
  });
}

function answerable(form: HTMLFormElement): Control[] {
  return controlsOf(form).filter(
    ({ name, type }) => name !== '' && name !== MARKS && type !== 'hidden' && type !== 'submit' && type !== 'password' && !NOT_KEPT.has(name),
  );
}

function valuesIn(answers: Answers, name: string): string[] {
  const value = answers[name] ?? [];
  return (Array.isArray(value) ? value : [value]).filter((one) => one !== '');
}

function isChoice(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type);
}

function controlsNamed(form: HTMLFormElement, name: string): Control[] {
  return answerable(form).filter((control) => control.name === name);
}

function questionOf(form: HTMLFormElement, name: string): string {
  const [control] = controlsNamed(form, name);
  const legend = control?.closest('fieldset.field')?.querySelector('legend');
  return (legend ?? control?.labels?.[0])?.textContent?.trim() ?? name;
}

function wordsOf(form: HTMLFormElement, name: string, values: string[]): string {
  const controls = controlsNamed(form, name);
  const words = values.map((value) => {
    const chosen = controls.find((control) => isChoice(control) && control.value === value);
    if (chosen) return chosen.labels?.[0]?.querySelector('span')?.textContent?.trim() ?? value;
    const [control] = controls;
    if (!(control instanceof HTMLSelectElement)) return value;
    return [...control.options].find((option) => option.value === value)?.text ?? value;
  });
  return words.join(', ') || translate('no answer');
}
