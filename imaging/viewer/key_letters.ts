/** Which key does what; digits and the rest of the page's keys stay the form's. */
import type { ToolKind } from './drawing_tool.ts';
import type { Layout } from './layouts.ts';

/** Letters, since the digits choose findings while the images have the focus. */
export const PRESET_KEYS: Record<string, string> = {
  intrathecal_contrast: 'c',
  soft_tissue: 's',
  bone: 'b',
  metal: 'm',
};
export const TOOL_KEYS: Record<Exclude<ToolKind, 'catheter'>, string> = {
  length: 'l',
  angle: 'a',
  ellipse: 'e',
  freehand: 'd',
  probe: 'p',
  arrow: 't',
};
export const LAYOUT_KEYS: Record<Exclude<Layout, 'stack'>, string> = {
  beside: 'x',
  planes: 'v',
  catheter: 'o',
  compare: 'u',
};
