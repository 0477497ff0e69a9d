/** What a stage shows, in words: for its corner and for a screen reader. */
import { button, element } from './elements.ts';
import { signed } from './measurement_words.ts';
import type { PaneName, Shown } from './pane.ts';
import { placeOf } from './slice_place.ts';
import type { Viewer } from './viewer.ts';
import type { Window } from './windowing.ts';
import { PLANE_NAMES } from './layouts.ts';
import { translate } from '../../registry/islands/translate.ts';

export function placeWords(name: PaneName, shown: Shown): string {
  const { images, slice_index, cursor_mm, catheter } = shown;
  switch (name) {
    case 'stack':
    case 'earlier': {
      const slice = images.slices[slice_index];
      const place = (slice && placeOf(slice)) ?? translate('position unknown');
      return translate('slice {slice}/{slices} · {place}', { slice: slice_index + 1, slices: images.slices.length, place });
    }
    case 'catheter':
      return catheter.slab
        ? translate('catheter {path_mm} mm · turned {turn_deg}°', {
            path_mm: catheter.slab.path_mm.toFixed(1),
            turn_deg: catheter.turn_deg,
          })
        : translate('catheter');
    default: {
      const axis = { axial: 2, sagittal: 0, coronal: 1 }[name];
      return `${PLANE_NAMES[name]} · ${'xyz'[axis]} ${signed(cursor_mm[axis] ?? 0, 1)} mm`;
    }
  }
}

/** The corner of a stage. */
export function readout(name: PaneName, shown: Shown, more: { window: Window; isKeyImage: boolean }): string {
  const parts = [placeWords(name, shown)];
  const { centre_hu, width_hu } = more.window;
  if (name === 'stack' || name === 'earlier') parts.push(`C ${signed(centre_hu)} W ${width_hu} HU`);
  else if (slabMm(name, shown) > 0) parts.push(`MIP ${Number(slabMm(name, shown).toFixed(1))} mm`);
  if (more.isKeyImage) parts.push(translate('key image'));
  return parts.join(' · ');
}

/** Thickness whose brightest values are shown; 0 shows a plane alone. */
export function slabMm(name: PaneName, { catheter, slab_mm }: Shown): number {
  return name === 'catheter' ? (catheter.slab?.slab_mm ?? 0) : slab_mm;
}

/** Why no picture is to be seen; null when there is one. */
export function missingWords(name: PaneName, shown: Shown): (Node | string)[] | null {
  if (name === 'catheter') return shown.catheter.slab ? null : [element('p', {}, catheterWords(shown))];
  if (name !== 'stack' && name !== 'earlier') return null;
  const { images, slice_index } = shown;
  const slice = images.slices[slice_index];
  if (!slice) return [element('p', {}, translate('This series holds no slices.'))];
  if (images.frames.get(slice_index)) return null;
  if (!slice.displayable) {
    return [element('p', {}, translate('This slice cannot be shown. {reason}', { reason: slice.not_displayable_reason ?? '' }).trim())];
  }
  const failure = images.frames.failure(slice_index);
  if (failure === null) return [element('p', {}, translate('Loading this slice…'))];
  const again = button(translate('Load again'), 'btn-secondary btn-sm', () => images.frames.retry());
  return [element('p', {}, translate('This slice did not load. {failure}', { failure })), again];
}

/** The state of the picture the keyboard works on; nothing while it runs by itself. */
export function spokenState(viewer: Viewer): string {
  if (viewer.cine.isRunning) return '';
  const { pane, images, slab_mm } = viewer;
  const shown = viewer.shownIn(pane);
  const { centre_hu, width_hu } = viewer.activeWindow;
  const parts = [
    pane.name === 'earlier' ? (viewer.earlier.comparison?.label ?? '') : '',
    placeWords(pane.name, shown),
    translate('window centre {centre_hu} width {width_hu} HU', { centre_hu, width_hu }),
    viewer.isInverted ? translate('inverted') : '',
    pane.zoom > 1 ? translate('magnified {zoom} times', { zoom: Number(pane.zoom.toFixed(1)) }) : '',
    !pane.isStack && slab_mm > 0 ? translate('brightest of {slab_mm} mm', { slab_mm }) : '',
    !pane.isStack && images.missing > 0 ? translate('{missing} slices still missing', { missing: images.missing }) : '',
  ];
  const [missing] = missingWords(pane.name, shown) ?? [];
  return `${parts.filter(Boolean).join(', ')}. ${(missing as Element | undefined)?.textContent ?? ''}`.trim();
}

function catheterWords({ catheter }: Shown): string {
  const points = catheter.points_mm.length;
  return points === 0
    ? translate('Put points along the catheter on the slices: scroll, click; or Page keys, arrow keys and Enter. Two points make a slab.')
    : points === 1
      ? translate('1 point so far. Two points at different places make a slab.')
      : translate('{points} points so far. Two points at different places make a slab.', { points });
}
