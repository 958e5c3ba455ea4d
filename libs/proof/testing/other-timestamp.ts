import { base64 } from '@scure/base';
import { serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import type { Attestation } from '#ots/attestation.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { type Proof } from '../proof.js';
import { type SampleProof } from './sample-proof.js';

/** The proof with another timestamp in its first attestation, made of the root of its first checkpoint. */
export function withTimestamp(from: SampleProof, make: (root: Uint8Array) => Uint8Array): Proof {
  const proof = structuredClone(from.proof);
  const [checkpoint] = proof.log.checkpoints;
  const { root } = parseCheckpoint(parseNote(checkpoint!.note).text);
  checkpoint!.attestations[0] = { type: 'opentimestamps', timestamp: base64.encode(make(root)) };
  return proof;
}

/** A timestamp of the root, one step long, that ends with these attestations. */
export const ending = (attestations: Attestation[]) => (root: Uint8Array) =>
  serializeTimestamp(pathFrom(root).append(Uint8Array.of(1)).sha256().end(attestations));
