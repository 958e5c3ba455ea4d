import { hash } from 'node:crypto';
import { NONCE_BYTES } from '#statement/member-check.js';
import { nextNonce } from './nonce.js';

/** Where the records of a request come from that may be worked on more than once: the same origin makes the same records of the same items. */
export interface Origin {
  /** 32 random bytes. */
  seed: Uint8Array;
  receivedAtMs: number;
  /** Whether it was worked on before, and may be stored. */
  again: boolean;
}

/** The nonce of the item number `i`: 16 bytes, hex. Without an origin, a fresh one. */
export function nonceOf(origin: Origin | null, i: number): string {
  if (origin === null) return nextNonce();
  const number = Buffer.alloc(4);
  number.writeUInt32BE(i);
  return hash('sha256', Buffer.concat([origin.seed, number]), 'hex').slice(0, NONCE_BYTES * 2);
}
