import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TlogError } from './error.js';
import { decodeBase64, encodeBase64, isNoteText, quote } from './text.js';

/** Bytes of an Ed25519 public key. */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of a key id. It is a label, not a fingerprint: anyone can make a key with the same one. */
export const KEY_ID_BYTES = 4;

/** Signature type byte of Ed25519 note signatures (C2SP signed-note). */
export const ED25519_TYPE = 0x01;

/** Signature type byte of time-stamped Ed25519 cosignatures (C2SP tlog-cosignature). */
export const COSIGNATURE_TYPE = 0x04;

/** Type bytes that this library knows. */
export type SignatureType = typeof ED25519_TYPE | typeof COSIGNATURE_TYPE;

/** A public key whose note signatures can be verified. */
export interface VerifierKey {
  name: string;
  type: SignatureType;
  /** 4 bytes. */
  id: Uint8Array;
  /** 32 bytes, RFC 8032. */
  publicKey: Uint8Array;
}

/** Whoever can sign notes under a name; the private key stays inside. */
export interface NoteSigner {
  readonly name: string;
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
  /** The Ed25519 signature, 64 bytes, over `message` as it is. */
  sign(message: Uint8Array): Uint8Array;
}

/** The key id, 4 bytes: the first of SHA-256(name ‖ 0x0a ‖ type ‖ public key). Throws `bad-key`. */
export function keyId(name: string, publicKey: Uint8Array, type: SignatureType = ED25519_TYPE): Uint8Array {
  assertKeyName(name);
  assertPublicKey(publicKey);
  return sha256(concatBytes(utf8ToBytes(`${name}\n`), new Uint8Array([type]), publicKey)).slice(0, KEY_ID_BYTES);
}

/** The verifier key of a name and an Ed25519 public key. Throws `bad-key`. */
export function verifierKey(name: string, publicKey: Uint8Array, type: SignatureType = ED25519_TYPE): VerifierKey {
  return { name, type, id: keyId(name, publicKey, type), publicKey };
}

/** A verifier key as text: `<name>+<key id in hex>+<base64 of type byte and public key>`. Throws `bad-key`. */
export function formatVerifierKey(name: string, publicKey: Uint8Array, type: SignatureType = ED25519_TYPE): string {
  const id = bytesToHex(keyId(name, publicKey, type));
  return `${name}+${id}+${encodeBase64(concatBytes(new Uint8Array([type]), publicKey))}`;
}

/** Reads a verifier key. Throws `bad-key`, also when the key id is not that of name and key, or the type is not known here. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text);
  if (parts === null)
    throw new TlogError('bad-key', `verifier key: expected name+8 hex digits+base64, got ${quote(text)}`);
  const [, name, idHex, encoded] = parts as unknown as [string, string, string, string];
  const bytes = decodeBase64(encoded, 'bad-key', 'verifier key');
  const type = bytes[0];
  if (type !== ED25519_TYPE && type !== COSIGNATURE_TYPE) {
    throw new TlogError('bad-key', `verifier key: expected signature type 1 (Ed25519) or 4 (cosignature), got ${type}`);
  }
  const key = verifierKey(name, bytes.slice(1), type);
  if (!sameKeyId(key.id, hexToBytes(idHex))) {
    throw new TlogError(
      'bad-key',
      `verifier key of ${quote(name)}: expected key id ${bytesToHex(key.id)}, got ${idHex}`,
    );
  }
  return key;
}

/** Throws `bad-key` unless `name` is a key name: not empty, no Unicode space, no `+`, nothing that a note may not hold. */
export function assertKeyName(name: string): void {
  if (!isKeyName(name)) {
    throw new TlogError(
      'bad-key',
      `key name: expected text without spaces, plus or control characters, got ${quote(name)}`,
    );
  }
}

/** Whether `name` is a key name (see {@link assertKeyName}). */
export function isKeyName(name: string): boolean {
  return name !== '' && isNoteText(name) && !/[+\p{White_Space}]/u.test(name);
}

/** Whether two key ids are the same. */
export function sameKeyId(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function assertPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new TlogError('bad-key', `Ed25519 public key: expected ${PUBLIC_KEY_BYTES} bytes, got ${publicKey.length}`);
  }
}
