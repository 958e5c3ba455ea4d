import { base64 } from '@scure/base';
import { DETACHED_FILE_MAGIC, parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import type { OpenTimestampsAttestation } from '#proof/anchors/opentimestamps/attestation.js';
import { otsFile } from '#proof/ots-file.js';
import type { Proof } from '#proof/proof.js';

/** Longest digest that a calendar takes, in bytes: the reference server's limit. */
export const MAX_DIGEST_BYTES = 64;

/** Length of the nonce that is appended to a posted digest, so that what the log holds says nothing about it. */
export const NONCE_BYTES = 16;

/** Longest answer that stock clients read, in bytes. */
export const MAX_ANSWER_BYTES = 10_000;

/** What became of a posted digest. */
export interface Commitment {
  /** SHA-256(digest ‖ nonce), 32 bytes: what is recorded, and what a client asks for later. */
  readonly message: Uint8Array;
  /** The timestamp that a client gets: from the digest to a promise of the calendar at `message`. */
  readonly timestamp: Uint8Array;
}

/** Blinds a digest of 1 to 64 bytes with a nonce of {@link NONCE_BYTES}, and promises the rest at `address`. */
export function commitTo(digest: Uint8Array, nonce: Uint8Array, address: string): Commitment {
  const path = pathFrom(digest).append(nonce).sha256();
  return { message: path.message, timestamp: serializeTimestamp(path.end([{ type: 'pending', uri: address }])) };
}

/** What stands before the timestamp in a detached file: magic, version, tag of the hash, SHA-256. */
const FILE_HEAD_BYTES = DETACHED_FILE_MAGIC.length + 2 + 32;

/** The stored timestamp of a checkpoint's root as an attestation for {@link completeTimestamp}.
 * @throws Error when it holds anything but Bitcoin attestations; OtsError */
export function bitcoinAttestation(stored: Uint8Array, root: Uint8Array): OpenTimestampsAttestation {
  const found = listAttestations(parseTimestamp(stored, root));
  const other = found.find(({ attestation: { type } }) => type !== 'bitcoin');
  if (other) throw new Error(`Answering a commitment: expected Bitcoin attestations, got ${other.attestation.type}`);
  return { type: 'opentimestamps', timestamp: base64.encode(stored) };
}

/** The timestamp from the message of a commitment to Bitcoin, canonical. `proof` is the record's, with one checkpoint and its
 * {@link bitcoinAttestation}.
 * @throws Error when stock clients could not read the answer; OtsError, ProofError */
export function completeTimestamp(proof: Proof): Uint8Array {
  const bytes = otsFile(proof).subarray(FILE_HEAD_BYTES);
  if (bytes.length > MAX_ANSWER_BYTES)
    throw new Error(`Answering a commitment: expected at most ${MAX_ANSWER_BYTES} bytes, got ${bytes.length}`);
  return bytes;
}
