/** What the page of the reading room gives its viewer: #reading-data, as JSON. */
import type { ReadMarks } from './marks_field.ts';

export interface ListedSeries {
  slices_url: string;
  label: string;
}

export interface ReadingData {
  draft_url: string | null;
  draft: { marks: ReadMarks } | null;
  /** Of a signed read; they cannot be changed. */
  marks: ReadMarks | null;
  earlier: { label: string; series: ListedSeries[] }[];
}

const NONE: ReadingData = { draft_url: null, draft: null, marks: null, earlier: [] };

export function readingData(): ReadingData {
  const text = document.getElementById('reading-data')?.textContent;
  return text ? { ...NONE, ...(JSON.parse(text) as Partial<ReadingData>) } : NONE;
}
