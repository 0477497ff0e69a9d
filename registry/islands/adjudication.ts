/** Whose marks lie on the images: those of Read A, of Read B, of both, or none. */
const NONE = { measurements: [], key_images: [] };

const marks = JSON.parse(document.getElementById('marks-of-reads')?.textContent ?? '{}') as Record<string, unknown>;
const field = document.querySelector<HTMLInputElement>('input[type="hidden"][name="marks"]');
const choices = document.querySelector('[data-island="marks-of-reads"]');

choices?.addEventListener('change', (event) => {
  if (!field || !(event.target instanceof HTMLInputElement)) return;
  field.value = JSON.stringify(marks[event.target.value] ?? NONE);
  // The viewer's own event (imaging/viewer/marks_field.ts): these take the place of what is drawn.
  field.dispatchEvent(new Event('crescent:marks'));
});
