import { signCosignature, verifyCosignatures, withCosignature } from './cosignature.js';
import type { Note } from './note.js';
import { COSIGNATURE_TYPE, type NoteSigner, type VerifierKey, verifierKey } from './verifier-key.js';

/** The name under which a log itself says what time it is: its origin with `/clock` after it. */
export const clockName = (origin: string): string => `${origin}/clock`;

/** The key of a log's clock: the log's own Ed25519 key (32 bytes), for cosignatures, under the clock's name. Throws `bad-key`. */
export function clockKey(origin: string, publicKey: Uint8Array): VerifierKey {
  return verifierKey(clockName(origin), publicKey, COSIGNATURE_TYPE);
}

/** The checkpoint with the log's word that it is the newest at `timestamp` (seconds since 1970-01-01 UTC), in place of an earlier one.
 * `log` signs the log's checkpoints. Throws `bad-cosignature`, `bad-key`, `bad-note`. */
export function withClock(checkpoint: Note, timestamp: number, log: NoteSigner): Note {
  const clock = {
    name: clockName(log.name),
    publicKey: log.publicKey,
    sign: (message: Uint8Array) => log.sign(message),
  };
  return withCosignature(checkpoint, signCosignature(checkpoint.text, timestamp, clock));
}

/**
 * When the log last said that this checkpoint was its newest, in seconds since 1970-01-01 UTC: `shown` with the time, `none` where no clock
 * has signed, `failed` where a line under the clock's key is wrong (then the checkpoint is to be refused). It is the log's own word: it bounds
 * nothing that the log's operator would lie about.
 */
export function readClock(
  checkpoint: Note,
  origin: string,
  publicKey: Uint8Array,
): { status: 'shown'; timestamp: number } | { status: 'none' } | { status: 'failed' } {
  const { verified, failed } = verifyCosignatures(checkpoint, [clockKey(origin, publicKey)]);
  const [shown] = verified;
  if (shown !== undefined) return { status: 'shown', timestamp: shown.timestamp };
  return { status: failed.length > 0 ? 'failed' : 'none' };
}
