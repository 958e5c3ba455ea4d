import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { MerkleError } from '#merkle/error.js';
import { equalHashes, leafHash } from '#merkle/hash.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import { batchOrigin } from '#statement/batch-entry.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import { verifyNote } from '#tlog/note.js';
import { parseVerifierKey, verifierKey } from '#tlog/verifier-key.js';
import { ProofError } from './error.js';
import type {
  BatchCheckpointFinding,
  BatchInclusionFinding,
  CheckpointFault,
  LogCheckpointFinding,
  LogInclusionFinding,
  LogKeyFinding,
  PathFault,
  RecordIdFinding,
} from './finding.js';
import type { ReadCheckpoint, ReadProof } from './proof.js';

/** Whether the id is the one that follows from the statement. */
export function checkRecordId({ proof: { id, statement } }: ReadProof): RecordIdFinding {
  const computed = recordId(parseTime(statement.receivedAt), statementHash(formatStatement(statement)));
  const check = 'record-id';
  return id === computed ? { check, outcome: 'passed', id } : { check, outcome: 'failed', id, computed };
}

/** Whether the path leads from the record's entry to the root that the batch entry names. */
export function checkBatchInclusion({ entry, proof: { batch, statement } }: ReadProof): BatchInclusionFinding {
  const { number, root, size } = entry;
  const leaf = leafHash(entryBytes(statement, formatStatement(statement)));
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
  const pinned = trustedKeys.map((text) => {
    try {
      return parseVerifierKey(text);
    } catch (cause) {
      throw new ProofError('bad-key', `Reading a trusted key: expected a verifier key, got ${text}`, { cause });
    }
  });
  if (pinned.length === 0) return finding('not-applicable');
  const trusted = pinned.some(
    ({ name, type, publicKey }) => name === key.name && type === key.type && equalHashes(publicKey, key.publicKey),
  );
  return finding(trusted ? 'passed' : 'failed');
}

interface Claim {
  leaf: Uint8Array;
  index: number;
  size: number;
  path: readonly string[];
  root: Uint8Array;
}

/** Why a path does not lead from a leaf to a root; null when it does. */
function pathFault({ leaf, index, size, path, root }: Claim): PathFault | null {
  let computed: Uint8Array;
  try {
    const hashes = path.map((hex) => hexToBytes(hex));
    computed = rootFromInclusionProof(leaf, index, size, hashes);
  } catch (error) {
    if (!(error instanceof MerkleError)) throw error;
    return { reason: 'bad-path', detail: error.message };
  }
  if (equalHashes(computed, root)) return null;
  return { reason: 'other-root', root: bytesToHex(computed), expected: bytesToHex(root) };
}

/** A checkpoint's facts, and whether it is of this origin, has no other fault, and is signed under that name by the log's key. */
function signed(
  { note, origin: got, root, size }: ReadCheckpoint,
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
