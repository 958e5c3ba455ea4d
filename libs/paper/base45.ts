import { PaperError } from './error.js';

/** The characters of QR's alphanumeric mode, by value (RFC 9285 §4.2). */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const BASE = ALPHABET.length;

const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));

/** Bytes as base45 (RFC 9285): three characters for two bytes, two for a last one. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let rest = isPair ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!;
    for (let digits = isPair ? 3 : 2; digits > 0; digits--) {
      text += ALPHABET[rest % BASE];
      rest = Math.floor(rest / BASE);
    }
  }
  return text;
}

/** The bytes of a base45 text. No two texts have the same. @throws PaperError `bad-base45` */
export function decodeBase45(text: string): Uint8Array {
  if (text.length % 3 === 1) throw refused(`groups of three characters, a last one of two`, `${text.length} in all`);
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (text.length % 3 === 2 ? 1 : 0));
  let to = 0;
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    let value = 0;
    for (let i = group.length - 1; i >= 0; i--) {
      const digit = VALUES.get(group[i]!);
      if (digit === undefined) throw refused(`characters of base45`, JSON.stringify(group[i]));
      value = value * BASE + digit;
    }
    const most = group.length === 3 ? 0xffff : 0xff;
    if (value > most) throw refused(`a group up to ${most}`, value);
    if (group.length === 3) bytes[to++] = value >> 8;
    bytes[to++] = value & 0xff;
  }
  return bytes;
}

function refused(expected: string, got: string | number): PaperError {
  return new PaperError('bad-base45', `Reading base45: expected ${expected}, got ${got}`);
}
