/** Partial page updates, without anything that a strict content security policy forbids. */
import htmx from 'htmx.org';
import { csrfToken } from './csrf.ts';
import { toast } from './toasts.ts';
import { translate } from './translate.ts';

export function startHtmx(): void {
  htmx.config.allowEval = false;
  htmx.config.allowScriptTags = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.selfRequestsOnly = true;
  // Pages hold patient data: none of it goes into the browser's storage.
  htmx.config.historyCacheSize = 0;
  document.addEventListener('htmx:configRequest', (event) => {
    const detail = (event as CustomEvent<{ headers: Record<string, string> }>).detail;
    detail.headers['X-CSRFToken'] = csrfToken();
  });
  for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
    document.addEventListener(name, () => {
      toast(translate('The server did not answer as expected. Nothing on this page was changed; try again.'), {
        level: 'error',
      });
    });
  }
  document.addEventListener('htmx:afterSettle', (event) => {
    const place = (event.target as Element).closest?.('.step-form-place');
    place?.querySelector<HTMLElement>('input:not([type="hidden"]), select, textarea')?.focus();
  });
  document.addEventListener('htmx:load', () => {
    document.dispatchEvent(new CustomEvent('crescent:content'));
  });
}
