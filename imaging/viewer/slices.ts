/** The slices of a series on a page: [data-island="slices"][data-slices-url]. One looks, and measures nothing. */
import { button, element } from './elements.ts';
import { SeriesImages } from './series_images.ts';
import { Viewer } from './viewer.ts';
import { pressKey } from './viewer_keys.ts';
import { LOST, type ViewerTask } from './viewer_task.ts';
import { translate } from '../../registry/islands/translate.ts';

const LOOKING: ViewerTask = {
  isReading: false,
  isFrozen: true,
  series: [],
  earlier: [],
  sliceShown: () => {},
  marksChanged: () => {},
};

async function start(host: HTMLElement): Promise<void> {
  host.classList.add('slices', 'viewer', 'is-plain');
  const words = element('p', {}, translate('Loading the list of slices…'));
  host.replaceChildren(
    element('div', { class: 'slices-stage' }, element('div', { class: 'slices-words', role: 'status' }, words)),
  );
  let viewer: Viewer | null = null;
  try {
    const images = await SeriesImages.load(host.dataset['slicesUrl'] ?? '', host.dataset['label'] ?? translate('CT series'), {
      changed: (images, index) => viewer?.frameChanged(images, index),
    });
    viewer = new Viewer(host, images, LOOKING);
  } catch {
    words.textContent = LOST;
    words.after(button(translate('Try again'), 'btn-secondary btn-sm', () => void start(host)));
    return;
  }
  viewer.show('stack');
  listenTo(viewer);
}

/** Several series stand on one page: the keys work on the one that has the focus. */
function listenTo(viewer: Viewer): void {
  viewer.stages.element.addEventListener('keydown', (event) => {
    if ((event.target as Element).matches('button')) return;
    if (pressKey(viewer, event)) event.preventDefault();
  });
}

/** Series start to load when they come near the screen: a closed series costs nothing. */
const nearScreen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearScreen.unobserve(target);
      void start(target as HTMLElement);
    }
  },
  { rootMargin: '300px' },
);

function watch(): void {
  const fresh = '[data-island="slices"]:not([data-watched])';
  for (const host of document.querySelectorAll<HTMLElement>(fresh)) {
    host.setAttribute('data-watched', '');
    nearScreen.observe(host);
  }
}

document.addEventListener('crescent:content', watch);
watch();
