import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { equalHashes } from '#merkle/hash.js';
import { inclusionPathSides } from '#merkle/inclusion.js';
import { parseTimestamp, serializeDetachedFile } from '#ots/codec.js';
import { mergeTimestamps } from '#ots/merge.js';
import { prune } from '#ots/prune.js';
import { pathFrom, type TimestampPath } from '#ots/timestamp-path.js';
import { MAX_PATH_OPERATIONS, type Timestamp } from '#ots/timestamp.js';
import { blindedDigest } from '#statement/blinding.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { statementHash } from '#statement/entry.js';
import { formatStatement } from '#statement/statement.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { ProofError } from './error.js';
import type { Proof } from './proof.js';

/** First byte of what a leaf hash is taken of (RFC 9162 §2.1.1). */
const LEAF_PREFIX = Uint8Array.of(0x00);
/** First byte of what a node hash is taken of (RFC 9162 §2.1.1). */
const NODE_PREFIX = Uint8Array.of(0x01);

/** What the holder of a blinded record knows and the service does not. */
export interface OtsFileOptions {
  /** 32 bytes; that of the proof when there is one. */
  salt?: Uint8Array | undefined;
  /** Plain SHA-256 of the document, 32 bytes. */
  documentDigest?: Uint8Array | undefined;
}

/**
 * The proof as a detached OpenTimestamps file, canonical, with the attestations of every checkpoint. It is a timestamp of the
 * document's SHA-256; for a blinded record of which salt and document digest are not known, of the blinded digest.
 *
 * Attestations that more than 255 operations lead to are left out: no OpenTimestamps client reads so far.
 *
 * @throws ProofError `no-sha256`, `no-attestation`, `too-deep` when all are left out, `wrong-document`; OtsError when an attestation cannot be read.
 */
export function otsFile(proof: Proof, options: OtsFileOptions = {}): Uint8Array {
  const jcs = formatStatement(proof.statement);
  const entry = base64.decode(proof.batch.entry);
  const { number, size, root, statusRoot } = parseBatchEntry(entry);
  const head = entry.slice(0, entry.length - root.length - statusRoot.length);

  const leaf = start(proof, options).append(statementHash(jcs)).prepend(LEAF_PREFIX).sha256();
  const batchRoot = climb(leaf, proof.batch.path, proof.batch.index, size);
  // The entry's text and the leaf prefix stand before the root: one operation adds both. The status root stands after it.
  const logLeaf = batchRoot.append(statusRoot).prepend(concatBytes(LEAF_PREFIX, head)).sha256();
  let anchored: Timestamp | undefined;
  let tooDeep = false;
  for (const checkpoint of proof.log.checkpoints) {
    const { size: logSize, root: logRoot } = parseCheckpoint(parseNote(checkpoint.note).text);
    const path = climb(pathFrom(logLeaf.message), checkpoint.path, number, logSize);
    for (const attestation of checkpoint.attestations) {
      if (attestation.type !== 'opentimestamps') continue;
      const whole = parseTimestamp(base64.decode(attestation.timestamp), logRoot);
      // A calendar that batches as much as this log does may lead so far that no client reads the whole path.
      const room = MAX_PATH_OPERATIONS - logLeaf.operations.length - path.operations.length;
      const timestamp = prune(whole, (_, { depth }) => depth <= room);
      if (timestamp === null) {
        tooDeep = true;
        continue;
      }
      const tail = path.end(timestamp);
      anchored = anchored === undefined ? tail : mergeTimestamps(anchored, tail);
    }
  }
  if (anchored === undefined && tooDeep) {
    throw new ProofError(
      'too-deep',
      `Making an OpenTimestamps file: expected at most ${MAX_PATH_OPERATIONS} operations from the document to a block, got more`,
    );
  }
  if (anchored === undefined) {
    throw new ProofError(
      'no-attestation',
      'Making an OpenTimestamps file: expected a proof with an attestation of that type, got one whose checkpoints have none yet',
    );
  }
  const timestamp = logLeaf.end(anchored);
  return serializeDetachedFile({ hash: 'sha256', digest: timestamp.message, timestamp });
}

/** The path up to the recorded SHA-256: empty, or the blinding of the document's own. */
function start({ statement, salt }: Proof, options: OtsFileOptions): TimestampPath {
  const recorded = statement.digests.sha256;
  if (recorded === undefined) {
    const got = Object.keys(statement.digests).join(', ');
    throw new ProofError(
      'no-sha256',
      `Making an OpenTimestamps file: expected a record with a sha256 digest, got ${got}`,
    );
  }
  const digest = hexToBytes(recorded);
  const document = options.documentDigest;
  const saltBytes = options.salt ?? (salt === undefined ? undefined : hexToBytes(salt));
  if (statement.blinded !== true) {
    if (document !== undefined && !equalHashes(document, digest)) throw wrongDocument();
    return pathFrom(digest);
  }
  if (document === undefined || saltBytes === undefined) return pathFrom(digest);
  if (!equalHashes(blindedDigest('sha256', saltBytes, document), digest)) throw wrongDocument();
  return pathFrom(document).prepend(saltBytes).sha256();
}

/** Climbs an inclusion path: a left sibling is prepended with the node prefix, a right one appended before the prefix. */
function climb(from: TimestampPath, path: readonly string[], index: number, size: number): TimestampPath {
  const sides = inclusionPathSides(index, size);
  return path.reduce((reached, hex, i) => {
    const sibling = hexToBytes(hex);
    const joined =
      sides[i] === 'left'
        ? reached.prepend(concatBytes(NODE_PREFIX, sibling))
        : reached.append(sibling).prepend(NODE_PREFIX);
    return joined.sha256();
  }, from);
}

function wrongDocument(): ProofError {
  return new ProofError(
    'wrong-document',
    'Making an OpenTimestamps file: expected the recorded document, got a digest (or salt) of another',
  );
}
