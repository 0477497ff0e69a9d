/** Cuts a selection into requests: some files together, a zip always alone. */
export interface ChosenFile {
  /** Place in the whole selection, from 1; the only thing that ties an answer to a file name. */
  position: number;
  /** Folders and name, for the eye. */
  path: string;
  file: File;
}

export const BATCH_FILES = 20;
export const BATCH_BYTES = 24 * 1024 * 1024;

export function isZip(file: { name: string }): boolean {
  return /\.zip$/i.test(file.name);
}

export function planBatches(chosen: ChosenFile[]): ChosenFile[][] {
  const batches: ChosenFile[][] = [];
  let open: ChosenFile[] = [];
  let open_bytes = 0;
  const close = () => {
    if (open.length > 0) batches.push(open);
    open = [];
    open_bytes = 0;
  };
  for (const one of chosen) {
    if (isZip(one.file)) {
      batches.push([one]);
      continue;
    }
    if (open.length >= BATCH_FILES || open_bytes + one.file.size > BATCH_BYTES) close();
    open.push(one);
    open_bytes += one.file.size;
  }
  close();
  return batches;
}
