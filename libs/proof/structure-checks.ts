import { bytesToHex } from '@noble/hashes/utils.js';
import { equalHashes, leafHash } from '#merkle/hash.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { parseTime } from '#statement/time.js';
import { verifyNote } from '#tlog/note.js';
import { verifierKey } from '#tlog/verifier-key.js';
import type { ReadCheckpoint, SignedCheckpoint } from './checkpoint.js';
import type {
  BatchCheckpointFinding,
  BatchInclusionFinding,
  CheckpointFault,
  LogCheckpointFinding,
  LogInclusionFinding,
  LogKeyFinding,
  RecordIdFinding,
} from './finding.js';
import { pathFault } from './path-fault.js';
import type { ReadProof } from './proof.js';
import { parseTrustedKeys } from './trusted-key.js';

/** Whether the id is the one that follows from the statement. */
export function checkRecordId({ proof: { id, statement }, statementText }: ReadProof): RecordIdFinding {
  const computed = recordId(parseTime(statement.receivedAt), statementHash(statementText));
  const check = 'record-id';
  return id === computed ? { check, outcome: 'passed', id } : { check, outcome: 'failed', id, computed };
}

/** Whether the path leads from the record's entry to the root that the batch entry names. */
export function checkBatchInclusion({
  entry,
  proof: { batch, statement },
  statementText,
}: ReadProof): BatchInclusionFinding {
  const { number, root, size } = entry;
  const leaf = leafHash(entryBytes(statement, statementText));
  const fault = pathFault({ leaf, index: batch.index, size, path: batch.path, root });
  const facts = { check: 'batch-inclusion', batch: number, index: batch.index, size } as const;
  return fault === null ? { ...facts, outcome: 'passed' } : { ...facts, outcome: 'failed', ...fault };
}

/** Whether the log's key signed the batch's own tree as the batch entry describes it. */
export function checkBatchCheckpoint({ batchCheckpoint, entry, key }: ReadProof): BatchCheckpointFinding {
  const origin = batchOrigin(entry.origin, entry.number);
  const { root, size } = batchCheckpoint;
  const fault: CheckpointFault | null =
    size !== entry.size
      ? { reason: 'other-size', expected: String(entry.size), got: String(size) }
      : !equalHashes(root, entry.root)
        ? { reason: 'other-root', expected: bytesToHex(entry.root), got: bytesToHex(root) }
        : null;
  return { check: 'batch-checkpoint', ...signed(batchCheckpoint, origin, key.publicKey, fault) };
}

/** Whether the path leads from the batch entry to the root of a checkpoint. */
export function checkLogInclusion(
  { path, root, size }: ReadCheckpoint,
  { entry, entryBytes: bytes }: ReadProof,
): LogInclusionFinding {
  const { number } = entry;
  const fault = pathFault({ leaf: leafHash(bytes), index: number, size, path, root });
  const facts = { check: 'log-inclusion', batch: number, size } as const;
  return fault === null ? { ...facts, outcome: 'passed' } : { ...facts, outcome: 'failed', ...fault };
}

/** Whether a checkpoint is the log's, signed by the log's key. */
export function checkLogCheckpoint(checkpoint: ReadCheckpoint, { entry, key }: ReadProof): LogCheckpointFinding {
  const fault: CheckpointFault | null =
    key.name === entry.origin ? null : { reason: 'other-key-name', expected: entry.origin, got: key.name };
  return { check: 'log-checkpoint', ...signed(checkpoint, entry.origin, key.publicKey, fault) };
}

/**
 * Whether the log's key is one that the caller trusts.
 *
 * @throws ProofError `bad-key` when a trusted key cannot be read.
 */
export function checkLogKey(
  { key, proof: { log } }: ReadProof,
  trustedKeys: readonly string[] | 'unreachable',
): LogKeyFinding {
  const finding = (outcome: LogKeyFinding['outcome']) => ({ check: 'log-key', outcome, key: log.key }) as const;
  if (trustedKeys === 'unreachable') return finding('unavailable');
  const pinned = parseTrustedKeys(trustedKeys);
  if (pinned.length === 0) return finding('not-applicable');
  const trusted = pinned.some(
    ({ name, type, publicKey }) => name === key.name && type === key.type && equalHashes(publicKey, key.publicKey),
  );
  return finding(trusted ? 'passed' : 'failed');
}

/** A checkpoint's facts, and whether it is of this origin, has no other fault, and is signed under that name by the log's key. */
function signed(
  { note, origin: got, root, size }: SignedCheckpoint,
  origin: string,
  publicKey: Uint8Array,
  fault: CheckpointFault | null,
) {
  const facts = { origin, size, root: bytesToHex(root) };
  const failed = (why: CheckpointFault) => ({ ...facts, outcome: 'failed' as const, ...why });
  if (got !== origin) return failed({ reason: 'other-origin', expected: origin, got });
  if (fault !== null) return failed(fault);
  // A note's key name is its checkpoint's origin, so the key id differs between the log and each batch; the key does not.
  const { failed: wrong, verified } = verifyNote(note, [verifierKey(origin, publicKey)]);
  if (wrong.length > 0) return failed({ reason: 'bad-signature', expected: origin });
  if (verified.length === 0) return failed({ reason: 'not-signed', expected: origin });
  return { ...facts, outcome: 'passed' as const };
}
