/** The stages on the screen, one or several, and which of them the keyboard works on. */
import { element } from './elements.ts';
import { PANES, PLANE_NAMES, type Layout } from './layouts.ts';
import { Pane, type PaneName } from './pane.ts';
import { translate } from '../../registry/islands/translate.ts';

export class Stages implements Iterable<Pane> {
  readonly element = element('div', { class: 'viewer-stages' });
  readonly #panes = new Map<PaneName, Pane>();
  #layout: Layout = 'stack';
  #active: PaneName = 'stack';

  get layout(): Layout {
    return this.#layout;
  }

  /** The pane the keyboard works on. */
  get active(): Pane {
    const pane = this.#panes.get(this.#active);
    if (!pane) throw new Error(`There is no pane ${this.#active}.`);
    return pane;
  }

  has(name: PaneName): boolean {
    return this.#panes.has(name);
  }

  [Symbol.iterator](): Iterator<Pane> {
    return this.#panes.values();
  }

  /** New stages take the place of those there are; `labelOf` names whose images a pane shows. */
  lay(layout: Layout, labelOf: (name: PaneName) => string, keys: string): void {
    this.#layout = layout;
    this.#panes.clear();
    for (const name of PANES[layout]) {
      this.#panes.set(name, new Pane(name, `${labelOf(name)}: ${contentOf(name)}. ${keys}`));
    }
    this.#active = PANES[layout][0] ?? 'stack';
    this.element.dataset['layout'] = layout;
    this.element.replaceChildren(...[...this].map((pane) => pane.stage));
  }

  /** False where there is no such pane any more. */
  activate(name: PaneName): boolean {
    if (!this.#panes.has(name)) return false;
    this.#active = name;
    return true;
  }
}

function contentOf(name: PaneName): string {
  if (name === 'stack' || name === 'earlier') return translate('slices');
  return name === 'catheter' ? translate('slab along the catheter') : translate('{name} plane', { name: PLANE_NAMES[name] });
}
