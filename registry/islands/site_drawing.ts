/**
 * Where the sites of a finding lie on a drawing of the pump system.
 *
 * The canal lies flat, feet to the left and head to the right; its back is below. The catheter
 * leaves the pump, passes both connectors and the anchor, and enters the canal from behind.
 * Codes are those of the vocabulary (ImagingSite).
 */
import { translate } from './translate.ts';

export const WIDTH = 400;
export const HEIGHT = 212;

/** What is always there: class of the line, and its path. */
export const SYSTEM: readonly [part: string, path: string][] = [
  ['canal', 'M8 30H366M8 108H366'],
  ['dura', 'M8 50H366M8 88H366'],
  ['pump', 'M20 168a24 24 0 1 0 48 0a24 24 0 1 0 -48 0'],
  ['catheter', 'M68 168C96 168 100 190 128 190H176C222 190 226 158 194 150C166 143 154 140 154 126V88L172 69H300'],
];

/** Words beside the parts. */
export const PARTS: readonly [words: string, x: number, y: number][] = [
  [translate('pump'), 44, 172],
  [translate('pump segment'), 122, 208],
  [translate('connector'), 178, 174],
  [translate('entry'), 137, 103],
  [translate('canal'), 24, 73],
  [translate('tip'), 312, 73],
];

export const SITES: Readonly<Record<string, string>> = {
  pump_pocket_around_pump: 'M6 168a38 38 0 1 0 76 0a38 38 0 1 0 -76 0M20 168a24 24 0 1 1 48 0a24 24 0 1 1 -48 0',
  pump_catheter_connector: 'M60 156h24v24h-24z',
  pump_segment: 'M86 162C110 162 112 178 136 178H160V202H124C96 202 96 180 86 180z',
  segment_splice_connector: 'M164 178h26v24h-26z',
  along_subcutaneous_tunnel: 'M194 180C210 178 208 166 190 162C172 158 158 152 150 144L164 130C168 138 182 140 198 142C238 148 236 200 194 202z',
  anchor_site: 'M142 112h24v22h-24z',
  lumbar_outside_canal: 'M10 112H120V128H10z',
  lumbar_canal_below_entry: 'M10 53H140V85H10z',
  dorsal_dural: 'M164 78H264V98H164z',
  epidural: 'M150 28H270V50H150z',
  mid_spinal_segment: 'M194 57H260V81H194z',
  tip_level: 'M284 69a24 17 0 1 0 48 0a24 17 0 1 0 -48 0',
  intrathecal_at_tip: 'M284 53H364V85H284z',
  intrathecal_focal_unilateral: 'M334 53H366V77H334z',
  suspected_subdural: 'M264 80H364V96H264z',
  no_opacification: 'M262 120h124v24h-124z',
  tip_subdural: 'M274 78H364V96H274z',
  tip_epidural: 'M274 29H364V50H274z',
  tip_paraspinal: 'M274 4H364V26H274z',
  tip_foraminal: 'M370 57H394V81H370z',
  tip_vascular: 'M274 112H364V134H274z',
  other: 'M262 164h124v24h-124z',
};

/** Sites that are no place of the drawing carry their words on it. */
export const NAMED_SITES: ReadonlySet<string> = new Set(['no_opacification', 'other', 'tip_paraspinal', 'tip_vascular']);
