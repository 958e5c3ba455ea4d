import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { equalHashes, leafHash } from '#merkle/hash.js';
import { MerkleError } from '#merkle/error.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import { batchOrigin, parseBatchEntry, type BatchEntry } from '#statement/batch-entry.js';
import { entryBytes, statementHash } from '#statement/entry.js';
import { recordId } from '#statement/record-id.js';
import { formatStatement } from '#statement/statement.js';
import { parseTime } from '#statement/time.js';
import { parseCheckpoint, type Checkpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey, verifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { ProofError } from './error.js';
import type { Proof, ProofCheckpoint } from './proof.js';
import type { Check, CheckCode } from './verdict.js';

/** A proof's inner facts, computed once: everything that the checks of its structure compare. */
export interface ProofFacts {
  /** SHA-256 of the statement's canonical JSON, 32 bytes. */
  statementHash: Uint8Array;
  /** Leaf hash of the record in its batch, 32 bytes. */
  leaf: Uint8Array;
  entry: BatchEntry;
  /** Leaf hash of the batch entry in the log, 32 bytes. */
  logLeaf: Uint8Array;
  key: VerifierKey;
}

/** The facts of a proof that `parseProof` accepted. */
export function proofFacts(proof: Proof): ProofFacts {
  const jcs = formatStatement(proof.statement);
  const entry = base64.decode(proof.batch.entry);
  return {
    statementHash: statementHash(jcs),
    leaf: leafHash(entryBytes(proof.statement, jcs)),
    entry: parseBatchEntry(entry),
    logLeaf: leafHash(entry),
    key: parseVerifierKey(proof.log.key),
  };
}

/** Whether the id is the one that follows from the statement. */
export function checkRecordId({ id, statement }: Proof, facts: ProofFacts): Check {
  const computed = recordId(parseTime(statement.receivedAt), facts.statementHash);
  return id === computed
    ? { code: 'record-id', status: 'passed', message: `The record id ${id} belongs to the statement.`, data: { id } }
    : {
        code: 'record-id',
        status: 'failed',
        message: `The record id ${id} does not belong to the statement, whose id is ${computed}.`,
        data: { id, computed },
      };
}

/** Whether the path leads from the record's entry to the root that the batch entry names. */
export function checkBatchInclusion({ batch }: Proof, { leaf, entry }: ProofFacts): Check {
  const data = { number: entry.number, index: batch.index, size: entry.size };
  const where = `entry ${batch.index} of the ${entry.size} of batch ${entry.number}`;
  return inclusion('batch-inclusion', `The record is ${where}`, data, {
    leaf,
    index: batch.index,
    size: entry.size,
    path: batch.path,
    root: entry.root,
  });
}

/** Whether the log's key signed the batch's own tree as the batch entry describes it. */
export function checkBatchCheckpoint({ batch }: Proof, { entry, key }: ProofFacts): Check {
  const origin = batchOrigin(entry.origin, entry.number);
  return signed('batch-checkpoint', batch.checkpoint, origin, key, (checkpoint) => {
    if (checkpoint.size !== entry.size) return `its size is ${checkpoint.size}, the batch has ${entry.size} entries`;
    return equalHashes(checkpoint.root, entry.root) ? null : 'its root is not the root of the batch';
  });
}

/** Whether a checkpoint is the log's, signed by the log's key. */
export function checkLogCheckpoint({ note }: ProofCheckpoint, { entry, key }: ProofFacts): Check {
  return signed('log-checkpoint', note, entry.origin, key, () =>
    key.name === entry.origin ? null : `the key is named ${key.name}, the log ${entry.origin}`,
  );
}

/** Whether the path leads from the batch entry to the root of a checkpoint. */
export function checkLogInclusion({ note, path }: ProofCheckpoint, { logLeaf, entry }: ProofFacts): Check {
  const { size, root } = parseCheckpoint(parseNote(note).text);
  const data = { number: entry.number, size };
  return inclusion('log-inclusion', `The batch is entry ${entry.number} of the log at size ${size}`, data, {
    leaf: logLeaf,
    index: entry.number,
    size,
    path,
    root,
  });
}

/**
 * Whether the log's key is one that the caller trusts.
 *
 * @throws ProofError `bad-key` when a trusted key cannot be read.
 */
export function checkLogKey({ log }: Proof, { key }: ProofFacts, trustedKeys: readonly string[]): Check {
  const pinned = trustedKeys.map((text) => {
    try {
      return parseVerifierKey(text);
    } catch (cause) {
      throw new ProofError('bad-key', `Reading a trusted key: expected a verifier key, got ${text}`, { cause });
    }
  });
  const data = { key: log.key };
  if (pinned.length === 0) {
    const message = `Nobody checked who the signer is: the proof names the key ${log.key}. Compare it with the one that the service publishes, or pin it.`;
    return { code: 'log-key', status: 'not-applicable', message, data };
  }
  const trusted = pinned.some(
    ({ name, type, publicKey }) => name === key.name && type === key.type && equalHashes(publicKey, key.publicKey),
  );
  return trusted
    ? { code: 'log-key', status: 'passed', message: `The log's key is the trusted one, ${log.key}.`, data }
    : {
        code: 'log-key',
        status: 'failed',
        message: `The proof is signed by another log: its key ${log.key} is not a trusted one.`,
        data,
      };
}

interface Claim {
  leaf: Uint8Array;
  index: number;
  size: number;
  path: readonly string[];
  root: Uint8Array;
}

function inclusion(code: CheckCode, claim: string, data: Record<string, string | number>, given: Claim): Check {
  let computed: Uint8Array;
  try {
    computed = rootFromInclusionProof(
      given.leaf,
      given.index,
      given.size,
      given.path.map((hex) => hexToBytes(hex)),
    );
  } catch (error) {
    if (!(error instanceof MerkleError)) throw error;
    return { code, status: 'failed', message: `${claim}: not so, ${error.message}.`, data };
  }
  if (equalHashes(computed, given.root)) return { code, status: 'passed', message: `${claim}.`, data };
  const [root, expected] = [bytesToHex(computed), bytesToHex(given.root)];
  const message = `${claim}: not so, the path leads to root ${root}, not to ${expected}.`;
  return { code, status: 'failed', message, data: { ...data, root, expected } };
}

function signed(
  code: CheckCode,
  text: string,
  origin: string,
  logKey: VerifierKey,
  fault: (checkpoint: Checkpoint) => string | null,
): Check {
  const note = parseNote(text);
  const checkpoint = parseCheckpoint(note.text);
  const data = { origin, size: checkpoint.size, root: bytesToHex(checkpoint.root) };
  const failed = (why: string): Check => ({
    code,
    status: 'failed',
    message: `The checkpoint ${origin} at size ${checkpoint.size} does not hold: ${why}.`,
    data,
  });
  if (checkpoint.origin !== origin) return failed(`its origin is ${checkpoint.origin}`);
  const why = fault(checkpoint);
  if (why !== null) return failed(why);
  // A note's key name is its checkpoint's origin, so the key id differs between the log and each batch; the key does not.
  const signer = verifyNote(note, [verifierKey(origin, logKey.publicKey)]);
  if (signer.failed.length > 0) return failed(`its signature by ${origin} is not one of the log's key`);
  if (signer.verified.length === 0) return failed(`it is not signed by ${origin} with the log's key`);
  const message = `The checkpoint ${origin} at size ${checkpoint.size} is signed by the log's key.`;
  return { code, status: 'passed', message, data };
}
