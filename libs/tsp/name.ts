import { bytesToHex } from '@noble/hashes/utils.js';
import { type Der, elementsOf, readBitString, readOid, TAG } from './der.js';
import { TspError } from './error.js';

/** Short names of attribute types (RFC 4519, X.520); others are shown as their numbers. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'title'],
  ['2.5.4.42', 'GN'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'email'],
]);

/** Longest text of a name: what is longer is cut, since it is for people to read. */
const MAX_CHARACTERS = 300;

/** A distinguished name. */
export interface Name {
  /** As it stands. */
  der: Uint8Array;
  /** For people, most general part first: `C=NL, O=Example, CN=Example TSA`. What would change the line's look (controls, writing direction) is
   * replaced. */
  text: string;
  /** What it says, whatever its encoding: the same for names that are equal. */
  value: string;
}

/** Whether two names are the same by value (RFC 5280 §7.1): the type of a text does not count, nor the case of A to Z, nor how many spaces
 * stand between words or whether some stand at the ends. Other letters and other types are compared as they stand. OpenSSL compares so. */
export const sameName = (a: Name, b: Name): boolean => a.value === b.value;

/** Reads a Name. @throws TspError `bad-der` */
export function readName(name: Der, what: string): Name {
  const sets = elementsOf(name, what).rest.map((set) =>
    elementsOf(set, what, TAG.set).rest.map((attribute) => {
      const fields = elementsOf(attribute, what);
      const type = readOid(fields.take(TAG.oid), what);
      const element = fields.any();
      fields.end();
      const text = textOf(element, what);
      const value = TEXTS.has(element.tag) ? `text ${folded(text)}` : `${element.tag} ${bytesToHex(element.content)}`;
      return { shown: `${TYPES.get(type) ?? type}=${text}`, value: `${type} ${value}` };
    }),
  );
  const text = sets
    .flat()
    .map(({ shown }) => shown)
    .join(', ')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return {
    der: name.bytes,
    text: text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text,
    // The parts of one set have no order of their own.
    value: JSON.stringify(sets.map((set) => set.map(({ value }) => value).toSorted())),
  };
}

/** Types whose characters count, not their encoding. */
const TEXTS: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.ia5String,
  TAG.teletexString,
  TAG.bmpString,
  TAG.universalString,
]);

function folded(text: string): string {
  return text
    .replace(/[\t-\r ]+/g, ' ')
    .replace(/^ | $/g, '')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The characters of a value. A text that cannot be read is refused, by stock readers too, whoever asks for the name or not. */
function textOf({ tag, content }: Der, what: string): string {
  switch (tag) {
    case TAG.utf8String:
      return decoded('utf-8', content, what);
    case TAG.numericString:
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.teletexString:
      return Array.from(content, (byte) => String.fromCharCode(byte)).join('');
    case TAG.bmpString:
      return decoded('utf-16be', content, what);
    case TAG.universalString:
      return fromUtf32(content, what);
    case TAG.bitString:
      return `#${bytesToHex(readBitString({ tag, content, bytes: content }, what).bytes)}`;
    default:
      throw new TspError('bad-der', `Reading ${what}: expected a text in a name, got tag 0x${tag.toString(16)}`);
  }
}

function decoded(encoding: 'utf-8' | 'utf-16be', content: Uint8Array, what: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new TspError('bad-der', `Reading ${what}: expected text in ${encoding} in a name, got something else`, {
      cause,
    });
  }
}

/** UniversalString: four bytes a character. */
function fromUtf32(content: Uint8Array, what: string): string {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const points = Array.from({ length: content.length >> 2 }, (_, i) => view.getUint32(4 * i));
  const isCharacter = (point: number) => point < 0xd800 || (point > 0xdfff && point <= 0x10ffff);
  if (content.length % 4 !== 0 || !points.every(isCharacter))
    throw new TspError('bad-der', `Reading ${what}: expected text in utf-32be in a name, got something else`);
  return points.map((point) => String.fromCodePoint(point)).join('');
}
