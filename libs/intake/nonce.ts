import { randomFillSync } from 'node:crypto';
import { NONCE_BYTES } from '#statement/member-check.js';

/** Nonces drawn from the system at a time: one call for each would cost as much as hashing the record. */
const POOL_NONCES = 1024;

const HEX_PER_NONCE = NONCE_BYTES * 2;

const pool = Buffer.alloc(POOL_NONCES * NONCE_BYTES);
let hex = '';
let used = POOL_NONCES;

/** A fresh nonce for a statement: 16 bytes from the system's random generator, as 32 characters of hex. None is handed out twice. */
export function nextNonce(): string {
  if (used === POOL_NONCES) {
    hex = randomFillSync(pool).toString('hex');
    pool.fill(0);
    used = 0;
  }
  const start = HEX_PER_NONCE * used++;
  return hex.slice(start, start + HEX_PER_NONCE);
}
