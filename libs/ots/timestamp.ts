import { type Attestation, compareAttestations } from './attestation.js';
import { compareBytes } from './byte-order.js';
import { OtsError } from './error.js';
import { MAX_MESSAGE_BYTES, OPERATION_TAGS, type Operation } from './operation.js';

/**
 * Most operations between the first message and any other. A reader that allows 256 nested nodes, as the reference
 * does, allows this many steps.
 */
export const MAX_PATH_OPERATIONS = 255;
/**
 * Most messages in one timestamp. Real ones have some hundreds (a file stamped at four calendars, each upgraded through
 * a Bitcoin block: about 400); without a bound a megabyte could ask for gigabytes of messages. Ours, not the reference's.
 */
export const MAX_NODES = 16_384;
/**
 * Most bytes that all operations of one timestamp together are applied to: as many as 16,384 operations on 64 bytes. It
 * bounds the time that hostile input takes, since a byte of a file can stand for 4096 bytes to hash. Ours, not the reference's.
 */
export const MAX_INPUT_BYTES = 1_048_576;
/** Longest timestamp or detached file that is read or written, in bytes. Ours, not the reference's. */
export const MAX_TIMESTAMP_BYTES = 1_048_576;

/**
 * A message with everything that is known about its time: attestations of the message itself, and operations that lead
 * to other messages with timestamps of their own. Values are never changed after they are made.
 */
export interface Timestamp {
  /** At most 4096 bytes. */
  readonly message: Uint8Array;
  readonly attestations: readonly Attestation[];
  readonly operations: readonly Branch[];
}

/** An operation on a timestamp's message and the timestamp of its result. */
export interface Branch {
  readonly op: Operation;
  readonly next: Timestamp;
}

/** Counts what one traversal meets, so that shared or endless structures end in an error and not in exhausted memory. */
export class NodeBudget {
  #nodes = 0;
  #inputBytes = 0;

  /** Enters a node `depth` operations below the root. Throws `too-deep` and `too-large`. */
  enter(depth: number): void {
    if (depth > MAX_PATH_OPERATIONS) {
      throw new OtsError(
        'too-deep',
        `Timestamp: expected at most ${MAX_PATH_OPERATIONS} operations on a path, got more`,
      );
    }
    this.#nodes++;
    if (this.#nodes > MAX_NODES) {
      throw new OtsError('too-large', `Timestamp: expected at most ${MAX_NODES} messages, got more`);
    }
  }

  /** Goes along an operation on a message. Throws `too-large`. */
  step(message: Uint8Array): void {
    this.#inputBytes += message.length;
    if (this.#inputBytes > MAX_INPUT_BYTES) {
      throw new OtsError(
        'too-large',
        `Timestamp: expected operations on at most ${MAX_INPUT_BYTES} bytes in all, got more`,
      );
    }
  }
}

/** Throws `bad-message` unless a message has at most 4096 bytes. */
export function checkMessage(message: Uint8Array): void {
  if (message.length > MAX_MESSAGE_BYTES) {
    throw new OtsError(
      'bad-message',
      `Timestamp: expected a message of at most ${MAX_MESSAGE_BYTES} bytes, got ${message.length}`,
    );
  }
}

/** Attestations in canonical order, each once. */
export function canonicalAttestations(attestations: Iterable<Attestation>): Attestation[] {
  const sorted = [...attestations].sort(compareAttestations);
  return sorted.filter((attestation, i) => i === 0 || compareAttestations(sorted[i - 1]!, attestation) !== 0);
}

/** Branches in canonical order: by tag, then by operand. Throws `duplicate-operation`. */
export function canonicalBranches(branches: Iterable<Branch>): Branch[] {
  const sorted = [...branches].sort((a, b) => compareOperations(a.op, b.op));
  for (let i = 1; i < sorted.length; i++) {
    if (compareOperations(sorted[i - 1]!.op, sorted[i]!.op) === 0) {
      throw new OtsError(
        'duplicate-operation',
        `Timestamp: expected each operation once, got ${sorted[i]!.op.type} twice`,
      );
    }
  }
  return sorted;
}

/** The canonical order of operations. The operand alone decides after the tag; its length does not come first. */
export function compareOperations(a: Operation, b: Operation): number {
  if ('operand' in a && 'operand' in b && a.type === b.type) return compareBytes(a.operand, b.operand);
  return OPERATION_TAGS[a.type] - OPERATION_TAGS[b.type];
}
