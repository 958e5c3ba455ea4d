import { describe, expect, it } from 'vitest';
import { readPublicKey } from './public-key.js';
import { readDer, TAG } from './der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from './der-writer.js';
import { TspError } from './error.js';

/** An RSA key with a modulus of so many bits and an exponent of so many bytes, DER. */
function rsaKey(bits: number, exponentBytes = 3): Uint8Array {
  const modulus = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  modulus[0] = 2 ** (((bits - 1) % 8) + 1) - 1;
  const numbers = writeSequence(writeInteger(modulus), writeInteger(new Uint8Array(exponentBytes).fill(0xff)));
  const algorithm = writeSequence(writeOid('1.2.840.113549.1.1.1'), writeDer(TAG.null));
  return writeSequence(algorithm, writeDer(TAG.bitString, Uint8Array.of(0), numbers));
}

const read = (spki: Uint8Array): string => {
  try {
    return readPublicKey(readDer(spki, 'a key'), 'a key').kind.key;
  } catch (error) {
    if (error instanceof TspError) return error.code;
    throw error;
  }
};

describe('an RSA key', () => {
  it.each([
    [2047, 'unfit'],
    [2048, 'RSA'],
    [8192, 'RSA'],
    [8193, 'unfit'],
    [16_384, 'unfit'],
  ])('of %i bits is %s', (bits, expected) => expect(read(rsaKey(bits))).toBe(expected));

  it.each([
    [4, 'RSA'],
    [5, 'unfit'],
  ])('with an exponent of %i bytes is %s', (bytes, expected) => expect(read(rsaKey(2048, bytes))).toBe(expected));
});
