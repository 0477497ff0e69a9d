/**
 * Draws a Vega-Lite chart: [data-island="chart"] whose data-spec is the id of a JSON script element.
 *
 * Expressions are interpreted, not evaluated, and no style is injected: the content security policy
 * allows neither. A data table stands under every chart, so a chart that fails loses nothing.
 */
import embed, { type EmbedOptions, type VisualizationSpec } from 'vega-embed';
import { expressionInterpreter } from 'vega-interpreter';
import { Error as ERRORS_ONLY, loader as vegaLoader } from 'vega';
import { translate } from './translate.ts';

const hosts = document.querySelectorAll<HTMLElement>('[data-island="chart"]');

function ownLinksOnly(): ReturnType<typeof vegaLoader> {
  const loader = vegaLoader();
  const sanitize = loader.sanitize.bind(loader);
  loader.sanitize = async (uri, options) => {
    if (new URL(uri, document.baseURI).origin !== location.origin) {
      throw new Error('A chart may only link to this site.');
    }
    return sanitize(uri, options);
  };
  return loader;
}

function config(host: HTMLElement): NonNullable<EmbedOptions['config']> {
  const style = getComputedStyle(host);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const text = { labelColor: colour('--ink'), titleColor: colour('--ink-2'), labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' as const };
  return {
    background: 'transparent',
    font: style.fontFamily,
    padding: 4,
    mark: { color: colour('--accent') },
    rule: { color: colour('--ink') },
    text: { color: colour('--ink'), fontSize: 12 },
    title: { color: colour('--ink'), fontSize: 14, fontWeight: 600, anchor: 'start' },
    axis: { ...text, gridColor: colour('--line'), domainColor: colour('--line-strong'), tickColor: colour('--line-strong'), labelPadding: 6, labelLimit: 260 },
    legend: { ...text, symbolType: 'square' },
    header: text,
    view: { stroke: 'transparent' },
  } as NonNullable<EmbedOptions['config']>;
}

/** What a chart drew for white paper, by the name of the same thing on the page. */
const ON_PAGE: Record<string, string> = {
  '#34449a': '--accent',
  '#000000': '--ink',
  '#1b232d': '--ink',
  '#595959': '--ink-2',
  '#e3e6ea': '--line',
  '#ffffff': '--surface',
};

/** In the dark theme, a chart whose colours stand on the page and not on one another takes the page's. */
function onPage(source: string, host: HTMLElement): VisualizationSpec {
  const dark = document.documentElement.dataset['bsTheme'] === 'dark';
  const plain = JSON.parse(source) as VisualizationSpec & { usermeta?: { onPage?: boolean } };
  if (!dark || !plain.usermeta?.onPage) return plain;
  const style = getComputedStyle(host);
  const colour = (drawn: string) => style.getPropertyValue(ON_PAGE[drawn.toLowerCase()] ?? '').trim() || drawn;
  return JSON.parse(source, (_key, value: unknown) => (typeof value === 'string' ? colour(value) : value)) as VisualizationSpec;
}

async function draw(host: HTMLElement): Promise<void> {
  const source = document.getElementById(host.dataset['spec'] ?? '')?.textContent;
  const state = host.querySelector('.chart-state');
  try {
    const result = await embed(host, onPage(source ?? '', host), {
      mode: 'vega-lite',
      renderer: 'svg',
      ast: true,
      expr: expressionInterpreter,
      actions: false,
      defaultStyle: false,
      // Vega warns of every chart without data; the page says so in words.
      logLevel: ERRORS_ONLY,
      tooltip: { disableDefaultStyle: true },
      loader: ownLinksOnly(),
      config: config(host),
    });
    const drawing = host.querySelector('svg');
    drawing?.setAttribute('role', 'img');
    drawing?.setAttribute('aria-label', host.dataset['label'] ?? translate('Chart; its numbers stand in the table'));
    document.addEventListener('crescent:theme', () => {
      result.finalize();
      void draw(host);
    }, { once: true });
  } catch (error) {
    console.error(error);
    const words = state ?? document.createElement('p');
    words.className = 'chart-state';
    words.textContent = translate('The chart could not be drawn. Its numbers are in the table.');
    host.replaceChildren(words);
  }
}

for (const host of hosts) void draw(host);
