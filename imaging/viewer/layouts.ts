/** Which stages stand beside each other. */
import type { PaneName } from './pane.ts';
import { translate } from '../../registry/islands/translate.ts';

export type Layout = 'stack' | 'beside' | 'planes' | 'catheter' | 'compare';

export const PANES: Record<Layout, readonly PaneName[]> = {
  stack: ['stack'],
  beside: ['stack', 'sagittal'],
  planes: ['axial', 'sagittal', 'coronal'],
  catheter: ['stack', 'catheter'],
  compare: ['stack', 'earlier'],
};
/** Layouts that cut through a volume and are not to be had without one. */
export const THROUGH_VOLUME: ReadonlySet<Layout> = new Set<Layout>(['beside', 'planes', 'catheter']);

export const LAYOUT_NAMES: Record<Layout, string> = {
  stack: translate('Slices'),
  beside: translate('Sagittal beside'),
  planes: translate('Three planes'),
  catheter: translate('Along catheter'),
  compare: translate('Earlier study'),
};

export const PLANE_NAMES = {
  axial: translate('axial'),
  sagittal: translate('sagittal'),
  coronal: translate('coronal'),
};
