import { base64 } from '@scure/base';
import type { ByteSource } from './byte-source.js';
import type { Carrier, Embedded } from './carrier.js';
import { EmbedError } from './error.js';
import { ascii, latin1, MARK, MAX_PROOF_BYTES } from './format.js';
import { atMarks } from './marks.js';
import { lastIndexOf } from './search.js';

/** Readers look for `startxref` in the last 1,024 bytes of a PDF (ISO 32000-1, implementation note 18). */
const END_BYTES = 1024;

/** Base64 characters in a line, as in MIME (RFC 2045 §6.8). */
const LINE_CHARACTERS = 76;

const HEAD = `\n%${MARK} `;
const START = ascii(HEAD);
/** Bytes of it before the mark. */
const MARK_OFFSET = 2;

/** What a tail ends with; `startxref` and its number are not longer. */
const CLOSE = /\n%end\nstartxref\n([0-9]{1,20})\n%%EOF\n$/;

/** Longest that a tail can be, in bytes. */
const MAX_TAIL_BYTES = Math.ceil((MAX_PROOF_BYTES * 4) / 3 / LINE_CHARACTERS) * (LINE_CHARACTERS + 2) + END_BYTES;

/** PDF: comments after the end of the document, which repeat where its cross-reference table is. */
export const PDF: Carrier = {
  name: 'pdf',
  magic: ascii('%PDF-'),

  async embed(document, proof) {
    if (proof.length > MAX_PROOF_BYTES) {
      const message = `Putting a proof into a PDF: expected at most ${MAX_PROOF_BYTES} bytes, got ${proof.length}`;
      throw new EmbedError('too-large', message);
    }
    const tail = await tailOf(document, document.size, proof);
    if (tail === undefined) {
      const message = `Putting a proof into a PDF: expected startxref and a number in its last ${END_BYTES} bytes, got none`;
      throw new EmbedError('no-end', message);
    }
    return { carrier: 'pdf', head: new Uint8Array(), kept: document.size, tail };
  },

  async findAtEnd(file) {
    const end = latin1(await file.read(Math.max(0, file.size - END_BYTES), file.size));
    if (!CLOSE.test(end)) return undefined;
    // Most proofs are far shorter than the longest.
    for (let bytes = 65_536; ; bytes = Math.min(bytes * 8, MAX_TAIL_BYTES)) {
      const from = Math.max(0, file.size - bytes);
      const at = lastIndexOf(await file.read(from, file.size), START);
      if (at >= 0) {
        const found = await findAt(file, from + at);
        return found?.exact === true ? found : undefined;
      }
      if (from === 0 || bytes === MAX_TAIL_BYTES) return undefined;
    }
  },

  remains: (file) => atMarks(file, MARK_OFFSET, findAt),
};

/** The proof whose mark stands at a place, whatever follows it. */
async function findAt(file: ByteSource, place: number): Promise<Embedded | undefined> {
  const text = latin1(await file.read(place, Math.min(place + MAX_TAIL_BYTES, file.size)));
  const [, size = ''] = /^ ([0-9]{1,16})\n/.exec(text.slice(HEAD.length - 1, HEAD.length + 20)) ?? [];
  if (size === '' || !text.startsWith(HEAD)) return undefined;
  const proof = readLines(text, HEAD.length + size.length + 1);
  const kept = Number(size);
  if (proof === undefined || kept > place) return undefined;
  const found: Embedded = { carrier: 'pdf', from: 0, kept, ending: new Uint8Array(), proof, exact: false };
  return { ...found, exact: kept === place && String(kept) === size && (await isRest(file, found)) };
}

/** What a proof adds to the first `size` bytes of a file; undefined where those are no whole PDF. */
async function tailOf(file: ByteSource, size: number, proof: Uint8Array): Promise<Uint8Array | undefined> {
  const end = latin1(await file.read(Math.max(0, size - END_BYTES), size));
  const [, offset] = /startxref[\0\t\n\f\r ]+([0-9]{1,20})(?![\s\S]*startxref)/.exec(end) ?? [];
  if (offset === undefined) return undefined;
  const lines = base64.encode(proof).match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  const comments = lines.map((line) => `%${line}\n`).join('');
  return ascii(`${HEAD}${size}\n${comments}%end\nstartxref\n${offset}\n%%EOF\n`);
}

/** The proof whose lines begin at a place in a text. */
function readLines(text: string, from: number): Uint8Array | undefined {
  let encoded = '';
  for (let at = from; ;) {
    const next = text.indexOf('\n', at);
    if (next < 0) return undefined;
    const line = text.slice(at, next);
    if (line === '%end') return decode(encoded);
    if (!/^%[A-Za-z0-9+/=]{1,76}$/.test(line)) return undefined;
    encoded += line.slice(1);
    at = next + 1;
  }
}

function decode(encoded: string): Uint8Array | undefined {
  // Of what only looks like base64 the library says so by an error of its own.
  if (encoded === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return undefined;
  try {
    return base64.decode(encoded);
  } catch {
    return undefined;
  }
}

/** Whether what follows a document in a file is the tail of that document and proof, to the last byte. */
async function isRest(file: ByteSource, { kept, proof }: Embedded): Promise<boolean> {
  const tail = await tailOf(file, kept, proof);
  if (tail === undefined || kept + tail.length !== file.size) return false;
  const rest = await file.read(kept, file.size);
  return rest.every((byte, i) => byte === tail[i]);
}
