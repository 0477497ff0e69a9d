/** Cuts a selection into requests: small files together, a zip or a large file alone and in parts. */
export interface ChosenFile {
  /** Place in the whole selection, from 1; the only thing that ties an answer to a file name. */
  position: number;
  /** Folders and name, for the eye. */
  path: string;
  file: File;
}

export interface Plan {
  batches: ChosenFile[][];
  large: ChosenFile[];
}

export const BATCH_FILES = 20;
export const BATCH_BYTES = 24 * 1024 * 1024;
export const LARGE_FROM_BYTES = 32 * 1024 * 1024;

export function isZip(file: { name: string }): boolean {
  return /\.zip$/i.test(file.name);
}

/** Whether it goes in parts: a zip always does, so that its end is noted and its entries answered one by one. */
export function isLarge(file: { name: string; size: number }): boolean {
  return file.size > LARGE_FROM_BYTES || (isZip(file) && file.size > 0);
}

export function plan(chosen: ChosenFile[]): Plan {
  const large = chosen.filter((one) => isLarge(one.file));
  const batches: ChosenFile[][] = [];
  let open: ChosenFile[] = [];
  let open_bytes = 0;
  for (const one of chosen) {
    if (isLarge(one.file)) continue;
    if (open.length >= BATCH_FILES || (open.length > 0 && open_bytes + one.file.size > BATCH_BYTES)) {
      batches.push(open);
      open = [];
      open_bytes = 0;
    }
    open.push(one);
    open_bytes += one.file.size;
  }
  if (open.length > 0) batches.push(open);
  return { batches, large };
}
