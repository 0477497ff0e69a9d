/** The draft of a read: answers and what was drawn. */
import { Draft } from './draft.ts';
import { fill, type Answers } from './draft_answers.ts';
import type { Marks } from './draft_conflict.ts';
import { translate } from './translate.ts';

interface ReadingData {
  draft_url: string | null;
  draft: { answers: Answers; marks: Marks; edition: number; saved: string } | null;
}

export function startReadingDraft(): void {
  const text = document.getElementById('reading-data')?.textContent;
  const form = document.querySelector<HTMLInputElement>('form input[name="marks"]')?.form;
  if (!text || !form) return;
  const { draft_url, draft } = JSON.parse(text) as ReadingData;
  if (draft_url === null) return;
  const take = (there: { answers: Answers; marks?: Marks }) => {
    fill(form, there.answers);
    replaceMarks(form, there.marks);
  };
  // A form that came back with mistakes holds what was sent, which is newer than the draft.
  if (draft && !form.querySelector('[data-form-errors]')) take(draft);
  new Draft(form, {
    url: draft_url,
    kept: draft,
    around: {},
    editionName: 'edition',
    noun: translate('read'),
    refused: translate('this read is signed, or is not yours any more. Copy what you want to keep.'),
    isSentWhenRefused: false,
    take,
  }).start();
}

/** The viewer, where it is there already, shows these from now on. */
function replaceMarks(form: HTMLFormElement, marks: unknown): void {
  const field = form.querySelector<HTMLInputElement>('input[name="marks"]');
  if (!field) return;
  field.value = JSON.stringify(marks);
  field.dispatchEvent(new Event('crescent:marks'));
}
