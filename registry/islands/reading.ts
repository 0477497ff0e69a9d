/** The form beside the images: kept as a draft on every change, sites chosen on a drawing. */
import { startReadingDraft } from './reading_draft.ts';
import { startSiteMaps } from './site_map.ts';

startSiteMaps();
startReadingDraft();
