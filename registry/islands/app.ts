/** What every page does: keyboard, forms that never lose text, toasts, menus. */
import './styles/app.css';
import { startAutosubmit } from './autosubmit.ts';
import { startConditionalFields } from './conditional_fields.ts';
import { startFirstAnswer } from './first_answer.ts';
import { startFormsets } from './formset.ts';
import { startHtmx } from './htmx.ts';
import { startIsoDates } from './iso_dates.ts';
import { startKeyboard } from './keyboard.ts';
import { startMenus } from './menu.ts';
import { startMissingAnswers } from './missing_answers.ts';
import { startSigning } from './signing.ts';
import { startToasts } from './toasts.ts';
import { startUnsavedText } from './unsaved_text.ts';

startConditionalFields();
startFormsets();
startMissingAnswers();
startUnsavedText();
startSigning();
startIsoDates();
startAutosubmit();
startKeyboard();
startMenus();
startToasts();
startHtmx();
document.querySelector<HTMLElement>('[data-form-errors]')?.focus();
startFirstAnswer();
