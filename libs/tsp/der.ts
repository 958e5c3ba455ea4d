import { bytesToHex } from '@noble/hashes/utils.js';
import { TspError } from './error.js';

/** Tags of the types that occur in time-stamps and certificates (X.690 §8.1.2): class, constructed bit and number in one byte. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The bit of a tag that says that there are elements inside, and the first tag of the classes that are not universal. */
const CONSTRUCTED = 0x20;
const LEAST_TAG_OF_OTHERS = 0x40;

/** Longest INTEGER that is read, in bytes: serial numbers and nonces have 20 and less. */
const MAX_INTEGER_BYTES = 64;
/** Longest BIT STRING of named bits, in bytes: key usage has nine bits. */
const MAX_NAMED_BYTES = 4;

/** The tag of a context-specific element `[number]`; constructed unless told. */
export const contextTag = (number: number, constructed = true): number => (constructed ? 0xa0 : 0x80) | number;

/** One element. Its bytes are views into what was read. */
export interface Der {
  tag: number;
  content: Uint8Array;
  /** Tag, length and content. */
  bytes: Uint8Array;
}

/**
 * Reads the one element that `bytes` consist of. Only DER's own form of tags and lengths: definite, as short as can be, tag numbers below 31.
 *
 * @throws TspError `bad-der`
 */
export function readDer(bytes: Uint8Array, what: string): Der {
  const element = readAt(bytes, 0, what);
  if (element.bytes.length !== bytes.length) {
    throw bad(what, `${element.bytes.length} bytes`, `${bytes.length}`);
  }
  return element;
}

function readAt(bytes: Uint8Array, at: number, what: string): Der {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw bad(what, 'a tag and a length', 'the end');
  if ((tag & 0x1f) === 0x1f) throw bad(what, 'a tag number below 31', `tag byte 0x${tag.toString(16)}`);
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4)
      throw bad(what, 'a length in at most four bytes', `length byte 0x${first.toString(16)}`);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start + i] ?? NaN);
    start += count;
    if (!(length >= (count === 1 ? 0x80 : 2 ** (8 * (count - 1)))))
      throw bad(what, 'the shortest form of a length', 'a longer one');
  }
  if (start + length > bytes.length) throw bad(what, `${length} bytes of content`, `${bytes.length - start}`);
  return { tag, content: bytes.subarray(start, start + length), bytes: bytes.subarray(at, start + length) };
}

/** Reads the elements of a constructed one in their order. */
export class DerSequence {
  readonly #items: Der[] = [];
  #next = 0;

  constructor(
    parent: Der,
    private readonly what: string,
  ) {
    for (let at = 0; at < parent.content.length;) {
      const item = readAt(parent.content, at, what);
      this.#items.push(item);
      at += item.bytes.length;
    }
  }

  /** What is still to be read. */
  get rest(): readonly Der[] {
    return this.#items.slice(this.#next);
  }

  /** The next element, which must have this tag. @throws TspError `bad-der` */
  take(tag: number): Der {
    const item = this.#items[this.#next];
    if (item?.tag !== tag) throw bad(this.what, tagName(tag), item ? tagName(item.tag) : 'the end');
    this.#next++;
    return item;
  }

  /** The next element, whatever it is. @throws TspError `bad-der` at the end */
  any(): Der {
    const item = this.#items[this.#next];
    if (!item) throw bad(this.what, 'another element', 'the end');
    this.#next++;
    return item;
  }

  /** The next element if it has this tag. */
  maybe(tag: number): Der | undefined {
    const item = this.#items[this.#next];
    if (item?.tag !== tag) return undefined;
    this.#next++;
    return item;
  }

  /** Says that nothing may follow. @throws TspError `bad-der` */
  end(): void {
    const item = this.#items[this.#next];
    if (item) throw bad(this.what, 'the end', tagName(item.tag));
  }
}

/** The elements of an element with this tag (SEQUENCE unless told). @throws TspError `bad-der` */
export function elementsOf(element: Der, what: string, tag: number = TAG.sequence): DerSequence {
  if (element.tag !== tag) throw bad(what, tagName(tag), tagName(element.tag));
  return new DerSequence(element, what);
}

/** The one element inside an explicitly tagged one. @throws TspError `bad-der` */
export const inside = (element: Der, what: string): Der => readDer(element.content, what);

/** An INTEGER, of at most 64 bytes unless told. @throws TspError `bad-der` */
export function readInteger(element: Der, what: string, mostBytes: number = MAX_INTEGER_BYTES): bigint {
  if (element.tag !== TAG.integer && element.tag !== TAG.enumerated)
    throw bad(what, 'an INTEGER', tagName(element.tag));
  return integerOf(element.content, what, mostBytes);
}

/** The content of an implicitly tagged INTEGER. @throws TspError `bad-der` */
export const readImplicitInteger = (element: Der, what: string): bigint =>
  integerOf(element.content, what, MAX_INTEGER_BYTES);

function integerOf(content: Uint8Array, what: string, mostBytes: number): bigint {
  if (content.length > mostBytes) throw bad(what, `an INTEGER of at most ${mostBytes} bytes`, `${content.length}`);
  const [first, second] = content;
  const padded = second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (first === undefined || padded) throw bad(what, 'an INTEGER in its shortest form', 'another');
  const value = BigInt(`0x${bytesToHex(content)}`);
  return first < 0x80 ? value : value - (1n << BigInt(8 * content.length));
}

/** An INTEGER from 0 to 2^31. @throws TspError `bad-der` */
export function readSmallInteger(element: Der, what: string): number {
  const value = readInteger(element, what);
  if (value < 0n || value > 0x7fffffffn) throw bad(what, 'a small number', value.toString());
  return Number(value);
}

/** A BOOLEAN. @throws TspError `bad-der` */
export function readBoolean(element: Der, what: string): boolean {
  const [value] = element.content;
  if (element.tag !== TAG.boolean || element.content.length !== 1 || (value !== 0 && value !== 0xff)) {
    throw bad(what, 'a BOOLEAN of 00 or ff', tagName(element.tag));
  }
  return value === 0xff;
}

/** An OBJECT IDENTIFIER in dotted form. @throws TspError `bad-der` */
export function readOid(element: Der, what: string): string {
  const { content, tag } = element;
  if (tag !== TAG.oid) throw bad(what, 'an OBJECT IDENTIFIER', tagName(tag));
  if (content.length === 0 || content.length > 64 || content[content.length - 1]! >= 0x80) {
    throw bad(what, 'an OBJECT IDENTIFIER of 1 to 64 bytes', `${content.length} bytes`);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) throw bad(what, 'the shortest form of an identifier', 'a longer one');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (fresh) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [joined = 0n, ...others] = arcs;
  const top = joined < 80n ? joined / 40n : 2n;
  return [top, joined - top * 40n, ...others].join('.');
}

/** A BIT STRING: its bytes, and how many bits of the last one do not count. @throws TspError `bad-der` */
export function readBitString(element: Der, what: string): { bytes: Uint8Array; unused: number } {
  const [unused] = element.content;
  const bytes = element.content.subarray(1);
  const last = bytes[bytes.length - 1] ?? 0;
  const good =
    unused !== undefined && unused < 8 && (last & ((1 << unused) - 1)) === 0 && (unused === 0 || bytes.length > 0);
  if (element.tag !== TAG.bitString || !good)
    throw bad(what, 'a BIT STRING with zeros at its end', tagName(element.tag));
  return { bytes, unused };
}

/** A BIT STRING of whole bytes, as signatures are. @throws TspError `bad-der` */
export function readWholeBytes(element: Der, what: string): Uint8Array {
  const { bytes, unused } = readBitString(element, what);
  if (unused !== 0) throw bad(what, 'a BIT STRING of whole bytes', `${unused} bits that do not count`);
  return bytes;
}

/** A BIT STRING of named bits as the set of their numbers. @throws TspError `bad-der` */
export function readNamedBits(element: Der, what: string): ReadonlySet<number> {
  const { bytes } = readBitString(element, what);
  if (bytes.length > MAX_NAMED_BYTES) throw bad(what, `at most ${MAX_NAMED_BYTES} bytes of bits`, `${bytes.length}`);
  const bits = new Set<number>();
  bytes.forEach((byte, i) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) bits.add(8 * i + bit);
  });
  return bits;
}

/** Says that an element of a type left open (ANY) is well-formed, as stock readers demand even where they go no further: a simple type has a
 * content of its own form, and a tag that no type has is none. What is constructed, or not universal, is not looked into. @throws TspError `bad-der` */
export function checkOpenElement(element: Der, what: string): void {
  const { tag, content } = element;
  if (tag >= LEAST_TAG_OF_OTHERS || tag === TAG.sequence || tag === TAG.set) return;
  const isStructureUnmarked = (tag | CONSTRUCTED) === TAG.sequence || (tag | CONSTRUCTED) === TAG.set;
  if (tag === 0 || (tag & CONSTRUCTED) !== 0 || isStructureUnmarked)
    throw bad(what, 'an element of a type that there is', `tag byte 0x${tag.toString(16)}`);
  if (tag === TAG.boolean) readBoolean(element, what);
  if (tag === TAG.integer || tag === TAG.enumerated) readInteger(element, what, content.length);
  if (tag === TAG.bitString) readBitString(element, what);
  if (tag === TAG.oid) readOid(element, what);
  if (tag === TAG.null && content.length > 0) throw bad(what, 'an empty NULL', 'content');
}

/** Whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function tagName(tag: number): string {
  const known = Object.entries(TAG).find(([, value]) => value === tag)?.[0];
  return known ?? `an element of tag 0x${tag.toString(16)}`;
}

function bad(what: string, expected: string, got: string): TspError {
  return new TspError('bad-der', `Reading ${what}: expected ${expected}, got ${got}`);
}
