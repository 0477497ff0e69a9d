/** The keys of the images; digits and the rest of the page's keys stay the form's. */
import type { MeasurementKind } from './measurements.ts';
import type { Viewer } from './viewer.ts';

const PAGE_SLICES = 10;
const PAN_SHARE = 0.1;
const ZOOM_STEP = 1.25;
/** What an arrow key moves the drawing pointer by, alone and with Shift. */
const POINTER_PX = 1;
const POINTER_FAR_PX = 10;

/** Letters, since the digits choose findings while the images have the focus. */
export const PRESET_KEYS: Record<string, string> = {
  intrathecal_contrast: 'c',
  soft_tissue: 's',
  bone: 'b',
  metal: 'm',
};
export const TOOL_KEYS: Record<MeasurementKind, string> = {
  length: 'l',
  angle: 'a',
  ellipse: 'e',
  freehand: 'd',
  probe: 'p',
  arrow: 't',
};
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
  if (viewer.tool !== null && drawKey(viewer, event, arrow)) return true;
  if (arrow && event.shiftKey) {
    const { width, height } = viewer.pane.size;
    viewer.panBy(viewer.pane, { x: -arrow.x * PAN_SHARE * width, y: -arrow.y * PAN_SHARE * height });
    return true;
  }
  return scrollKey(viewer, event.key) || otherKey(viewer, event.key);
}

function drawKey(viewer: Viewer, event: KeyboardEvent, arrow: { x: number; y: number } | undefined): boolean {
  if (arrow) {
    const by = event.shiftKey ? POINTER_FAR_PX : POINTER_PX;
    viewer.movePointer({ x: arrow.x * by, y: arrow.y * by });
  } else if (event.key === 'Enter') {
    if (event.shiftKey && viewer.drawing?.canClose) viewer.finish(viewer.pane);
    else viewer.placeAtPointer();
  } else if (event.key === 'Escape') {
    if (viewer.drawing) viewer.cancelDrawing();
    else viewer.setTool(null);
  } else return false;
  return true;
}

function scrollKey(viewer: Viewer, key: string): boolean {
  const { pane } = viewer;
  const far = viewer.images.slices.length;
  const steps: Record<string, number> = {
    ArrowUp: -1,
    ArrowLeft: -1,
    ArrowDown: 1,
    ArrowRight: 1,
    PageUp: -PAGE_SLICES,
    PageDown: PAGE_SLICES,
    Home: pane.name === 'stack' ? -far : -Infinity,
    End: pane.name === 'stack' ? far : Infinity,
  };
  const step = steps[key];
  if (step === undefined) return false;
  if (Number.isFinite(step)) viewer.scroll(pane, step);
  else viewer.scroll(pane, Math.sign(step) * (far + Math.max(viewer.images.slices[0]?.columns ?? 0, viewer.images.slices[0]?.rows ?? 0)));
  return true;
}

function otherKey(viewer: Viewer, key: string): boolean {
  const preset = viewer.images.windows.find((one) => PRESET_KEYS[one.code] === key);
  const tool = (Object.keys(TOOL_KEYS) as MeasurementKind[]).find((kind) => TOOL_KEYS[kind] === key);
  if (preset) viewer.setWindow(preset);
  else if (tool) viewer.setTool(tool);
  else if (key === 'i') viewer.toggleInverted();
  else if (key === 'z') viewer.zoomNext(viewer.pane, null);
  else if (key === '+') viewer.zoomTo(viewer.pane, viewer.pane.zoom * ZOOM_STEP, null);
  else if (key === '-') viewer.zoomTo(viewer.pane, viewer.pane.zoom / ZOOM_STEP, null);
  else if (key === 'r') viewer.reset();
  else if (key === 'v') viewer.setLayout(viewer.layout === 'stack' ? 'planes' : 'stack');
  else if (key === 'k') viewer.keyImage();
  else if (key === 'y') viewer.toggleCine();
  else if (key === 'f') void viewer.toggleFullScreen();
  else if (key === '[') viewer.controls.chooseSeries(-1);
  else if (key === ']') viewer.controls.chooseSeries(1);
  else if (key === 'Delete') viewer.removeLast();
  else return false;
  return true;
}
