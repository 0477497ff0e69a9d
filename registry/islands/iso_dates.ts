/**
 * Dates are ISO everywhere: input[data-iso-date] turns 20240305 or 2024.3.5 into 2024-03-05, and
 * "t" into today.
 */
export function isoDate(typed: string, now: Date): string | null {
  if (/^\s*t(oday)?\s*$/i.test(typed)) return isoOf(now);
  const parts = /^\s*(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})\s*$/.exec(typed);
  if (parts === null) return null;
  const [, year, month, day] = parts.map(Number);
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 February would silently become 2 March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** The day where the person sits, not the one in Greenwich. */
function isoOf(now: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function startIsoDates(): void {
  document.addEventListener('change', (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.matches('[data-iso-date]')) write(box);
  });
  // Ctrl+Enter submits before the box it was pressed in says that it changed.
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement;
      form.querySelectorAll<HTMLInputElement>('input[data-iso-date]').forEach(write);
    },
    { capture: true },
  );
}

function write(box: HTMLInputElement): void {
  const date = isoDate(box.value, new Date());
  if (date !== null) box.value = date;
}
