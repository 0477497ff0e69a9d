/** Applies the person's choice of theme before the first paint; reading pages keep their own. */
const root = document.documentElement;
try {
  if (root.hasAttribute('data-theme-choice') && localStorage.getItem('theme') === 'dark') {
    root.setAttribute('data-bs-theme', 'dark');
  }
} catch {
  // Storage is switched off: the page keeps the light theme.
}
