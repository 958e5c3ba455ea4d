import { base64 } from '@scure/base';
import type { ByteSource } from './byte-source.js';
import type { Carrier, Embedded } from './carrier.js';
import { EmbedError } from './error.js';
import { ascii, latin1, MARK } from './format.js';
import { atMarks } from './marks.js';
import { lastIndexOf, startsAt } from './search.js';

/** First bytes of the end of central directory record (APPNOTE.TXT §4.3.16). A comment of ours holds none of them. */
const SIGNATURE = Uint8Array.of(0x50, 0x4b, 0x05, 0x06);

/** Length of that record without the comment, of which the last two bytes say how long the comment is. */
const RECORD_BYTES = 22;
const LENGTH_BYTES = 2;

/** Longest archive comment, in bytes. */
const MAX_COMMENT_BYTES = 65_535;

const HEAD = `${MARK} `;

/** The length of the comment of a document that has none. */
const NO_COMMENT = Uint8Array.of(0, 0);

/** ZIP files, and what is made of them (OFD, DOCX, XLSX, ASiC): the archive comment. */
export const ZIP: Carrier = {
  name: 'zip',
  magic: Uint8Array.of(0x50, 0x4b, 0x03, 0x04),

  async embed(document, proof) {
    await checkEnd(document);
    const comment = commentOf(proof);
    if (comment.length > MAX_COMMENT_BYTES) {
      const most = Math.floor(((MAX_COMMENT_BYTES - HEAD.length) * 3) / 4);
      const message = `Putting a proof into a ZIP file: expected at most ${most} bytes, got ${proof.length}`;
      throw new EmbedError('too-large', message);
    }
    const tail = new Uint8Array(LENGTH_BYTES + comment.length);
    new DataView(tail.buffer).setUint16(0, comment.length, true);
    tail.set(comment, LENGTH_BYTES);
    return { carrier: 'zip', head: new Uint8Array(), kept: document.size - LENGTH_BYTES, tail };
  },

  async findAtEnd(file) {
    const { from, end } = await readEnd(file);
    const at = lastIndexOf(end, SIGNATURE);
    if (at < 0) return undefined;
    const found = await findAt(file, from + at);
    return found?.exact === true ? found : undefined;
  },

  remains: (file) => atMarks(file, RECORD_BYTES, findAt),
};

/** The proof in the comment of the end record at a place, whatever follows it. */
async function findAt(file: ByteSource, place: number): Promise<Embedded | undefined> {
  const bytes = await file.read(place, Math.min(place + RECORD_BYTES + MAX_COMMENT_BYTES, file.size));
  if (!startsAt(bytes, SIGNATURE, 0)) return undefined;
  const length = commentLength(bytes, 0);
  const comment = bytes.subarray(RECORD_BYTES, RECORD_BYTES + length);
  const proof = readComment(latin1(comment));
  if (proof === undefined || comment.length !== length) return undefined;
  return {
    carrier: 'zip',
    from: 0,
    kept: place + RECORD_BYTES - LENGTH_BYTES,
    ending: NO_COMMENT,
    proof,
    exact: place + RECORD_BYTES + length === file.size,
  };
}

/** @throws EmbedError `no-end`, `has-comment` */
async function checkEnd(document: ByteSource): Promise<void> {
  const { end } = await readEnd(document);
  const record = end.length - RECORD_BYTES;
  if (startsAt(end, SIGNATURE, record) && commentLength(end, record) === 0) return;
  const at = lastIndexOf(end, SIGNATURE);
  if (at >= 0 && at + RECORD_BYTES + commentLength(end, at) === end.length) {
    const message = 'Putting a proof into a ZIP file: expected one without an archive comment, got one with a comment';
    throw new EmbedError('has-comment', message);
  }
  const message = 'Putting a proof into a ZIP file: expected its end record at its end, got something else';
  throw new EmbedError('no-end', message);
}

/** As much of the end of a file as an end record with the longest comment takes. */
async function readEnd(file: ByteSource): Promise<{ from: number; end: Uint8Array }> {
  const from = Math.max(0, file.size - RECORD_BYTES - MAX_COMMENT_BYTES);
  return { from, end: await file.read(from, file.size) };
}

/** What the record at a place in `bytes` says of its comment's length; 0 where it is cut short. */
function commentLength(bytes: Uint8Array, record: number): number {
  const at = record + RECORD_BYTES - LENGTH_BYTES;
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

function commentOf(proof: Uint8Array): Uint8Array {
  return ascii(HEAD + base64.encode(proof));
}

/** The proof in a comment; undefined where it is another's, or not the one written form of anything. */
function readComment(comment: string): Uint8Array | undefined {
  const encoded = comment.slice(HEAD.length);
  if (!comment.startsWith(HEAD) || encoded === '') return undefined;
  try {
    const proof = base64.decode(encoded);
    return base64.encode(proof) === encoded ? proof : undefined;
  } catch {
    return undefined;
  }
}
