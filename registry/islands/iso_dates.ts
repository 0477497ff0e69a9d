/** Dates are ISO everywhere: input[data-iso-date] turns 20240305 or 2024.3.5 into 2024-03-05. */
export function isoDate(typed: string): string | null {
  const parts = /^\s*(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})\s*$/.exec(typed);
  if (parts === null) return null;
  const [, year, month, day] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 February would silently become 2 March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

export function startIsoDates(): void {
  document.addEventListener('change', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.matches('[data-iso-date]')) return;
    const date = isoDate(box.value);
    if (date !== null) box.value = date;
  });
}
