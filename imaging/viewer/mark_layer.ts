/** Draws measurements over a stage, as SVG, in the view it has just now. */
import { outline, type Measurement } from './measurements.ts';
import type { Vector } from './vectors.ts';
import { toStage, type StagePoint, type View } from './view_plane.ts';

const SVG = 'http://www.w3.org/2000/svg';
const LINE_PX = 16;
const ARROW_PX = 11;
/** Of a crosshair, this much is always seen at the edges. */
const EDGE_PX = 18;

export interface DrawnMark {
  measurement: Pick<Measurement, 'kind' | 'points_mm'>;
  words: string[];
  isDraft: boolean;
}

/** What lies over a picture and is no measurement. */
export interface Overlays {
  /** `open_px` of its lines are left out on either side of the middle. */
  crosshair: { at_mm: Vector; open_px: number } | null;
  pointer: StagePoint | null;
  /** Points put along the catheter, those near to the picture. */
  path?: readonly Vector[];
}

export class MarkLayer {
  readonly element = document.createElementNS(SVG, 'svg');

  constructor() {
    this.element.setAttribute('class', 'viewer-marks');
    this.element.setAttribute('aria-hidden', 'true');
  }

  draw(
    view: View,
    marks: readonly DrawnMark[],
    { crosshair, pointer, path = [] }: Overlays,
  ): void {
    const parts: SVGElement[] = [];
    if (crosshair) parts.push(...this.#crosshair(view, crosshair));
    for (const point of path) parts.push(...this.#pathPoint(view, point));
    for (const mark of marks) parts.push(this.#mark(view, mark));
    if (pointer) parts.push(...this.#pointer(pointer));
    this.element.replaceChildren(...parts);
  }

  #mark(view: View, { measurement, words, isDraft }: DrawnMark): SVGElement {
    const group = shape('g', { class: `mark ${measurement.kind}${isDraft ? ' draft' : ''}` });
    const points = measurement.points_mm.map((point) => toStage(view, point));
    const isRegion = measurement.kind === 'ellipse' || measurement.kind === 'freehand';
    if (isRegion) {
      const edge = outline(measurement).map((point) => toStage(view, point));
      group.append(shape(isDraft && measurement.kind === 'freehand' ? 'polyline' : 'polygon', { points: listOf(edge) }));
    } else if (measurement.kind === 'probe') {
      for (const { x, y } of points) group.append(shape('circle', { cx: `${x}`, cy: `${y}`, r: '4' }));
    } else {
      group.append(shape('polyline', { points: listOf(points) }));
      if (measurement.kind === 'arrow') group.append(...arrowHead(points));
      else for (const { x, y } of points) group.append(shape('circle', { cx: `${x}`, cy: `${y}`, r: '2.5' }));
    }
    const at = isRegion ? lowestOf(points) : points[points.length - 1];
    if (at && words.length > 0) group.append(label(view, at, words));
    return group;
  }

  /** Where the other planes cut this one; open in the middle, so that nothing there is hidden. */
  #crosshair({ stage, ...view }: View, { at_mm, open_px: gap }: { at_mm: Vector; open_px: number }): SVGElement[] {
    const { x, y } = toStage({ ...view, stage }, at_mm);
    const lines: [number, number, number, number][] = [
      [0, y, Math.max(EDGE_PX, x - gap), y],
      [Math.min(stage.width - EDGE_PX, x + gap), y, stage.width, y],
      [x, 0, x, Math.max(EDGE_PX, y - gap)],
      [x, Math.min(stage.height - EDGE_PX, y + gap), x, stage.height],
    ];
    return lines.map(([x1, y1, x2, y2]) =>
      shape('line', { class: 'crosshair', x1: `${x1}`, y1: `${y1}`, x2: `${x2}`, y2: `${y2}` }),
    );
  }

  #pathPoint(view: View, point_mm: Vector): SVGElement[] {
    const { x, y } = toStage(view, point_mm);
    return [shape('circle', { class: 'path-point', cx: `${x}`, cy: `${y}`, r: '4' })];
  }

  #pointer({ x, y }: StagePoint): SVGElement[] {
    return [shape('path', { class: 'pointer', d: `M${x - 12} ${y}h24M${x} ${y - 12}v24` })];
  }
}

function arrowHead(points: readonly StagePoint[]): SVGElement[] {
  const [tip, tail] = points;
  if (!tip || !tail) return [];
  const turn = Math.atan2(tail.y - tip.y, tail.x - tip.x);
  const wing = (by: number) => ({
    x: tip.x + ARROW_PX * Math.cos(turn + by),
    y: tip.y + ARROW_PX * Math.sin(turn + by),
  });
  return [shape('polyline', { points: listOf([wing(0.45), tip, wing(-0.45)]) })];
}

/** Beside the point, moved inwards where the stage ends. */
function label(view: View, at: StagePoint, words: string[]): SVGElement {
  const text = shape('text', {});
  const width = Math.max(...words.map((line) => line.length)) * 7.2;
  const x = Math.max(4, Math.min(at.x + 10, view.stage.width - width - 4));
  const y = Math.max(LINE_PX, Math.min(at.y + 6, view.stage.height - words.length * LINE_PX - 24));
  words.forEach((line, row) => {
    const part = shape('tspan', { x: `${x}`, y: `${y + row * LINE_PX}` });
    part.textContent = line;
    text.append(part);
  });
  return text;
}

function lowestOf(points: readonly StagePoint[]): StagePoint | undefined {
  return points.reduce<StagePoint | undefined>((low, one) => (low && low.y >= one.y ? low : one), undefined);
}

function listOf(points: readonly StagePoint[]): string {
  return points.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(' ');
}

function shape(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
