/**
 * The timeline of a patient: what is under the pointer in words, and the keyboard.
 *
 * [data-timeline-drawing] can be focused: arrow keys go from mark to mark, Enter opens the one that
 * is shown, and the keys of the zoom links (+, -, [ and ]) follow them. Without script the links and
 * the table below say the same.
 */
const NEAR_PX = 14;

export function startTimeline(): void {
  document.addEventListener('pointermove', (event) => {
    const drawing = (event.target as Element).closest?.<HTMLElement>('[data-timeline-drawing]');
    if (drawing) show(drawing, nearest(drawing, event.clientX, event.clientY));
  });
  document.addEventListener('focusin', (event) => {
    const target = event.target as Element;
    const drawing = target.closest?.<HTMLElement>('[data-timeline-drawing]');
    if (drawing && target !== drawing) show(drawing, target.querySelector('[data-mark]'));
  });
  document.addEventListener('keydown', (event) => {
    const figure = (event.target as Element).closest?.<HTMLElement>('[data-timeline]');
    const drawing = figure?.querySelector<HTMLElement>('[data-timeline-drawing]');
    if (!figure || !drawing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (follow(figure, event.key) || step(drawing, event.key)) event.preventDefault();
  });
}

/** Follow the zoom link of a key; whether there is one. */
function follow(figure: HTMLElement, key: string): boolean {
  const pressed = key === '=' ? '+' : key;
  for (const link of figure.querySelectorAll<HTMLElement>('a[data-key]')) {
    if (link.dataset['key'] !== pressed) continue;
    document.addEventListener(
      'htmx:afterSettle',
      () => document.querySelector<HTMLElement>('[data-timeline-drawing]')?.focus(),
      { once: true },
    );
    link.click();
    return true;
  }
  return false;
}

/** Move along the marks in order of their day; whether the key was one of ours. */
function step(drawing: HTMLElement, key: string): boolean {
  const shown = drawing.querySelector<SVGElement>('[data-near]');
  if (key === 'Enter') {
    const link = shown?.closest('a');
    if (document.activeElement !== drawing || !link) return false;
    link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    return true;
  }
  const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (by === undefined || document.activeElement !== drawing) return false;
  const marks = inOrder(drawing);
  const place = shown ? marks.indexOf(shown) : by > 0 ? -1 : marks.length;
  const next = marks[Math.min(Math.max(place + by, 0), marks.length - 1)];
  if (next) {
    show(drawing, next);
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  return true;
}

function inOrder(drawing: HTMLElement): SVGElement[] {
  const places = [...drawing.querySelectorAll<SVGElement>('[data-mark]')].map((mark) => ({
    mark,
    x: mark.getBoundingClientRect().left,
  }));
  return places.sort((one, other) => one.x - other.x).map(({ mark }) => mark);
}

function nearest(drawing: HTMLElement, x: number, y: number): SVGElement | null {
  let found: SVGElement | null = null;
  let least = NEAR_PX;
  for (const mark of drawing.querySelectorAll<SVGElement>('[data-mark]')) {
    const box = mark.getBoundingClientRect();
    const across = Math.max(box.left - x, 0, x - box.right);
    const down = Math.max(box.top - y, 0, y - box.bottom);
    const away = Math.hypot(across, down);
    if (away < least) [found, least] = [mark, away];
  }
  return found;
}

function show(drawing: HTMLElement, mark: Element | null): void {
  drawing.querySelector('[data-near]')?.removeAttribute('data-near');
  mark?.setAttribute('data-near', '');
  const readout = drawing.closest('[data-timeline]')?.querySelector('[data-timeline-readout]');
  if (readout) readout.textContent = mark?.querySelector('title')?.textContent ?? '';
}
