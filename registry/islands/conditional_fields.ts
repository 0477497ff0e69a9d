/**
 * Questions that only some answers raise: data-show-when="outcome=completed|stopped_other".
 *
 * Several conditions are joined by "&"; "field!=value" is the opposite and holds for no answer too.
 * Inside a formset row the bare field name means the field of that row. What is hidden is disabled,
 * so it is not submitted; what was typed comes back when the question does.
 */
import { controlsOf, valuesOf, type Control } from './form_values.ts';

export interface Condition {
  field: string;
  values: string[];
  negated: boolean;
}

export function parseConditions(text: string): Condition[] {
  return text.split('&').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw new Error(`data-show-when needs field=value, not "${part}"`);
    const negated = part[at - 1] === '!';
    return {
      field: part.slice(0, negated ? at - 1 : at).trim(),
      values: part.slice(at + 1).split('|').map((value) => value.trim()),
      negated,
    };
  });
}

export function holds(conditions: Condition[], answers: (field: string) => string[]): boolean {
  return conditions.every(({ field, values, negated }) => {
    const hit = answers(field).some((answer) => values.includes(answer));
    return hit !== negated;
  });
}

export function startConditionalFields(): void {
  const refresh = () => {
    // A question may hang on one that has just appeared, so the answers are asked until they rest.
    for (let round = 0; round < 4 && refreshOnce(); round += 1);
  };
  document.addEventListener('input', refresh);
  document.addEventListener('change', refresh);
  document.addEventListener('crescent:content', refresh);
  window.addEventListener('pageshow', refresh);
  refresh();
}

function refreshOnce(): boolean {
  let changed = false;
  for (const block of document.querySelectorAll<HTMLElement>('[data-show-when]')) {
    const conditions = parseConditions(block.dataset['showWhen'] ?? '');
    const hide = !holds(conditions, (field) => answersFor(block, field));
    if (block.hidden !== hide) {
      block.hidden = hide;
      changed = true;
    }
    for (const control of controlsOf(block)) {
      const hidden = control.closest('[data-show-when][hidden]') !== null;
      if (hidden && !control.disabled) {
        control.disabled = true;
        control.dataset['hiddenQuestion'] = '';
        changed = true;
      } else if (!hidden && 'hiddenQuestion' in control.dataset) {
        control.disabled = false;
        delete control.dataset['hiddenQuestion'];
        changed = true;
      }
    }
  }
  if (changed) document.dispatchEvent(new CustomEvent('crescent:questions'));
  return changed;
}

function answersFor(block: HTMLElement, field: string): string[] {
  const row = block.closest('.formset-row');
  const form = block.closest('form') ?? document;
  const named = (root: ParentNode, matches: (name: string) => boolean): Control[] =>
    controlsOf(root).filter((control) => matches(control.name));
  const inRow = row ? named(row, (name) => name.endsWith(`-${field}`)) : [];
  const controls = inRow.length > 0 ? inRow : named(form, (name) => name === field);
  return controls.flatMap(valuesOf);
}
