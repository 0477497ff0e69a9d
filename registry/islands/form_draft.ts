/**
 * The drafts of the registry's forms: input[name="draft"][data-draft-url] beside the answers.
 *
 * What was left behind of the same form is offered above it and never filled in unasked: the next
 * patient must not get the answers of the last one.
 */
import { csrfToken } from './csrf.ts';
import { Draft } from './draft.ts';
import { fill, type Answers } from './draft_answers.ts';
import { translate } from './translate.ts';

interface Left {
  form_id: string;
  answers: Answers;
  edition: number;
  saved: string;
}

interface PageDrafts {
  page: string;
  edition: number;
  left: Left[];
}

const begun = new WeakSet<HTMLFormElement>();

export function startFormDrafts(): void {
  const begin = () => {
    for (const field of document.querySelectorAll<HTMLInputElement>('input[data-draft-url]')) {
      if (field.form && !begun.has(field.form)) start(field, field.form);
    }
  };
  document.addEventListener('crescent:content', begin);
  begin();
}

function start(field: HTMLInputElement, form: HTMLFormElement): void {
  begun.add(form);
  const text = field.dataset['drafts'];
  const own = field.dataset['draftUrl'];
  if (!text || !own) return;
  const { page, edition, left } = JSON.parse(text) as PageDrafts;
  const draft = new Draft(form, {
    url: own,
    kept: edition > 0 ? { edition, saved: '' } : null,
    around: { _page: page },
    editionName: '_edition',
    noun: translate('form'),
    refused: translate('this form cannot be kept as a draft. It can still be sent.'),
    isSentWhenRefused: true,
    take: (there) => fillForm(form, there.answers),
  });
  draft.start();
  if (left.length === 0) return;
  const url = (one: Left) => own.replace(field.value, one.form_id);
  offer(form, left, {
    goOn(one) {
      const its = url(one);
      field.value = one.form_id;
      field.dataset['draftUrl'] = its;
      fillForm(form, one.answers);
      draft.adopt(its, one.edition, one.saved);
    },
    discard: (one) => discard(`${url(one)}discard/`),
  });
}

/** With the rows the draft has, and what the form brings along hidden: edition and id. */
function fillForm(form: HTMLFormElement, answers: Answers): void {
  for (const formset of form.querySelectorAll<HTMLElement>('[data-formset]')) {
    const name = `${formset.dataset['formset']}-TOTAL_FORMS`;
    const total = formset.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`);
    const wanted = Number([answers[name] ?? 0].flat()[0]);
    const add = formset.querySelector<HTMLElement>('[data-formset-add]');
    while (total && add && Number(total.value) < Math.min(wanted, 200)) add.click();
  }
  for (const name of ['edition', 'once']) {
    const hidden = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${name}"]`);
    const [kept] = [answers[name] ?? []].flat();
    if (hidden && kept) hidden.value = kept;
  }
  fill(form, answers);
}

function offer(
  form: HTMLFormElement,
  left: Left[],
  { goOn, discard }: { goOn(one: Left): void; discard(one: Left): Promise<boolean> },
): void {
  const place = document.createElement('section');
  place.className = 'drafts-left message info no-print';
  place.setAttribute('aria-label', translate('Drafts of this form'));
  const words = document.createElement('p');
  words.textContent =
    left.length === 1 ? translate('You began this form before and did not send it.') : translate('You began this form before and did not send it, more than once.');
  place.append(words);
  for (const one of left) {
    const line = document.createElement('p');
    line.className = 'actions';
    const saved = document.createElement('span');
    saved.textContent = translate('Saved {saved}', { saved: one.saved });
    line.append(
      saved,
      button(translate('Go on with it'), () => {
        goOn(one);
        place.remove();
      }),
      button(translate('Discard it'), async () => {
        if (!(await discard(one))) return;
        line.remove();
        if (!place.querySelector('.actions')) place.remove();
      }),
    );
    place.append(line);
  }
  form.prepend(place);
}

function button(label: string, pressed: () => void | Promise<void>): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn btn-secondary btn-sm';
  made.textContent = label;
  made.addEventListener('click', () => void pressed());
  return made;
}

async function discard(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'X-CSRFToken': csrfToken() },
    });
    return response.ok;
  } catch {
    return false;
  }
}
