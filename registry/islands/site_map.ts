/**
 * The sites of a finding on a drawing of the pump system, bound to the form's checkboxes.
 *
 * The checkboxes stay what is sent. On the drawing the arrow keys go from site to site, Space and
 * Enter choose; it takes one stop of the Tab key.
 */
import { HEIGHT, NAMED_SITES, PARTS, SITES, SYSTEM, WIDTH } from './site_drawing.ts';
import { translate } from './translate.ts';

const SVG = 'http://www.w3.org/2000/svg';
const FORWARD = new Set(['ArrowRight', 'ArrowDown']);
const BACK = new Set(['ArrowLeft', 'ArrowUp']);

interface Site {
  box: HTMLInputElement;
  area: SVGElement;
  label: string;
}

export function startSiteMaps(): void {
  const fieldsets = document.querySelectorAll<HTMLFieldSetElement>('fieldset:has(input[name^="sites_"]), fieldset:has(input[name^="further_sites_"])');
  for (const fieldset of fieldsets) addMap(fieldset);
}

function addMap(fieldset: HTMLFieldSetElement): void {
  const boxes = [...fieldset.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
  const sites = boxes.flatMap((box) => siteOf(box) ?? []);
  const legend = fieldset.querySelector('legend');
  if (!legend || sites.length === 0) return;
  const words = document.createElement('p');
  words.className = 'site-words';
  words.setAttribute('aria-hidden', 'true');
  const drawing = shape('svg', {
    class: 'site-map',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'group',
    'aria-label': translate('Drawing of the pump system: {question}', { question: legend.textContent?.trim() ?? '' }),
  });
  for (const [part, d] of SYSTEM) drawing.append(shape('path', { class: `system ${part}`, d }));
  for (const [text, x, y] of PARTS) drawing.append(textAt(text, x, y));
  drawing.append(...sites.map(({ area }) => area));
  legend.after(drawing, words);

  const refresh = () => {
    for (const { box, area } of sites) area.setAttribute('aria-checked', String(box.checked));
  };
  const showWords = (site: Site | null) => {
    const chosen = sites.filter(({ box }) => box.checked).map(({ label }) => label);
    words.textContent = site?.label ?? (chosen.join(' · ') || translate('Click where it is, or choose below.'));
  };
  for (const site of sites) listenTo(site, sites, showWords);
  sites[0]?.area.setAttribute('tabindex', '0');
  for (const name of ['change', 'crescent:questions']) {
    document.addEventListener(name, () => {
      refresh();
      showWords(null);
    });
  }
  window.addEventListener('pageshow', refresh);
  refresh();
  showWords(null);
}

function siteOf(box: HTMLInputElement): Site | null {
  const d = SITES[box.value];
  const label = box.labels?.[0]?.querySelector('span')?.textContent?.trim() ?? '';
  if (d === undefined || label === '') return null;
  const area = shape('g', { class: 'site', role: 'checkbox', tabindex: '-1', 'aria-label': label });
  area.append(shape('path', { d, 'fill-rule': 'evenodd' }));
  if (NAMED_SITES.has(box.value)) area.append(nameIn(label, d));
  return { box, area, label };
}

function listenTo(site: Site, sites: Site[], showWords: (site: Site | null) => void): void {
  const { area, box } = site;
  area.addEventListener('click', () => box.click());
  area.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' || event.key === 'Enter') box.click();
    else if (FORWARD.has(event.key)) goTo(sites, site, 1);
    else if (BACK.has(event.key)) goTo(sites, site, -1);
    else return;
    event.preventDefault();
  });
  for (const name of ['pointerenter', 'focus']) area.addEventListener(name, () => showWords(site));
  for (const name of ['pointerleave', 'blur']) area.addEventListener(name, () => showWords(null));
}

function goTo(sites: Site[], from: Site, by: number): void {
  const to = sites[(sites.indexOf(from) + by + sites.length) % sites.length];
  if (!to) return;
  from.area.setAttribute('tabindex', '-1');
  to.area.setAttribute('tabindex', '0');
  to.area.focus();
}

/** In the middle of a box "M x y h…" or "M x y H x…". */
function nameIn(label: string, d: string): SVGElement {
  const [x = 0, y = 0, across = 0, down = 0] = [...d.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
  const [right, bottom] = d.includes('H') ? [across, down] : [x + across, y + down];
  const text = textAt(label.replace(/^Tip |at all$/g, ''), (x + right) / 2, (y + bottom) / 2 + 3.5);
  text.setAttribute('class', 'site-name');
  return text;
}

function textAt(words: string, x: number, y: number): SVGElement {
  const text = shape('text', { class: 'part', x: `${x}`, y: `${y}`, 'text-anchor': 'middle', 'aria-hidden': 'true' });
  text.textContent = words;
  return text;
}

function shape(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
