/**
 * The box for a device label: keyboard wedges, the camera, and nothing typed is lost by reading.
 *
 * A wedge types the group separator as Ctrl+], which a box of text swallows: it is written as ␝.
 */
interface Detected {
  rawValue: string;
}
interface Detector {
  detect(source: CanvasImageSource): Promise<Detected[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

const SEPARATOR = '\u241d';
const FORMATS = ['data_matrix', 'code_128', 'qr_code'];
const PAUSE_MS = 200;

export function startUdiScan(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-udi-scan]');
  const box = form?.querySelector<HTMLInputElement>('[name="scan"]');
  if (!form || !box) return;
  box.addEventListener('keydown', (event) => {
    if (!isSeparator(event)) return;
    event.preventDefault();
    box.setRangeText(SEPARATOR, box.selectionStart ?? 0, box.selectionEnd ?? 0, 'end');
  });
  form.addEventListener('submit', () => takeAlong(form));
  startCamera(form, box);
}

export function isSeparator(event: Pick<KeyboardEvent, 'ctrlKey' | 'key'>): boolean {
  return event.key === '\u001d' || (event.ctrlKey && event.key === ']');
}

/** The answers of the form below go along, so that they stand there again. */
function takeAlong(form: HTMLFormElement): void {
  form.querySelectorAll('[data-taken-along]').forEach((one) => one.remove());
  const answers = document.querySelector<HTMLFormElement>('#form-panel form');
  if (!answers) return;
  const own = new Set(['csrfmiddlewaretoken', 'once', 'draft']);
  for (const [name, value] of new FormData(answers)) {
    if (own.has(name) || typeof value !== 'string') continue;
    const taken = document.createElement('input');
    Object.assign(taken, { type: 'hidden', name, value });
    taken.dataset.takenAlong = '';
    form.append(taken);
  }
}

function startCamera(form: HTMLFormElement, box: HTMLInputElement): void {
  const button = form.querySelector<HTMLButtonElement>('[data-udi-camera]');
  const video = form.querySelector<HTMLVideoElement>('[data-udi-video]');
  const without = form.querySelector<HTMLElement>('[data-udi-no-camera]');
  const { BarcodeDetector } = window as unknown as { BarcodeDetector?: DetectorClass };
  if (!BarcodeDetector || !navigator.mediaDevices || !button || !video) {
    if (without) without.hidden = false;
    return;
  }
  button.hidden = false;
  button.addEventListener('click', () => {
    void look(new BarcodeDetector({ formats: FORMATS }), video)
      .then((found) => {
        if (found === null) return;
        box.value = found;
        form.requestSubmit();
      })
      .catch(() => {
        // Refused, or there is no camera.
        if (without) without.hidden = false;
      });
  });
}

/** What the camera sees first; null when the person closes it with Escape. */
async function look(detector: Detector, video: HTMLVideoElement): Promise<string | null> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment' },
  });
  let closed = false;
  const close = (event: KeyboardEvent) => {
    if (event.key === 'Escape') closed = true;
  };
  document.addEventListener('keydown', close);
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    while (!closed) {
      const [found] = await detector.detect(video);
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return null;
  } finally {
    document.removeEventListener('keydown', close);
    video.hidden = true;
    stream.getTracks().forEach((track) => track.stop());
  }
}
