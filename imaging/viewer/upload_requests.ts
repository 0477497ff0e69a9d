/** Talks to the ingest door: opens a run, sends batches and parts, asks how far it came, closes it. */
import type { ChosenFile } from './upload_batches.ts';
import { translate } from '../../registry/islands/translate.ts';

export interface Run {
  run: string;
  /** Makes the browser's memory of this run unreadable for whoever has not signed in. */
  memory_key: string;
  urls: { files: string; parts: string; state: string; finish: string; page: string };
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

export interface RunState extends Run {
  centre_code: string;
  finished: boolean;
  /** How many files ended how, at the places that are answered. */
  counts: Record<string, number>;
  /** First and last place of each stretch that need not be sent again. */
  answered: [first: number, last: number][];
  refused: FileResult[];
  parts: { position: number; size: number; offset: number }[];
}

export interface PartState {
  offset: number;
  ended: boolean;
}

export interface Closed {
  patients: number;
}

/** The request failed; the message says what to do, and `again` whether trying again may help. */
export class RequestError extends Error {
  readonly again: boolean;

  constructor(message: string, { again }: { again: boolean }) {
    super(message);
    this.again = again;
  }
}

interface Sending {
  signal: AbortSignal;
  progress: (sent_bytes: number) => void;
}

export async function openRun(url: string, centre_code: string, token: string): Promise<Run> {
  return (await request('POST', url, new URLSearchParams({ centre_code }), token)) as Run;
}

export async function closeRun(run: { urls: { finish: string } }, token: string): Promise<Closed> {
  return (await request('POST', run.urls.finish, new URLSearchParams(), token)) as Closed;
}

export async function readState(url: string, token: string): Promise<RunState> {
  return (await request('GET', url, null, token)) as RunState;
}

/** What the queue asks of the server; a test answers in its place. */
export interface Door {
  sendFiles(batch: ChosenFile[], sending: Sending): Promise<Answer>;
  /** Begins a file or finds out how far it came; a companion of images is passed over at once. */
  beginFile(one: ChosenFile, signal: AbortSignal): Promise<PartState | { ignored: number[] }>;
  sendPart(one: ChosenFile, part: Blob, offset: number, sending: Sending): Promise<PartState>;
  takeIn(one: ChosenFile, signal: AbortSignal, answered: (files: FileResult[]) => void): Promise<number[]>;
}

export class RunDoor implements Door {
  readonly #run: Run;
  readonly #token: string;

  constructor(run: Run, token: string) {
    this.#run = run;
    this.#token = token;
  }

  async sendFiles(batch: ChosenFile[], sending: Sending): Promise<Answer> {
    const body = new FormData();
    for (const one of batch) {
      body.append('files', one.file, one.file.name);
      body.append('position', String(one.position));
    }
    return (await request('POST', this.#run.urls.files, body, this.#token, sending)) as Answer;
  }

  async beginFile(one: ChosenFile, signal: AbortSignal): Promise<PartState | { ignored: number[] }> {
    const { name, size } = one.file;
    const body = new URLSearchParams({ position: String(one.position), name, size: String(size) });
    return (await request('POST', this.#run.urls.parts, body, this.#token, { signal })) as PartState;
  }

  async sendPart(one: ChosenFile, part: Blob, offset: number, sending: Sending): Promise<PartState> {
    return (await request('PUT', this.#of(one), part, this.#token, {
      ...sending,
      headers: { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' },
      // The server says where the next part has to begin.
      accept: (status) => status === 409,
    })) as PartState;
  }

  /** Hands on each file of the archive as soon as it is durable; returns the places passed over. */
  async takeIn(one: ChosenFile, signal: AbortSignal, answered: (files: FileResult[]) => void): Promise<number[]> {
    const response = await send(`${this.#of(one)}/take-in`, this.#token, signal);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const text = new TextDecoder();
    for (let rest = ''; ; ) {
      const { done, value } = await reader.read().catch(() => {
        throw lost(signal);
      });
      if (done) break;
      const lines = (rest + text.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      const said = lines.map((line) => JSON.parse(line) as TakeInLine);
      answered(said.filter((line): line is FileResult => 'result' in line));
      for (const line of said) {
        if ('error' in line) throw new RequestError(line.error, { again: true });
        if ('done' in line) return line.ignored;
      }
    }
    throw lost(signal);
  }

  #of(one: ChosenFile): string {
    return `${this.#run.urls.parts}/${one.position}`;
  }
}

type TakeInLine = FileResult | { begun: true } | { done: boolean; ignored: number[] } | { error: string };

async function send(url: string, token: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers: { 'X-CSRFToken': token, Accept: 'application/json' }, signal });
  } catch {
    throw lost(signal);
  }
  if (response.ok && response.body !== null && !response.redirected) return response;
  throw refusal(response.status, await response.json().catch(() => null));
}

function lost(signal: AbortSignal): RequestError {
  if (signal.aborted) return new RequestError(translate('Cancelled before an answer came.'), { again: false });
  return new RequestError(translate('The connection was lost.'), { again: true });
}

function request(
  method: string,
  url: string,
  body: FormData | URLSearchParams | Blob | null,
  token: string,
  options: {
    signal?: AbortSignal;
    progress?: (sent_bytes: number) => void;
    headers?: Record<string, string>;
    accept?: (status: number) => boolean;
  } = {},
): Promise<unknown> {
  // XMLHttpRequest, because fetch cannot tell how much has been sent.
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    const abort = () => asked.abort();
    asked.open(method, url);
    asked.responseType = 'json';
    asked.setRequestHeader('X-CSRFToken', token);
    asked.setRequestHeader('Accept', 'application/json');
    for (const [name, value] of Object.entries(options.headers ?? {})) asked.setRequestHeader(name, value);
    asked.upload.addEventListener('progress', (event) => options.progress?.(event.loaded));
    asked.addEventListener('load', () => {
      const answer: unknown = asked.response;
      const taken = (asked.status >= 200 && asked.status < 300) || options.accept?.(asked.status);
      if (taken && answer !== null) resolve(answer);
      else reject(refusal(asked.status, answer));
    });
    asked.addEventListener('error', () => {
      reject(new RequestError(translate('The connection was lost.'), { again: true }));
    });
    asked.addEventListener('abort', () => {
      reject(new RequestError(translate('Cancelled before an answer came.'), { again: false }));
    });
    asked.addEventListener('loadend', () => options.signal?.removeEventListener('abort', abort));
    if (options.signal?.aborted) {
      reject(new RequestError(translate('Cancelled before it was sent.'), { again: false }));
      return;
    }
    options.signal?.addEventListener('abort', abort);
    asked.send(body);
  });
}

function refusal(status: number, answer: unknown): RequestError {
  const said = (answer as { error?: unknown } | null)?.error;
  if (typeof said === 'string') return new RequestError(said, { again: status >= 500 });
  if (status === 413) {
    return new RequestError(translate('The server, or a proxy before it, takes no request of this size. Tell the administrator.'), { again: false });
  }
  if (status === 507) return new RequestError(translate('The server has no room left.'), { again: false });
  if (status >= 500 || status === 429 || status === 408) {
    return new RequestError(translate('The server could not take the files just now.'), { again: true });
  }
  if (status === 409) return new RequestError(translate('The server has not got the whole file.'), { again: true });
  if (status === 404) {
    return new RequestError(translate('This import is closed on the server. Send the files as a new import; what arrived is recognised.'), { again: false });
  }
  return new RequestError(
    translate('The server refused the request. Your session may have ended: sign in again in another tab, then try again.'),
    { again: false },
  );
}
