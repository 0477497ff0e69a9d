/** Talks to the ingest door: opens a run, sends batches, closes the run. */
import type { ChosenFile } from './upload_batches.ts';

export interface Run {
  run: string;
  urls: { files: string; finish: string; page: string };
}

/** One answer about one file. No name comes back: it is found again here by its position. */
export interface FileResult {
  position: number;
  /** Place inside the zip, from 1; absent or 0 when the file did not come in one. */
  entry?: number | null;
  result: string;
  reason_code?: string;
  reason?: string;
  remedy?: string;
}

export interface Answer {
  files: FileResult[];
  /** Positions of companions such as DICOMDIR, once for each. */
  ignored: number[];
}

/** The request failed; the message says what to do, and `again` whether trying again may help. */
export class RequestError extends Error {
  readonly again: boolean;

  constructor(message: string, { again }: { again: boolean }) {
    super(message);
    this.again = again;
  }
}

export async function openRun(url: string, centre_code: string, token: string): Promise<Run> {
  return (await post(url, new URLSearchParams({ centre_code }), token)) as Run;
}

export async function closeRun(run: Run, token: string): Promise<void> {
  await post(run.urls.finish, new URLSearchParams(), token);
}

export async function sendFiles(
  run: Run,
  batch: ChosenFile[],
  token: string,
  options: { signal: AbortSignal; progress: (sent_bytes: number) => void },
): Promise<Answer> {
  const body = new FormData();
  for (const one of batch) {
    body.append('files', one.file, one.file.name);
    body.append('position', String(one.position));
  }
  return (await post(run.urls.files, body, token, options)) as Answer;
}

function post(
  url: string,
  body: FormData | URLSearchParams,
  token: string,
  options: { signal?: AbortSignal; progress?: (sent_bytes: number) => void } = {},
): Promise<unknown> {
  // XMLHttpRequest, because fetch cannot tell how much has been sent.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open('POST', url);
    request.responseType = 'json';
    request.setRequestHeader('X-CSRFToken', token);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => options.progress?.(event.loaded));
    request.addEventListener('load', () => {
      const answer: unknown = request.response;
      if (request.status >= 200 && request.status < 300 && answer !== null) resolve(answer);
      else reject(refusal(request.status, answer));
    });
    request.addEventListener('error', () => {
      reject(new RequestError('The connection was lost.', { again: true }));
    });
    request.addEventListener('abort', () => {
      reject(new RequestError('Cancelled before an answer came.', { again: false }));
    });
    request.addEventListener('loadend', () => options.signal?.removeEventListener('abort', abort));
    if (options.signal?.aborted) {
      reject(new RequestError('Cancelled before it was sent.', { again: false }));
      return;
    }
    options.signal?.addEventListener('abort', abort);
    request.send(body);
  });
}

function refusal(status: number, answer: unknown): RequestError {
  const said = (answer as { error?: unknown } | null)?.error;
  if (typeof said === 'string') return new RequestError(said, { again: status >= 500 });
  if (status === 413) {
    return new RequestError('The server takes no request of this size; send the folder instead of one large zip.', { again: false });
  }
  if (status === 507) return new RequestError('The server has no room left.', { again: false });
  if (status >= 500 || status === 429 || status === 408) {
    return new RequestError('The server could not take the files just now.', { again: true });
  }
  return new RequestError(
    'The server refused the request. Your session may have ended: sign in again in another tab, then try again.',
    { again: false },
  );
}
