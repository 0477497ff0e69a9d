/**
 * Rows one can add and take back, over a Django formset with can_delete.
 *
 * [data-formset="PREFIX"] holds the management form, [data-formset-rows], a
 * <template data-formset-template> of the empty form and a button [data-formset-add].
 */
import { translate } from './translate.ts';

export function startFormsets(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as Element;
    const add = target.closest?.('[data-formset-add]');
    if (add) addRow(add.closest<HTMLElement>('[data-formset]'));
    const remove = target.closest?.<HTMLButtonElement>('[data-formset-remove]');
    if (remove) toggleRow(remove);
  });
  const dress = () => document.querySelectorAll<HTMLElement>('.formset-row').forEach(addRemoveButton);
  document.addEventListener('crescent:content', dress);
  dress();
}

function addRow(formset: HTMLElement | null): void {
  const prefix = formset?.dataset['formset'];
  const rows = formset?.querySelector('[data-formset-rows]');
  const template = formset?.querySelector<HTMLTemplateElement>('[data-formset-template]');
  const total = formset?.querySelector<HTMLInputElement>(`[name="${prefix}-TOTAL_FORMS"]`);
  if (!rows || !template || !total) return;
  const holder = document.createElement('template');
  holder.innerHTML = template.innerHTML.replaceAll('__prefix__', total.value);
  total.value = String(Number(total.value) + 1);
  rows.append(holder.content);
  const row = rows.lastElementChild as HTMLElement;
  document.dispatchEvent(new CustomEvent('crescent:content'));
  row.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea')?.focus();
}

function addRemoveButton(row: HTMLElement): void {
  const box = row.querySelector<HTMLInputElement>('input[name$="-DELETE"]');
  if (!box || row.querySelector('[data-formset-remove]')) return;
  const place = box.closest<HTMLElement>('.field, .check') ?? box;
  place.hidden = true;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-quiet btn-sm';
  button.setAttribute('data-formset-remove', '');
  place.after(button);
  showRemoved(row, box, button);
}

function toggleRow(button: HTMLButtonElement): void {
  const row = button.closest<HTMLElement>('.formset-row');
  const box = row?.querySelector<HTMLInputElement>('input[name$="-DELETE"]');
  if (!row || !box) return;
  box.checked = !box.checked;
  showRemoved(row, box, button);
}

function showRemoved(row: HTMLElement, box: HTMLInputElement, button: HTMLButtonElement): void {
  row.toggleAttribute('data-removed', box.checked);
  button.textContent = box.checked ? translate('Keep this row after all') : translate('Remove this row');
}
