/** Files and whole folders from a drop, in a stable order. */
export interface FoundFile {
  path: string;
  file: File;
}

export async function filesOfDrop(data: DataTransfer): Promise<FoundFile[]> {
  // Entries must be taken before the first await: the browser empties the list after the event.
  const entries = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry());
  if (entries.some((entry) => entry === null)) return filesOfList(data.files);
  const found: FoundFile[] = [];
  for (const entry of entries) if (entry) await collect(entry, found);
  return found;
}

export function filesOfList(list: FileList | File[]): FoundFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function collect(entry: FileSystemEntry, found: FoundFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives at most 100 entries at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const child of some.sort((a, b) => (a.name < b.name ? -1 : 1))) await collect(child, found);
  }
}
