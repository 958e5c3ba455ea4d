import { ed25519 } from '@noble/curves/ed25519.js';
import type { NoteSigner } from '../verifier-key.js';

/** A note signer over an Ed25519 seed (32 bytes, RFC 8032). */
export function ed25519NoteSigner(name: string, seed: Uint8Array): NoteSigner {
  return { name, publicKey: ed25519.getPublicKey(seed), sign: (message) => ed25519.sign(message, seed) };
}
