import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { prune } from '#ots/prune.js';
import { listAttestations } from '#ots/visit.js';

/**
 * The part of a stored OpenTimestamps timestamp (its bytes, and the 32-byte checkpoint root it starts from) that belongs in
 * a proof, as canonical bytes; null when nothing does. Once there are Bitcoin attestations only they and their paths stay:
 * everything in such a proof can then be checked. Before that, the calendars' promises stay, so that a holder can ask them.
 *
 * @throws OtsError when the stored bytes cannot be read.
 */
export function proofTimestamp(stored: Uint8Array, root: Uint8Array): Uint8Array | null {
  const timestamp = parseTimestamp(stored, root);
  const types = new Set(listAttestations(timestamp).map(({ attestation }) => attestation.type));
  const keep = types.has('bitcoin') ? 'bitcoin' : 'pending';
  const pruned = prune(timestamp, ({ type }) => type === keep);
  return pruned === null ? null : serializeTimestamp(pruned);
}
