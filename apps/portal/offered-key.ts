import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { TlogError } from '#tlog/error.js';
import { ED25519_TYPE, parseVerifierKey } from '#tlog/verifier-key.js';

/** A key that was read and is not trusted yet. */
export interface OfferedKey {
  text: string;
  name: string;
  /** SHA-256 of the public key, in groups of four hex digits. */
  fingerprint: string;
}

/** Reads the text of a log's key; null when it is none. */
export function readKey(text: string): OfferedKey | null {
  try {
    const key = parseVerifierKey(text.trim());
    if (key.type !== ED25519_TYPE) return null;
    const fingerprint = bytesToHex(sha256(key.publicKey)).replaceAll(/.{4}(?=.)/g, '$& ');
    return { text: text.trim(), name: key.name, fingerprint };
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
