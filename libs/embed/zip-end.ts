import type { ByteSource } from './byte-source.js';
import { lastIndexOf, placesOf, startsAt } from './search.js';

/** First bytes of the end of central directory record, of its form in ZIP64, and of what leads to that (APPNOTE.TXT §4.3.14 to 16). */
const END = Uint8Array.of(0x50, 0x4b, 5, 6);
const END64 = Uint8Array.of(0x50, 0x4b, 6, 6);
const LOCATOR64 = Uint8Array.of(0x50, 0x4b, 6, 7);

/** Lengths of them in bytes, without comment and without what may follow the fields of the second. */
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;

/** Places in them of where the directory is, how long it is, and where the record of ZIP64 is. */
const DIRECTORY = 16;
const DIRECTORY_SIZE = 12;
const DIRECTORY64 = 48;
const DIRECTORY64_SIZE = 40;
const RECORD64 = 8;

const MAX_COMMENT_BYTES = 65_535;

/** In a place of four bytes: look into the record of ZIP64. */
const SEE_ZIP64 = 0xffffffff;

/** Longest directory that is taken with all after it, in bytes: some 500,000 members. */
const MAX_ENDING_BYTES = 67_108_864;

/** Where a ZIP file ends, and what its end says. */
export interface ZipEnd {
  /** Length of the file: up to the end of its end record, with the comment there. */
  size: number;
  /** Where its central directory begins. */
  directory: number;
  /** Where its end record is. */
  record: number;
  /** Where its record of ZIP64 is. */
  record64?: number;
}

/** The end of a ZIP file that ends with its end record; undefined where it does not, or where directory and records do not stand one right after the other. */
export async function zipEnd(file: ByteSource): Promise<ZipEnd | undefined> {
  const from = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES);
  const bytes = await file.read(from, file.size);
  for (let at = lastIndexOf(bytes, END); at >= 0; at = lastIndexOf(bytes.subarray(0, at), END)) {
    const end = await endAt(file, from + at);
    if (end?.size === file.size) return end;
  }
  return undefined;
}

/** The first end record after a directory that begins at a place, whatever follows it. */
export async function zipEndFrom(file: ByteSource, directory: number): Promise<ZipEnd | undefined> {
  const most = Math.min(file.size, directory + MAX_ENDING_BYTES);
  const after: ByteSource = {
    size: most - directory,
    read: (start, to) => file.read(directory + start, directory + to),
  };
  for await (const place of placesOf(after, END)) {
    const end = await endAt(file, directory + place);
    if (end?.directory === directory) return end;
  }
  return undefined;
}

async function endAt(file: ByteSource, record: number): Promise<ZipEnd | undefined> {
  const from = Math.max(0, record - LOCATOR64_BYTES);
  const bytes = await file.read(from, Math.min(record + END_BYTES, file.size));
  const at = record - from;
  if (bytes.length < at + END_BYTES) return undefined;
  const view = viewOf(bytes);
  const size = record + END_BYTES + view.getUint16(at + END_BYTES - 2, true);
  if (size > file.size) return undefined;
  const [directory, length] = [DIRECTORY, DIRECTORY_SIZE].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
  ];
  if (at < LOCATOR64_BYTES || !startsAt(bytes, LOCATOR64, 0))
    return isEnding({ size, directory, record }) && directory + length === record
      ? { size, directory, record }
      : undefined;
  const record64 = place(view, RECORD64);
  const fields = await file.read(Math.min(record64, from), Math.min(record64 + END64_BYTES, from));
  if (fields.length < END64_BYTES || !startsAt(fields, END64, 0)) return undefined;
  const directory64 = place(viewOf(fields), DIRECTORY64);
  const end = { size, directory: directory64, record, record64 };
  const agrees = directory === SEE_ZIP64 || directory === directory64;
  const isWhole = directory64 + place(viewOf(fields), DIRECTORY64_SIZE) === record64;
  return agrees && isWhole && isEnding(end) ? end : undefined;
}

/** A directory with all that follows it, of a file in which it begins `by` bytes further back; undefined where a place has no room for that. */
export function withDirectoryMoved(ending: Uint8Array, end: ZipEnd, by: number): Uint8Array | undefined {
  const moved = ending.slice();
  const view = viewOf(moved);
  const { directory, record, record64 } = end;
  const field = record - directory + DIRECTORY;
  if (record64 !== undefined) {
    view.setBigUint64(record64 - directory + DIRECTORY64, BigInt(directory + by), true);
    view.setBigUint64(record - directory - LOCATOR64_BYTES + RECORD64, BigInt(record64 + by), true);
    if (view.getUint32(field, true) === SEE_ZIP64) return moved;
  }
  if (directory + by >= SEE_ZIP64) return undefined;
  view.setUint32(field, directory + by, true);
  return moved;
}

function isEnding({ size, directory, record }: ZipEnd): boolean {
  return directory <= record && size - directory <= MAX_ENDING_BYTES;
}

/** A place in eight bytes; one that no file has is beyond the end of every file. */
function place(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
