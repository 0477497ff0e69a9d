/** Menus close when one clicks or tabs elsewhere; the theme is the person's choice. */
import { translate } from './translate.ts';

export function startMenus(): void {
  const closeOthers = (event: Event) => {
    for (const menu of document.querySelectorAll('details[data-menu][open]')) {
      if (!menu.contains(event.target as Node)) menu.removeAttribute('open');
    }
  };
  document.addEventListener('click', closeOthers);
  document.addEventListener('focusin', closeOthers);

  const root = document.documentElement;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-theme-toggle]')) {
    if (!root.hasAttribute('data-theme-choice')) {
      button.hidden = true;
      continue;
    }
    const label = () => {
      button.textContent = root.getAttribute('data-bs-theme') === 'dark' ? translate('Light theme') : translate('Dark theme');
    };
    label();
    button.addEventListener('click', () => {
      const theme = root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark';
      root.setAttribute('data-bs-theme', theme);
      label();
      document.dispatchEvent(new CustomEvent('crescent:theme'));
      try {
        localStorage.setItem('theme', theme);
      } catch {
        // Storage is switched off: the choice lasts for this page.
      }
    });
  }
}
