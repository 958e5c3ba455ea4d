import type { Attestation } from '#ots/attestation.js';
import type { Timestamp } from '#ots/timestamp.js';

/** The timestamp with only those attestations that `keep` accepts, and without operations that then lead nowhere.
 * Returns null when nothing is left. */
export function pruneTimestamp(
  timestamp: Timestamp,
  keep: (attestation: Attestation, message: Uint8Array) => boolean,
): Timestamp | null {
  const attestations = timestamp.attestations.filter((attestation) => keep(attestation, timestamp.message));
  const operations = timestamp.operations.flatMap(({ op, next }) => {
    const kept = pruneTimestamp(next, keep);
    return kept ? [{ op, next: kept }] : [];
  });
  if (attestations.length === 0 && operations.length === 0) return null;
  return { message: timestamp.message, attestations, operations };
}

/** The nodes of the tree that hold a pending attestation, each with the calendars it names. */
export function pendingNodes(timestamp: Timestamp): { node: Timestamp; calendars: string[] }[] {
  const calendars = timestamp.attestations.flatMap((attestation) =>
    attestation.type === 'pending' ? [attestation.uri] : [],
  );
  const below = timestamp.operations.flatMap(({ next }) => pendingNodes(next));
  return calendars.length > 0 ? [{ node: timestamp, calendars }, ...below] : below;
}
