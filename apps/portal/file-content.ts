import { type ByteSource, joined } from '#embed/byte-source.js';
import { HashFileError } from './hash-file.js';

/** Files up to this size are read once, whole, and looked at in memory: to ask a browser for a part of a file takes longer than to hash some of it. In bytes. */
const WHOLE_BYTES = 1_048_576;

/** Where readers look for the beginning of a PDF, in bytes. */
const PDF_START_BYTES = 1024;

/** What is in a file: of a large one, the parts that are asked for are read when they are. */
export class FileContent implements ByteSource {
  /** In bytes. A browser looks at the disk whenever a file is asked for it, and the page stands still. */
  readonly size: number;
  #whole: Promise<Uint8Array> | undefined;

  /** `readWhole`: where the bytes are in memory already. */
  constructor(
    readonly blob: Blob,
    private readonly readWhole: () => Promise<Uint8Array> = () => bytesOf(blob, 0),
  ) {
    this.size = blob.size;
  }

  get isSmall(): boolean {
    return this.size <= WHOLE_BYTES;
  }

  /** @throws HashFileError `unreadable-file` */
  async read(start: number, end: number): Promise<Uint8Array> {
    if (!this.isSmall) return bytesOf(this.blob.slice(start, end), start);
    this.#whole ??= this.readWhole();
    return (await this.#whole).subarray(start, end);
  }

  /** What is handed to a hasher. @throws HashFileError `unreadable-file` */
  async toHash(): Promise<Blob | Uint8Array> {
    return this.isSmall ? this.read(0, this.size) : this.blob;
  }

  /** `kept` bytes, those at `from` and after it, and then `ending`. Nothing is copied: the parts of a blob are read where they lie. */
  part(from: number, kept: number, ending: Uint8Array): FileContent {
    const blob = new Blob([this.blob.slice(from, from + kept), new Uint8Array(ending)]);
    return new FileContent(blob, async () =>
      this.isSmall ? joined(await this.read(from, from + kept), ending) : bytesOf(blob, 0),
    );
  }
}

/** Whether a file may be a PDF. @throws HashFileError `unreadable-file` */
export async function isPdf(file: FileContent): Promise<boolean> {
  const start = await file.read(0, Math.min(file.size, PDF_START_BYTES));
  return new TextDecoder('latin1').decode(start).includes('%PDF-');
}

/** All bytes of a blob, which stands at `start` in its file. */
async function bytesOf(blob: Blob, start: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new HashFileError('unreadable-file', `reading at byte ${start}: expected bytes, got an error`, { cause });
  }
}
