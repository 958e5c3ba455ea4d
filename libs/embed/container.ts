import { type ByteSource, joined, pieces, sliceOf } from './byte-source.js';
import type { Carrier, Embedded, Embedding } from './carrier.js';
import { crc32 } from './crc32.js';
import { EmbedError } from './error.js';
import { ascii, MAX_PROOF_BYTES } from './format.js';
import { startsAt } from './search.js';

/** What a container says that it is, in its first member, as the containers of ETSI EN 319 162-1 do; it is none of those, which have a signature. */
const MEDIA_TYPE = 'application/vnd.sealroot.container+zip';
const PROOF_NAME = 'META-INF/sealroot-proof.json';

/** Longest name of a document, in bytes. */
const MAX_NAME_BYTES = 200;

/** Longest document in a container: with what else is there, places beyond 4 GiB would take the records of ZIP64. */
const MAX_DOCUMENT_BYTES = 4_290_000_000;

/** Bytes of a member's header before its name (APPNOTE.TXT §4.3.7). */
const HEADER_BYTES = 30;

/** What no name may have in it: what divides paths or is refused by a system, controls, half characters, what is not seen and what turns the direction of writing. */
const REFUSED = /[/\\:*?"<>|\p{Cc}\p{Cs}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}]/u;

/** One member of a container: nothing is compressed. */
interface Member {
  name: Uint8Array;
  crc: number;
  size: number;
}

const PIECE_BYTES = 1_048_576;
const TYPE_BYTES = ascii(MEDIA_TYPE);
const TYPE: Member = { name: ascii('mimetype'), crc: crc32(TYPE_BYTES), size: TYPE_BYTES.length };
/** What every container begins with. */
const START = joined(headerOf(TYPE), TYPE_BYTES);

/** ZIP files with a document and its proof in them, side by side: for documents that cannot have it inside. */
export const CONTAINER: Carrier = {
  name: 'container',
  magic: START,

  // What begins like a container and is none would be found again by nobody.
  embed: () => Promise.reject(new EmbedError('no-end', 'Putting a proof into a container: expected a whole one')),

  async findAtEnd(file) {
    const found = await read(file);
    if (found === undefined) return undefined;
    const made = await planContainer(sliceOf(file, found.from, found.from + found.kept), found.proof, found.name);
    const isSame = async (bytes: Uint8Array, at: number) => startsAt(await file.read(at, at + bytes.length), bytes, 0);
    const end = found.from + found.kept;
    const exact =
      end + made.tail.length === file.size && (await isSame(made.head, 0)) && (await isSame(made.tail, end));
    return exact ? { ...found, exact } : undefined;
  },

  async remains(file) {
    const found = (await CONTAINER.findAtEnd(file)) ?? (await read(file));
    return found === undefined ? [] : [found];
  },
};

/** A container of a document under a name, and its proof. @throws EmbedError `too-large` */
export async function planContainer(document: ByteSource, proof: Uint8Array, name: string): Promise<Embedding> {
  const message = 'Putting a document and its proof into a container: ';
  if (proof.length > MAX_PROOF_BYTES)
    throw new EmbedError('too-large', `${message}expected a proof of at most ${MAX_PROOF_BYTES} bytes`);
  if (document.size > MAX_DOCUMENT_BYTES)
    throw new EmbedError('too-large', `${message}expected at most ${MAX_DOCUMENT_BYTES} bytes, got ${document.size}`);
  let crc = 0;
  for await (const piece of pieces(document, PIECE_BYTES)) crc = crc32(piece, crc);
  const first = { name: new TextEncoder().encode(name), crc, size: document.size };
  const second = { name: ascii(PROOF_NAME), crc: crc32(proof), size: proof.length };
  const head = joined(START, headerOf(first));
  const secondAt = head.length + first.size;
  const directoryAt = secondAt + HEADER_BYTES + second.name.length + second.size;
  const directory = joined(entryOf(TYPE, 0), entryOf(first, START.length), entryOf(second, secondAt));
  const tail = joined(headerOf(second), proof, directory, endOf(directory.length, directoryAt));
  return { carrier: 'container', head, kept: document.size, tail };
}

/** The name of a document in its container: its own, where that may stand there. */
export function nameInContainer(name: string): string {
  const plain = [...name.normalize('NFC')].map((character) => (REFUSED.test(character) ? '_' : character)).join('');
  let short = plain.replace(/^[. ]+|[. ]+$/g, '');
  while (new TextEncoder().encode(short).length > MAX_NAME_BYTES)
    short = [...short]
      .slice(1)
      .join('')
      .replace(/^[. ]+/, '');
  return isName(short) ? short : `document-${short}`;
}

function isName(name: string): boolean {
  const bytes = new TextEncoder().encode(name).length;
  return (
    bytes > 0 && bytes <= MAX_NAME_BYTES && !REFUSED.test(name) && !/^[. ]|[. ]$|^(mimetype|meta-inf)$/i.test(name)
  );
}

/** What stands where a container has its document and its proof; whether the rest is as it must be is not looked at. */
async function read(file: ByteSource): Promise<(Embedded & { name: string }) | undefined> {
  const upTo = Math.min(START.length + HEADER_BYTES + MAX_NAME_BYTES, file.size);
  const start = await file.read(0, upTo);
  if (!startsAt(start, START, 0)) return undefined;
  const document = sizesAt(start, START.length);
  const from = START.length + HEADER_BYTES + (document?.nameBytes ?? 0);
  if (document === undefined || from > start.length || from + document.size > file.size) return undefined;
  const name = utf8(start.subarray(START.length + HEADER_BYTES, from));
  if (name === undefined || !isName(name)) return undefined;
  const end = from + document.size;
  const rest = await file.read(end, Math.min(end + HEADER_BYTES + PROOF_NAME.length + MAX_PROOF_BYTES, file.size));
  const second = sizesAt(rest, 0);
  const at = HEADER_BYTES + PROOF_NAME.length;
  if (second === undefined || !startsAt(rest, ascii(PROOF_NAME), HEADER_BYTES)) return undefined;
  if (second.nameBytes !== PROOF_NAME.length || at + second.size > rest.length) return undefined;
  const proof = rest.slice(at, at + second.size);
  return { carrier: 'container', from, kept: document.size, ending: new Uint8Array(), proof, name, exact: false };
}

/** What a member's header at a place says of the lengths of its name and content; undefined where none stands there. */
function sizesAt(bytes: Uint8Array, at: number): { nameBytes: number; size: number } | undefined {
  if (!startsAt(bytes, Uint8Array.of(0x50, 0x4b, 3, 4), at) || at + HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  return { nameBytes: view.getUint16(26, true), size: view.getUint32(22, true) };
}

/** What a member's header and its entry have in common: version 2.0, names in UTF-8, stored, 1 January 1980. */
function commonOf({ crc, name, size }: Member): number[] {
  return [...u16(20, 0x0800, 0, 0, 0x0021), ...u32(crc, size, size), ...u16(name.length, 0)];
}

function headerOf(member: Member): Uint8Array {
  return joined(Uint8Array.of(0x50, 0x4b, 3, 4, ...commonOf(member)), member.name);
}

function entryOf(member: Member, place: number): Uint8Array {
  const entry = [0x50, 0x4b, 1, 2, ...u16(20), ...commonOf(member), ...u16(0, 0, 0), ...u32(0, place)];
  return joined(Uint8Array.from(entry), member.name);
}

function endOf(directoryBytes: number, directoryAt: number): Uint8Array {
  return Uint8Array.of(0x50, 0x4b, 5, 6, ...u16(0, 0, 3, 3), ...u32(directoryBytes, directoryAt), ...u16(0));
}

function u16(...values: number[]): number[] {
  return values.flatMap((value) => [value & 0xff, value >>> 8]);
}

function u32(...values: number[]): number[] {
  return values.flatMap((value) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
}

/** Bytes as text, if they are UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
