import { ed25519 } from '@noble/curves/ed25519.js';
import type { NoteSigner } from './verifier-key.js';

/** Bytes of an Ed25519 signature. */
export const ED25519_SIGNATURE_BYTES = 64;

/** A note signer over an Ed25519 seed (32 bytes, RFC 8032) held in memory. The service signs with Node's own cryptography instead. */
export function ed25519NoteSigner(name: string, seed: Uint8Array): NoteSigner {
  return { name, publicKey: ed25519.getPublicKey(seed), sign: (message) => ed25519.sign(message, seed) };
}

/**
 * Whether `signature` is the Ed25519 signature of `message` by `publicKey`. Encodings that RFC 8032 forbids and keys of small
 * order are refused, so that nobody can alter a valid signature into another valid one. False for any other lengths than 64 and 32.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES || publicKey.length !== 32) return false;
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}
