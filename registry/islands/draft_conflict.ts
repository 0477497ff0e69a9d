/** Two versions of one form side by side, so that the person chooses and neither is lost unseen. */
import { differences, type Answers } from './draft_answers.ts';
import { translate } from './translate.ts';

export interface SavedElsewhere {
  error: string;
  edition: number;
  answers: Answers;
  /** What was drawn, where the form stands beside images. */
  marks?: Marks;
}

export interface Marks {
  measurements?: unknown[];
  key_images?: unknown[];
}

export function showConflict(
  form: HTMLFormElement,
  there: SavedElsewhere,
  noun: string,
  chosen: (isMine: boolean) => void,
): void {
  const place = document.createElement('section');
  place.className = 'draft-conflict message warning';
  place.setAttribute('role', 'alertdialog');
  place.setAttribute('aria-label', translate('Two versions of this {noun}', { noun }));
  place.tabIndex = -1;
  const words = document.createElement('p');
  words.textContent = there.error;
  const choose = (label: string, isMine: boolean) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-secondary btn-sm';
    button.textContent = label;
    button.addEventListener('click', () => {
      place.remove();
      chosen(isMine);
    });
    return button;
  };
  const actions = document.createElement('div');
  actions.className = 'actions';
  actions.append(choose(translate('Keep what is here'), true), choose(translate('Take the other version'), false));
  place.append(words, tableOf(form, there), actions);
  (form.querySelector('.form-actions') ?? form.lastElementChild)?.before(place);
  place.focus();
}

function tableOf(form: HTMLFormElement, there: SavedElsewhere): HTMLTableElement {
  const table = document.createElement('table');
  const rows = differences(form, there.answers).map(({ question, here, there: other }) => [question, here, other]);
  if (there.marks) {
    const marks = form.querySelector<HTMLInputElement>('input[name="marks"]')?.value ?? '';
    const mine = marks === '' ? {} : (JSON.parse(marks) as Marks);
    rows.push([translate('Measurements and key images'), countOf(mine), countOf(there.marks)]);
  }
  const head = table.createTHead().insertRow();
  for (const title of ['', translate('Here'), translate('Other version')]) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [question = '', ...answers] of rows) {
    const row = body.insertRow();
    const title = document.createElement('th');
    title.scope = 'row';
    title.textContent = question;
    row.append(title);
    for (const answer of answers) row.insertCell().textContent = answer;
  }
  return table;
}

function countOf({ measurements = [], key_images = [] }: Marks): string {
  return translate('{measurements} and {key_images}', { measurements: measurements.length, key_images: key_images.length });
}
