import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { ED25519_KEY_BYTES } from '#tlog/ed25519.js';
import { SignatureError } from './error.js';

const { Point } = ed25519;

/**
 * The Ed25519 public key, 32 bytes, that stands in `text` as in member `x` of a JSON Web Key: base64url without padding. Keys about which verifiers
 * disagree, or for which anybody can sign, are refused: other encodings of a point, and points outside the group of prime order.
 *
 * @throws SignatureError `bad-key`
 */
export function parsePublicKey(text: string): Uint8Array {
  const expected = `expected ${ED25519_KEY_BYTES} bytes in base64url without padding`;
  let key: Uint8Array;
  try {
    key = base64urlnopad.decode(text);
  } catch (cause) {
    throw new SignatureError('bad-key', `Reading a public key: ${expected}`, { cause });
  }
  if (key.length !== ED25519_KEY_BYTES)
    throw new SignatureError('bad-key', `Reading a public key: ${expected}, got ${key.length} bytes`);
  if (!isPrimeOrderPoint(key))
    throw new SignatureError('bad-key', 'Reading a public key: expected a point of the prime-order group of Ed25519');
  return key;
}

/** A public key (32 bytes) as its JSON Web Key, in the one form that RFC 7638 hashes. */
export function jwkText(publicKey: Uint8Array): string {
  return `{"crv":"Ed25519","kty":"OKP","x":"${base64urlnopad.encode(publicKey)}"}`;
}

/** Id of a public key (32 bytes): the RFC 7638 thumbprint of its JSON Web Key, 43 characters of base64url. */
export function keyIdOf(publicKey: Uint8Array): string {
  return base64urlnopad.encode(sha256(utf8ToBytes(jwkText(publicKey))));
}

/** What the holder of a key signs to have it registered for an agency with the service that writes the log of this origin. */
export function possessionText(agency: string, logOrigin: string, publicKey: Uint8Array): string {
  return `sealroot/signing-key@1\n${agency}\n${logOrigin}\n${base64urlnopad.encode(publicKey)}\n`;
}

function isPrimeOrderPoint(key: Uint8Array): boolean {
  try {
    const point = Point.fromBytes(key);
    return point.isTorsionFree() && !point.isSmallOrder();
  } catch {
    // The library says with a plain Error that no point has this encoding.
    return false;
  }
}
