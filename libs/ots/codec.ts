import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type Attestation, attestationBytes, readAttestation } from './attestation.js';
import { equalBytes } from './byte-order.js';
import { ByteReader, varuint } from './byte-reader.js';
import { OtsError } from './error.js';
import {
  applyOperation,
  HASH_OPERATION_BYTES,
  type HashOperationType,
  hashTypeOfTag,
  OPERATION_TAGS,
  operationBytes,
  readOperation,
} from './operation.js';
import {
  type Branch,
  canonicalAttestations,
  canonicalBranches,
  checkMessage,
  MAX_TIMESTAMP_BYTES,
  NodeBudget,
  type Timestamp,
} from './timestamp.js';

/** First bytes of a detached timestamp file: NUL, `OpenTimestamps`, NUL NUL, `Proof`, NUL, and eight bytes that no text has. */
export const DETACHED_FILE_MAGIC = hexToBytes('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294');
/** The only version of detached files. */
export const DETACHED_FILE_VERSION = 1;

const ATTESTATION_ITEM = 0x00;
const MORE_ITEMS = 0xff;

/** A timestamp kept in a file of its own, beside the document whose digest it starts from. */
export interface DetachedFile {
  readonly hash: HashOperationType;
  /** 20 bytes for sha1 and ripemd160, 32 for sha256 and keccak256; the same as `timestamp.message`. */
  readonly digest: Uint8Array;
  readonly timestamp: Timestamp;
}

/** How strictly to read. */
export interface ParseOptions {
  /** Refuse (`not-canonical`) bytes that differ from what the writer would write for the same tree. */
  readonly canonical?: boolean | undefined;
}

/**
 * Reads a bare timestamp, as calendars answer and proofs carry it. The bytes do not hold the message they start from, so
 * the caller gives it (at most 4096 bytes). Throws an OtsError for whatever breaks a rule, bytes left over included.
 */
export function parseTimestamp(bytes: Uint8Array, message: Uint8Array, options: ParseOptions = {}): Timestamp {
  checkSize(bytes.length);
  const reader = new ByteReader(bytes);
  const timestamp = readTimestamp(reader, message);
  reader.expectEnd('a timestamp');
  if (options.canonical === true) expectCanonical(bytes, serializeTimestamp(timestamp));
  return timestamp;
}

/** The canonical bytes of a timestamp. Throws an OtsError for a tree that could not be read back. */
export function serializeTimestamp(timestamp: Timestamp): Uint8Array {
  const chunks: Uint8Array[] = [];
  checkMessage(timestamp.message);
  writeNode(timestamp, 0, new NodeBudget(), chunks);
  return joined(chunks);
}

/** Reads a detached timestamp file (`.ots`). Throws an OtsError for whatever breaks a rule, bytes left over included. */
export function parseDetachedFile(bytes: Uint8Array, options: ParseOptions = {}): DetachedFile {
  checkSize(bytes.length);
  if (!equalBytes(bytes.subarray(0, DETACHED_FILE_MAGIC.length), DETACHED_FILE_MAGIC)) {
    throw new OtsError('bad-magic', 'Reading a detached file: expected the OpenTimestamps magic bytes, got others');
  }
  const reader = new ByteReader(bytes.subarray(DETACHED_FILE_MAGIC.length));
  const version = reader.readVaruint();
  if (version !== DETACHED_FILE_VERSION) {
    throw new OtsError('unsupported-version', `Reading a detached file: expected version 1, got ${version}`);
  }
  const tag = reader.readByte();
  const hash = hashTypeOfTag(tag);
  if (hash === undefined) {
    throw new OtsError('unknown-hash', `Reading a detached file: expected the tag of a hash, got ${tag}`);
  }
  const digest = reader.readBytes(HASH_OPERATION_BYTES[hash]);
  const file = { hash, digest, timestamp: readTimestamp(reader, digest) };
  reader.expectEnd('a detached file');
  if (options.canonical === true) expectCanonical(bytes, serializeDetachedFile(file));
  return file;
}

/** The canonical bytes of a detached file. Throws `bad-digest` and whatever `serializeTimestamp` throws. */
export function serializeDetachedFile(file: DetachedFile): Uint8Array {
  if (file.digest.length !== HASH_OPERATION_BYTES[file.hash] || !equalBytes(file.digest, file.timestamp.message)) {
    throw new OtsError(
      'bad-digest',
      `Writing a detached file: expected a timestamp of the ${file.hash} digest, got one of ${bytesToHex(file.timestamp.message)}`,
    );
  }
  return joined([
    DETACHED_FILE_MAGIC,
    varuint(DETACHED_FILE_VERSION),
    Uint8Array.of(OPERATION_TAGS[file.hash]),
    file.digest,
    serializeTimestamp(file.timestamp),
  ]);
}

function readTimestamp(reader: ByteReader, message: Uint8Array): Timestamp {
  checkMessage(message);
  return readNode(reader, message, 0, new NodeBudget());
}

function readNode(reader: ByteReader, message: Uint8Array, depth: number, budget: NodeBudget): Timestamp {
  budget.enter(depth);
  const attestations: Attestation[] = [];
  const branches = new Map<string, Branch>();
  for (let more = true; more;) {
    let tag = reader.readByte();
    more = tag === MORE_ITEMS;
    if (more) tag = reader.readByte();
    if (tag === ATTESTATION_ITEM) {
      attestations.push(readAttestation(reader));
    } else {
      const op = readOperation(tag, reader);
      budget.step(message);
      const next = readNode(reader, applyOperation(op, message), depth + 1, budget);
      // A repeated operation replaces the earlier one, as in the reference: both must see the same tree.
      branches.set(bytesToHex(operationBytes(op)), { op, next });
    }
  }
  return {
    message,
    attestations: canonicalAttestations(attestations),
    operations: canonicalBranches(branches.values()),
  };
}

function writeNode(timestamp: Timestamp, depth: number, budget: NodeBudget, chunks: Uint8Array[]): void {
  budget.enter(depth);
  const attestations = canonicalAttestations(timestamp.attestations);
  const branches = canonicalBranches(timestamp.operations);
  let itemsLeft = attestations.length + branches.length;
  if (itemsLeft === 0) {
    throw new OtsError('empty-timestamp', 'Writing a timestamp: expected an attestation or an operation, got neither');
  }
  const startItem = (): void => {
    itemsLeft--;
    if (itemsLeft > 0) chunks.push(Uint8Array.of(MORE_ITEMS));
  };
  for (const attestation of attestations) {
    startItem();
    chunks.push(Uint8Array.of(ATTESTATION_ITEM), attestationBytes(attestation));
  }
  for (const { op, next } of branches) {
    budget.step(timestamp.message);
    if (!equalBytes(applyOperation(op, timestamp.message), next.message)) {
      throw new OtsError(
        'wrong-result',
        `Writing ${op.type}: expected the timestamp of its result, got one of another message`,
      );
    }
    startItem();
    chunks.push(operationBytes(op));
    writeNode(next, depth + 1, budget, chunks);
  }
}

/** Joins the chunks by hand: there may be more of them than a call takes arguments. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  checkSize(length);
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function checkSize(length: number): void {
  if (length > MAX_TIMESTAMP_BYTES) {
    throw new OtsError('too-large', `Timestamp: expected at most ${MAX_TIMESTAMP_BYTES} bytes, got ${length}`);
  }
}

function expectCanonical(bytes: Uint8Array, canonical: Uint8Array): void {
  if (!equalBytes(bytes, canonical)) {
    throw new OtsError(
      'not-canonical',
      'Reading a timestamp: expected its canonical form, got another form of the same tree',
    );
  }
}
