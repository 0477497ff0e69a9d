/** Reading a form as the person left it. */
export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export function controlsOf(root: ParentNode): Control[] {
  return [...root.querySelectorAll<Control>('input, select, textarea')];
}

/** Values that one control would submit now; none when it is disabled or not chosen. */
export function valuesOf(control: Control): string[] {
  if (control.disabled) return [];
  if (control instanceof HTMLSelectElement) {
    return [...control.selectedOptions].map((option) => option.value).filter((value) => value !== '');
  }
  if (control instanceof HTMLInputElement && ['radio', 'checkbox'].includes(control.type)) {
    return control.checked ? [control.value] : [];
  }
  return control.value.trim() === '' ? [] : [control.value.trim()];
}
