/** The form beside the images: kept as a draft on every change, sites chosen on a drawing. */
import { startDraft } from './draft.ts';
import { startSiteMaps } from './site_map.ts';

startSiteMaps();
startDraft();
