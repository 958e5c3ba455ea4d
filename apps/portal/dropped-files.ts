/** Hands over files that are dropped anywhere on the page: a near miss must not make the browser open the document. */
export function listenForDrops(onFiles: (files: File[]) => void): void {
  const { body } = document;
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    body.classList.add('dragging');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) body.classList.remove('dragging');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    body.classList.remove('dragging');
    if (event.dataTransfer) void take(event.dataTransfer);
  });
  async function take(transfer: DataTransfer): Promise<void> {
    const files = await droppedFiles(transfer);
    if (files.length > 0) onFiles(files);
  }
}

/** Hands over files that are dropped on a part of the page, which the rest of it then does not get. */
export function listenForDropsOn(part: HTMLElement, onFiles: (files: File[]) => void): void {
  const mark = (isOver: boolean) => {
    part.classList.toggle('dragging-over', isOver);
    if (isOver) document.body.classList.remove('dragging');
  };
  part.addEventListener('dragover', (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    mark(true);
  });
  part.addEventListener('dragleave', () => mark(false));
  part.addEventListener('drop', (event) => {
    event.preventDefault();
    event.stopPropagation();
    mark(false);
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
  });
}

/** Files that were dropped, those in dropped folders too, to the bottom. */
async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Asked for at once: the list is empty once the event is over.
  const entries = Array.from(transfer.items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = Array.from(transfer.files);
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  const found = await Promise.all(entries.map((entry) => filesIn(entry)));
  return found.flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((take, fail) => (entry as FileSystemFileEntry).file(take, fail))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: File[] = [];
  // A browser hands out a hundred at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail));
    if (some.length === 0) return files;
    for (const one of some) files.push(...(await filesIn(one)));
  }
}
