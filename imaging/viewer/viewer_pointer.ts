/** Mouse, pen and touchpad on a stage. */
import type { Pane } from './pane.ts';
import { toPatient, type StagePoint } from './view_plane.ts';
import type { Viewer } from './viewer.ts';
import { draggedWindow, type Window } from './windowing.ts';

const WHEEL_NOTCH_PX = 100;
const TOUCHPAD_STEP_PX = 40;
const ZOOM_PER_NOTCH = 1.2;
/** A press that moves less than this is a click. */
const CLICK_PX = 4;

type Action = 'window' | 'pan' | 'crosshair' | 'draw' | 'edit';

interface Drag {
  action: Action;
  from: StagePoint;
  last: StagePoint;
  window: Window;
  moved: boolean;
}

export function listenTo(viewer: Viewer, pane: Pane): void {
  listenToWheel(viewer, pane);
  listenToPointer(viewer, pane);
}

/** A notch of the wheel is one slice; a touchpad sends many small distances. */
function listenToWheel(viewer: Viewer, pane: Pane): void {
  let rest_px = 0;
  pane.stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      viewer.activate(pane.name);
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * WHEEL_NOTCH_PX;
      if (event.ctrlKey) {
        viewer.zoomTo(pane, pane.zoom * ZOOM_PER_NOTCH ** (-pixels / WHEEL_NOTCH_PX), pointOf(pane, event));
        return;
      }
      if (Math.sign(pixels) !== Math.sign(rest_px)) rest_px = 0;
      if (Math.abs(pixels) >= WHEEL_NOTCH_PX) {
        viewer.scroll(pane, Math.round(pixels / WHEEL_NOTCH_PX));
        return;
      }
      rest_px += pixels;
      const steps = Math.trunc(rest_px / TOUCHPAD_STEP_PX);
      rest_px -= steps * TOUCHPAD_STEP_PX;
      if (steps !== 0) viewer.scroll(pane, steps);
    },
    { passive: false },
  );
}

function listenToPointer(viewer: Viewer, pane: Pane): void {
  const { stage } = pane;
  let drag: Drag | null = null;
  stage.addEventListener('contextmenu', (event) => event.preventDefault());
  stage.addEventListener('pointerdown', (event) => {
    if ((event.target as Element).closest('button, input')) return;
    stage.setPointerCapture(event.pointerId);
    stage.focus({ preventScroll: true });
    const at = pointOf(pane, event);
    drag = { action: actionOf(viewer, pane, event, at), from: at, last: at, window: viewer.activeWindow, moved: false };
    if (drag.action === 'draw') viewer.tool.place(pane, at);
    if (drag.action === 'crosshair') crosshairTo(viewer, pane, at);
  });
  stage.addEventListener('pointermove', (event) => {
    const at = pointOf(pane, event);
    if (drag === null) {
      viewer.tool.float(pane, at);
      return;
    }
    drag.moved ||= Math.hypot(at.x - drag.from.x, at.y - drag.from.y) >= CLICK_PX;
    const by = { x: at.x - drag.last.x, y: at.y - drag.last.y };
    drag.last = at;
    if (drag.action === 'pan') viewer.panBy(pane, by);
    else if (drag.action === 'edit') viewer.tool.moveHeld(pane, at);
    else if (drag.action === 'crosshair') crosshairTo(viewer, pane, at);
    else if (drag.action === 'window') {
      viewer.setWindow(draggedWindow(drag.window, { dx: at.x - drag.from.x, dy: at.y - drag.from.y }));
    } else if (viewer.tool.drawing?.kind === 'freehand') viewer.tool.place(pane, at, { tracing: true });
    else viewer.tool.float(pane, at);
  });
  stage.addEventListener('pointerup', (event) => {
    const done = drag;
    drag = null;
    if (done === null) return;
    if (done.action === 'edit') viewer.tool.release();
    else if (done.action === 'window' && !done.moved && viewer.layout === 'beside') crosshairTo(viewer, pane, done.from);
    else if (done.action === 'draw' && done.moved) endDraw(viewer, pane, pointOf(pane, event));
  });
  stage.addEventListener('pointercancel', () => {
    drag = null;
  });
  stage.addEventListener('dblclick', (event) => {
    if (viewer.tool.kind === null && !(event.target as Element).closest('button, input')) {
      viewer.zoomNext(pane, pointOf(pane, event));
    }
  });
}

/** A drag draws as two clicks do. */
function endDraw(viewer: Viewer, pane: Pane, at: StagePoint): void {
  const { tool } = viewer;
  if (!tool.drawing) return;
  if (tool.drawing.kind !== 'freehand') tool.place(pane, at);
  else if (tool.drawing.canClose) tool.finish(pane);
  else tool.putDown();
}

function actionOf(viewer: Viewer, pane: Pane, event: PointerEvent, at: StagePoint): Action {
  if (event.shiftKey || event.button === 1) return 'pan';
  if (event.button === 2) return 'window';
  if (viewer.tool.kind !== null) return 'draw';
  const grip = viewer.tool.gripAt(pane, at);
  if (grip) {
    viewer.tool.hold(grip);
    return 'edit';
  }
  return pane.isStack || pane.name === 'catheter' ? 'window' : 'crosshair';
}

function crosshairTo(viewer: Viewer, pane: Pane, at: StagePoint): void {
  const view = pane.view(viewer.shownIn(pane));
  if (view) viewer.setCursor(toPatient(view, at));
}

function pointOf({ stage }: Pane, event: MouseEvent): StagePoint {
  const box = stage.getBoundingClientRect();
  return { x: event.clientX - box.left - stage.clientLeft, y: event.clientY - box.top - stage.clientTop };
}
