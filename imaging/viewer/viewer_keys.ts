/** The keys of the images. */
import { LAYOUT_KEYS, PRESET_KEYS, TOOL_KEYS } from './key_letters.ts';
import type { Viewer } from './viewer.ts';

const PAGE_SLICES = 10;
const PAN_SHARE = 0.1;
const ZOOM_STEP = 1.25;
/** What an arrow key moves the drawing pointer by, alone and with Shift. */
const POINTER_PX = 1;
const POINTER_FAR_PX = 10;

const ARROWS: Record<string, { x: number; y: number }> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

/** Do what a key asks for; false when it asks for nothing here. */
export function pressKey(viewer: Viewer, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const arrow = ARROWS[event.key];
  if ((viewer.tool.kind !== null || viewer.tool.isHolding) && drawKey(viewer, event, arrow)) return true;
  if (arrow && event.shiftKey) {
    const { width, height } = viewer.pane.size;
    viewer.panBy(viewer.pane, { x: -arrow.x * PAN_SHARE * width, y: -arrow.y * PAN_SHARE * height });
    return true;
  }
  return scrollKey(viewer, event.key) || otherKey(viewer, event.key);
}

function drawKey(viewer: Viewer, event: KeyboardEvent, arrow: { x: number; y: number } | undefined): boolean {
  const { tool } = viewer;
  if (arrow) {
    const by = event.shiftKey ? POINTER_FAR_PX : POINTER_PX;
    tool.movePointer({ x: arrow.x * by, y: arrow.y * by });
  } else if (tool.isHolding && (event.key === 'Enter' || event.key === 'Escape')) tool.release();
  else if (event.key === 'Enter') {
    if (event.shiftKey && tool.drawing?.canClose) tool.finish(viewer.pane);
    else tool.placeAtPointer();
  } else if (event.key === 'Escape') {
    if (tool.drawing) tool.putDown();
    else tool.take(null);
  } else return false;
  return true;
}

function scrollKey(viewer: Viewer, key: string): boolean {
  const { pane } = viewer;
  const steps: Record<string, number> = {
    ArrowUp: -1,
    ArrowLeft: -1,
    ArrowDown: 1,
    ArrowRight: 1,
    PageUp: -PAGE_SLICES,
    PageDown: PAGE_SLICES,
    // While a tool has the arrow keys.
    ',': -1,
    '.': 1,
  };
  const step = steps[key] ?? endStep(viewer, key);
  if (step === undefined) return false;
  viewer.scroll(pane, step);
  return true;
}

/** Farther than any end; where there is none, a slab that turns, nothing happens. */
function endStep({ pane, images }: Viewer, key: string): number | undefined {
  if (key !== 'Home' && key !== 'End') return undefined;
  if (pane.name === 'catheter') return 0;
  const [first] = images.slices;
  const far = images.slices.length + Math.max(first?.columns ?? 0, first?.rows ?? 0);
  return key === 'Home' ? -far : far;
}

function otherKey(viewer: Viewer, key: string): boolean {
  const preset = viewer.images.windows.find((one) => PRESET_KEYS[one.code] === key);
  const layout = keyed(LAYOUT_KEYS, key);
  if (preset) viewer.setWindow(preset);
  else if (layout && viewer.task.isReading) viewer.toggleLayout(layout);
  else return (viewer.task.isReading && readingKey(viewer, key)) || pictureKey(viewer, key);
  return true;
}

function pictureKey(viewer: Viewer, key: string): boolean {
  const press: Record<string, () => void> = {
    i: () => viewer.toggleInverted(),
    z: () => viewer.zoomNext(viewer.pane, null),
    '+': () => viewer.zoomTo(viewer.pane, viewer.pane.zoom * ZOOM_STEP, null),
    '-': () => viewer.zoomTo(viewer.pane, viewer.pane.zoom / ZOOM_STEP, null),
    r: () => viewer.reset(),
    y: () => viewer.cine.toggle(),
    f: () => void viewer.toggleFullScreen(),
  };
  press[key]?.();
  return key in press;
}

function readingKey(viewer: Viewer, key: string): boolean {
  const tool = keyed(TOOL_KEYS, key);
  const press: Record<string, () => void> = {
    k: () => viewer.marking.keyImage(),
    n: () => viewer.marking.moveNextPoint(),
    j: () => viewer.earlier.toggleScrollLink(),
    J: () => viewer.earlier.toggleWindowLink(),
    '[': () => viewer.controls.chooseSeries(-1),
    ']': () => viewer.controls.chooseSeries(1),
    Delete: () => viewer.marking.removeLast(),
    Backspace: () => viewer.marking.removeLast(),
  };
  if (tool) viewer.tool.take(tool);
  else if (key in press) press[key]?.();
  else return false;
  return true;
}

function keyed<Name extends string>(keys: Record<Name, string>, key: string): Name | undefined {
  return (Object.keys(keys) as Name[]).find((name) => keys[name] === key);
}
