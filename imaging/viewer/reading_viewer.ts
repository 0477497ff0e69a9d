/** The viewer of the reading room: [data-island="viewer"], with a link [data-slices-url] per series. */
import { Comparison } from './comparison.ts';
import { button, element } from './elements.ts';
import { openingLayout } from './hanging.ts';
import { MarksField, type ReadMarks } from './marks_field.ts';
import { readingData, type ListedSeries } from './reading_data.ts';
import type { SeriesImages } from './series_images.ts';
import { ShownSlices } from './shown_slices.ts';
import { studySeries, type StudySeries } from './study_series.ts';
import { Viewer } from './viewer.ts';
import { pressKey } from './viewer_keys.ts';
import { LOST, type ViewerTask } from './viewer_task.ts';
import { translate } from '../../registry/islands/translate.ts';

const SCROLL_KEYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'Enter']);
/** An earlier study leaves most of the memory to the current one. */
const EARLIER_BYTES = 200 * 1024 * 1024;

function start(host: HTMLElement): void {
  const listed = [...host.querySelectorAll<HTMLElement>('[data-slices-url]')].map((one) => ({
    slices_url: one.dataset['slicesUrl'] ?? '',
    label: one.dataset['label'] ?? translate('CT series'),
  }));
  host.classList.add('slices', 'viewer');
  if (listed.length > 0) void open(host, listed);
}

async function open(host: HTMLElement, listed: ListedSeries[]): Promise<void> {
  const words = element('p', {}, translate('Loading the list of slices…'));
  host.replaceChildren(
    element('div', { class: 'slices-stage' }, element('div', { class: 'slices-words', role: 'status' }, words)),
  );
  let viewer: Viewer | null = null;
  const changed = (images: SeriesImages, index: number) => viewer?.frameChanged(images, index);
  const series = await studySeries(listed, { changed });
  const first = series[0]?.images;
  if (!first) {
    words.textContent = LOST;
    words.after(button(translate('Try again'), 'btn-secondary btn-sm', () => void open(host, listed)));
    return;
  }
  viewer = readingViewer(host, first, series, changed);
  viewer.show(layoutOf(first));
  listenToPage(viewer);
}

function readingViewer(
  host: HTMLElement,
  first: SeriesImages,
  series: StudySeries[],
  changed: (images: SeriesImages, index: number) => void,
): Viewer {
  const data = readingData();
  const field = document.querySelector<HTMLInputElement>('input[type="hidden"][name="marks"]');
  const marksField = field && new MarksField(field, (marks) => viewer.marks.replace(marks));
  const before: ReadMarks | null = data.marks ?? (field?.value ? (marksField?.value ?? null) : (data.draft?.marks ?? null));
  const shown = new ShownSlices(before?.shown ?? {}, () => marksField?.keepQuietly(kept));
  const kept = (): ReadMarks => ({ ...viewer.marks.kept, shown: shown.counts });
  let isReady = false;
  const task: ViewerTask = {
    isReading: true,
    isFrozen: data.marks !== null,
    series: series.map((one) => ({
      id: () => one.images?.id ?? null,
      label: one.label,
      choose: async () => {
        try {
          const images = await one.load();
          viewer.open(images, layoutOf(images));
        } catch {
          viewer.say(LOST);
        }
      },
    })),
    earlier: data.earlier.map(({ label, series: listed }) => ({
      label,
      choose: async () => {
        const [hung] = await studySeries(listed, { changed, memory_bytes: EARLIER_BYTES });
        if (!hung?.images) viewer.say(LOST);
        else viewer.earlier.show(new Comparison(viewer.images, viewer.slice_index, { images: hung.images, label }));
      },
    })),
    sliceShown: (images, index) => shown.add(images.id, index, images.slices.length),
    marksChanged: () => {
      if (isReady) marksField?.keep(kept());
    },
  };
  const viewer = new Viewer(host, first, task);
  if (before) viewer.marks.replace(before);
  isReady = true;
  return viewer;
}

function layoutOf(images: SeriesImages) {
  return openingLayout({ slices: images.slices, hasVolume: images.volume !== null });
}

/** The keys of the images work wherever nothing else wants them. */
function listenToPage(viewer: Viewer): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !viewer.isVisible || document.querySelector('dialog[open]')) return;
    const target = event.target as HTMLElement;
    if (target.matches('textarea, select, input:not([type="radio"], [type="checkbox"])')) return;
    if (SCROLL_KEYS.has(event.key) && target.matches('input, button, summary, a, [role="checkbox"]')) return;
    if (!pressKey(viewer, event)) return;
    event.preventDefault();
    // Whoever scrolls goes on scrolling, so the focus comes to the images.
    if (target.matches('body, main')) viewer.pane.stage.focus({ preventScroll: true });
  });
}

for (const host of document.querySelectorAll<HTMLElement>('[data-island="viewer"]')) start(host);
