import type { Attestation } from './attestation.js';
import type { Timestamp } from './timestamp.js';

/** The timestamp with only those attestations that `keep` accepts (`depth`: operations above), and the operations that lead to them;
 * null when none is left. */
export function prune(
  timestamp: Timestamp,
  keep: (attestation: Attestation, depth: number) => boolean,
  depth = 0,
): Timestamp | null {
  const attestations = timestamp.attestations.filter((attestation) => keep(attestation, depth));
  const operations = timestamp.operations.flatMap(({ op, next }) => {
    const kept = prune(next, keep, depth + 1);
    return kept === null ? [] : [{ op, next: kept }];
  });
  if (attestations.length === 0 && operations.length === 0) return null;
  return { message: timestamp.message, attestations, operations };
}
