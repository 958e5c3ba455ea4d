import { concatBytes } from '@noble/hashes/utils.js';
import { TAG } from './der.js';

/** One element in DER: tag, shortest length, content. */
export function writeDer(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length];
  return concatBytes(Uint8Array.from(head), body);
}

/** A SEQUENCE of elements. */
export const writeSequence = (...elements: Uint8Array[]): Uint8Array => writeDer(TAG.sequence, ...elements);

/** An INTEGER that is not negative, from its bytes, most significant first. */
export function writeInteger(value: Uint8Array): Uint8Array {
  const start = value.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Uint8Array.of(0) : value.subarray(start);
  return writeDer(TAG.integer, ...(digits[0]! >= 0x80 ? [Uint8Array.of(0)] : []), digits);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function writeOid(dotted: string): Uint8Array {
  const [top = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const bytes = [top * 40 + second, ...others].flatMap((arc) => {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest % 128));
    return digits;
  });
  return writeDer(TAG.oid, Uint8Array.from(bytes));
}
