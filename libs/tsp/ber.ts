import { concatBytes } from '@noble/hashes/utils.js';
import { TAG } from './der.js';
import { writeDer } from './der-writer.js';
import { TspError } from './error.js';

/** Deepest nesting that is read, as OpenSSL has it; tokens have twelve. */
const MAX_DEPTH = 30;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
/** Tags below this one are of types that everybody has; they are constructed only as sequences, sets and strings in pieces. */
const LEAST_TAG_OF_OTHERS = 0x40;

/**
 * The DER of one element in BER (X.690 §8), which CMS allows around what is signed (RFC 5652 §2): lengths that come at the end or are longer than
 * they need be, and OCTET STRINGs in pieces. What is DER already stays as it is, byte for byte; the order of sets is kept.
 *
 * @throws TspError `bad-der` when it is not BER either, has bytes after it, nests deeper than 30, or has other strings in pieces
 */
export function derOfBer(bytes: Uint8Array, what: string): Uint8Array {
  const { der, end } = elementAt(bytes, { at: 0, limit: bytes.length, depth: 0, what });
  if (end !== bytes.length) throw bad(what, `${end} bytes`, String(bytes.length));
  return der;
}

interface Place {
  at: number;
  limit: number;
  depth: number;
  what: string;
}

/** An element in DER; `same` when it stood so already, and `der` is a view of it. */
interface Read {
  der: Uint8Array;
  end: number;
  same: boolean;
}

function elementAt(bytes: Uint8Array, { at, limit, depth, what }: Place): Read {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) throw bad(what, 'a tag and a length', 'the end');
  if ((tag & 0x1f) === 0x1f) throw bad(what, 'a tag number below 31', `tag byte 0x${tag.toString(16)}`);
  const constructed = (tag & CONSTRUCTED) !== 0;
  if (first === INDEFINITE) {
    if (!constructed) throw bad(what, 'a length', 'none');
    const { parts, end } = partsOf(bytes, { at: at + 2, limit, depth, what }, true);
    return { der: written(tag, parts, what), end, same: false };
  }
  const { length, start, shortest } = definiteLength(bytes, { at: at + 1, limit, depth, what });
  const end = start + length;
  if (end > limit) throw bad(what, `${length} bytes of content`, String(limit - start));
  const whole = bytes.subarray(at, end);
  if (!constructed) return { der: shortest ? whole : writeDer(tag, bytes.subarray(start, end)), end, same: shortest };
  const { parts, same } = partsOf(bytes, { at: start, limit: end, depth, what }, false);
  const unchanged = same && shortest && isStructure(tag);
  return { der: unchanged ? whole : written(tag, parts, what), end, same: unchanged };
}

/** The elements up to the limit, or up to the two zeros that end an element without a length. */
function partsOf(
  bytes: Uint8Array,
  { at, limit, depth, what }: Place,
  open: boolean,
): { parts: Uint8Array[]; end: number; same: boolean } {
  if (depth === MAX_DEPTH) throw bad(what, `at most ${MAX_DEPTH} levels`, 'more');
  const parts: Uint8Array[] = [];
  let same = true;
  for (let next = at; ;) {
    if (next === limit && !open) return { parts, end: next, same };
    if (open && bytes[next] === 0 && bytes[next + 1] === 0 && next + 2 <= limit) return { parts, end: next + 2, same };
    const read = elementAt(bytes, { at: next, limit, depth: depth + 1, what });
    parts.push(read.der);
    same &&= read.same;
    next = read.end;
  }
}

/** Whether an element with this tag, which is a constructed one, holds elements of its own, as opposed to the pieces of a string. */
const isStructure = (tag: number): boolean => tag >= LEAST_TAG_OF_OTHERS || tag === TAG.sequence || tag === TAG.set;

function written(tag: number, parts: readonly Uint8Array[], what: string): Uint8Array {
  if (isStructure(tag)) return writeDer(tag, ...parts);
  if (tag !== (TAG.octetString | CONSTRUCTED))
    throw bad(what, 'a string in one piece', `tag byte 0x${tag.toString(16)}`);
  // Each piece is written as DER already: an OCTET STRING with its own tag and length.
  const pieces = parts.map((part) => {
    if (part[0] !== TAG.octetString)
      throw bad(what, 'pieces of an OCTET STRING', `tag byte 0x${part[0]!.toString(16)}`);
    return part.subarray(part[1]! < 0x80 ? 2 : 2 + (part[1]! & 0x7f));
  });
  return writeDer(TAG.octetString, concatBytes(...pieces));
}

function definiteLength(bytes: Uint8Array, { at, what }: Place): { length: number; start: number; shortest: boolean } {
  const first = bytes[at]!;
  if (first < 0x80) return { length: first, start: at + 1, shortest: true };
  const count = first & 0x7f;
  let length = 0;
  for (let i = 1; i <= count; i++) {
    length = length * 256 + (bytes[at + i] ?? NaN);
    if (!(length <= 0x7fffffff)) throw bad(what, 'a length below 2^31', 'another');
  }
  return { length, start: at + 1 + count, shortest: length >= (count === 1 ? 0x80 : 256 ** (count - 1)) };
}

function bad(what: string, expected: string, got: string): TspError {
  return new TspError('bad-der', `Reading ${what}: expected ${expected}, got ${got}`);
}
