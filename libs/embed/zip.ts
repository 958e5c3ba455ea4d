import { base64 } from '@scure/base';
import { type ByteSource, inSequence, joined, memorySource, sliceOf } from './byte-source.js';
import type { Carrier, Embedded, Embedding } from './carrier.js';
import { EmbedError } from './error.js';
import { ascii, latin1, MARK, MAX_PROOF_BYTES } from './format.js';
import { atMarks } from './marks.js';
import { lastIndexOf, startsAt } from './search.js';
import { withDirectoryMoved, type ZipEnd, zipEnd, zipEndFrom } from './zip-end.js';

const HEAD = `${MARK} `;
const START = ascii(HEAD);
const NEWLINE = 0x0a;

/** Longest that what holds a proof can be, in bytes. */
const MAX_BLOCK_BYTES = HEAD.length + Math.ceil(MAX_PROOF_BYTES / 3) * 4 + 1;

/** ZIP files, and what is made of them (OFD, DOCX, XLSX, ASiC): between the last member and the central directory, where readers look for nothing. */
export const ZIP: Carrier = {
  name: 'zip',
  magic: Uint8Array.of(0x50, 0x4b, 0x03, 0x04),

  async embed(document, proof) {
    const message = 'Putting a proof into a ZIP file: ';
    if (proof.length > MAX_PROOF_BYTES)
      throw new EmbedError('too-large', `${message}expected at most ${MAX_PROOF_BYTES} bytes, got ${proof.length}`);
    const end = await zipEnd(document);
    if (end === undefined)
      throw new EmbedError('no-end', `${message}expected its directory and end record at its end, got something else`);
    const made = await plan(document, end, proof);
    if (made === undefined)
      throw new EmbedError('too-large', `${message}expected its directory below 4 GiB, or the records of ZIP64`);
    return made;
  },

  async findAtEnd(file) {
    const end = await zipEnd(file);
    if (end === undefined) return undefined;
    // Most proofs are far shorter than the longest.
    for (let bytes = 65_536; ; bytes = Math.min(bytes * 8, MAX_BLOCK_BYTES)) {
      const from = Math.max(0, end.directory - bytes);
      const at = lastIndexOf(await file.read(from, end.directory), START);
      if (at >= 0) {
        const found = await foundAt(file, from + at, end);
        return found?.exact === true ? found : undefined;
      }
      if (from === 0 || bytes === MAX_BLOCK_BYTES) return undefined;
    }
  },

  remains: (file) =>
    atMarks(file, 0, async (_, place) => {
      const block = await blockAt(file, place);
      const end = block && (await zipEndFrom(file, place + block.length));
      return end && foundAt(file, place, end);
    }),
};

/** The proof at a place in front of a directory. */
async function foundAt(file: ByteSource, place: number, end: ZipEnd): Promise<Embedded | undefined> {
  const block = await blockAt(file, place);
  if (block === undefined || place + block.length !== end.directory) return undefined;
  const ending = withDirectoryMoved(await file.read(end.directory, end.size), end, -block.length);
  if (ending === undefined) return undefined;
  const found: Embedded = { carrier: 'zip', from: 0, kept: place, ending, proof: block.proof, exact: false };
  return { ...found, exact: end.size === file.size && (await isRest(file, found)) };
}

/** What a proof, and all after it, come to in the place of a document's directory; undefined where its places have no room for that. */
async function plan(document: ByteSource, end: ZipEnd, proof: Uint8Array): Promise<Embedding | undefined> {
  const block = ascii(`${HEAD}${base64.encode(proof)}\n`);
  const moved = withDirectoryMoved(await document.read(end.directory, end.size), end, block.length);
  if (moved === undefined) return undefined;
  return { carrier: 'zip', head: new Uint8Array(), kept: end.directory, tail: joined(block, moved) };
}

/** Whether what follows the members of a document is what its proof makes of it, to the last byte. */
async function isRest(file: ByteSource, { ending, kept, proof }: Embedded): Promise<boolean> {
  const document = inSequence(sliceOf(file, 0, kept), memorySource(ending));
  const end = await zipEnd(document);
  const made = end && (await plan(document, end, proof));
  if (made?.kept !== kept || kept + made.tail.length !== file.size) return false;
  const rest = await file.read(kept, file.size);
  return rest.every((byte, i) => byte === made.tail[i]);
}

/** What stands at a mark: the proof, in the one way in which it is written, and the length of what holds it. */
async function blockAt(file: ByteSource, place: number): Promise<{ proof: Uint8Array; length: number } | undefined> {
  const bytes = await file.read(place, Math.min(place + MAX_BLOCK_BYTES, file.size));
  const newline = bytes.indexOf(NEWLINE);
  if (!startsAt(bytes, START, 0) || newline <= HEAD.length) return undefined;
  const encoded = latin1(bytes.subarray(HEAD.length, newline));
  try {
    const proof = base64.decode(encoded);
    return base64.encode(proof) === encoded ? { proof, length: newline + 1 } : undefined;
  } catch {
    return undefined;
  }
}
