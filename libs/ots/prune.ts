import type { Attestation } from './attestation.js';
import type { Timestamp } from './timestamp.js';

/** Where an attestation stands: the message that it attests, and the operations above it. */
export interface AttestedAt {
  message: Uint8Array;
  depth: number;
}

/** The timestamp with only those attestations that `keep` accepts, and the operations that lead to them; null when none is left. */
export function prune(
  timestamp: Timestamp,
  keep: (attestation: Attestation, at: AttestedAt) => boolean,
  depth = 0,
): Timestamp | null {
  const { message } = timestamp;
  const attestations = timestamp.attestations.filter((attestation) => keep(attestation, { message, depth }));
  const operations = timestamp.operations.flatMap(({ op, next }) => {
    const kept = prune(next, keep, depth + 1);
    return kept === null ? [] : [{ op, next: kept }];
  });
  if (attestations.length === 0 && operations.length === 0) return null;
  return { message, attestations, operations };
}
