/** The viewer of the reading room: [data-island="viewer"], with a link [data-slices-url] per series. */
import { button, element } from './elements.ts';
import { SeriesImages } from './series_images.ts';
import { Viewer } from './viewer.ts';
import { pressKey } from './viewer_keys.ts';

const LOST =
  'The list of slices did not load. The images are safe on the server; check the connection and try again.';
const SCROLL_KEYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter']);

interface Listed {
  url: string;
  label: string;
}

function start(host: HTMLElement): void {
  const series = [...host.querySelectorAll<HTMLElement>('[data-slices-url]')].map((one) => ({
    url: one.dataset['slicesUrl'] ?? '',
    label: one.dataset['label'] ?? 'CT series',
  }));
  host.classList.add('slices', 'viewer');
  const [first] = series;
  if (first) void open(host, series, first, null);
}

/** Load a series and show it, in the viewer that is there or in a new one. */
async function open(host: HTMLElement, series: Listed[], wanted: Listed, viewer: Viewer | null): Promise<void> {
  const words = element('p', {}, 'Loading the list of slices…');
  if (viewer === null) {
    const stage = element('div', { class: 'slices-stage' }, element('div', { class: 'slices-words', role: 'status' }, words));
    host.replaceChildren(stage);
  }
  const made: { viewer: Viewer | null; images: SeriesImages | null } = { viewer, images: null };
  try {
    made.images = await SeriesImages.load(wanted.url, wanted.label, (index) => {
      if (made.images) made.viewer?.frameChanged(made.images, index);
    });
  } catch {
    if (viewer) viewer.say(LOST);
    else {
      words.textContent = LOST;
      words.after(button('Try again', 'btn-secondary btn-sm', () => void open(host, series, wanted, null)));
    }
    return;
  }
  if (viewer) {
    viewer.open(made.images);
    return;
  }
  const first = new Viewer(
    host,
    made.images,
    series.map((one) => ({ label: one.label, choose: () => void open(host, series, one, first) })),
  );
  made.viewer = first;
  first.show();
  listenToPage(first);
}

/** The keys of the images work wherever nothing else wants them. */
function listenToPage(viewer: Viewer): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !viewer.isVisible || document.querySelector('dialog[open]')) return;
    const target = event.target as HTMLElement;
    if (target.matches('textarea, select, input:not([type="radio"], [type="checkbox"])')) return;
    if (SCROLL_KEYS.has(event.key) && target.matches('input, button, summary, a')) return;
    if (!pressKey(viewer, event)) return;
    event.preventDefault();
    // Whoever scrolls goes on scrolling, so the focus comes to the images.
    if (target.matches('body, main')) viewer.pane.stage.focus({ preventScroll: true });
  });
}

for (const host of document.querySelectorAll<HTMLElement>('[data-island="viewer"]')) start(host);
