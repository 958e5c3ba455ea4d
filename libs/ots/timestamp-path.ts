import type { Attestation } from './attestation.js';
import { equalBytes } from './byte-order.js';
import { OtsError } from './error.js';
import { append, applyOperation, type Operation, prepend, SHA256 } from './operation.js';
import { checkMessage, type Timestamp } from './timestamp.js';

/**
 * A chain of operations from a starting message, built one step at a time and closed with what is known about the
 * message it ends at. Every step gives a new path, so a common beginning can be kept and continued in several ways.
 *
 *     pathFrom(documentDigest).append(statementHash).prepend(Uint8Array.of(0)).sha256().end([{ type: 'pending', uri }])
 */
export class TimestampPath {
  readonly #steps: readonly { before: Uint8Array; op: Operation }[];

  private constructor(
    steps: readonly { before: Uint8Array; op: Operation }[],
    /** The message the path has reached. */
    readonly message: Uint8Array,
  ) {
    this.#steps = steps;
  }

  /** The empty path at a message of at most 4096 bytes. Throws `bad-message`. */
  static from(message: Uint8Array): TimestampPath {
    checkMessage(message);
    return new TimestampPath([], message);
  }

  /** The path with more operations at its end. Throws `bad-message`. */
  apply(...operations: readonly Operation[]): TimestampPath {
    let message = this.message;
    const steps = [...this.#steps];
    for (const op of operations) {
      steps.push({ before: message, op });
      message = applyOperation(op, message);
    }
    return new TimestampPath(steps, message);
  }

  /** The path with message ‖ operand at its end. Throws `bad-operand` and `bad-message`. */
  append(operand: Uint8Array): TimestampPath {
    return this.apply(append(operand));
  }

  /** The path with operand ‖ message at its end. Throws `bad-operand` and `bad-message`. */
  prepend(operand: Uint8Array): TimestampPath {
    return this.apply(prepend(operand));
  }

  /** The path with the SHA-256 of the message at its end. */
  sha256(): TimestampPath {
    return this.apply(SHA256);
  }

  /** The operations so far, first one first. */
  get operations(): readonly Operation[] {
    return this.#steps.map((step) => step.op);
  }

  /**
   * The timestamp of the starting message: this path, then `tip`, either attestations of the message that was reached
   * or a timestamp of exactly that message. Throws `different-messages`.
   */
  end(tip: Timestamp | readonly Attestation[]): Timestamp {
    let timestamp: Timestamp = 'message' in tip ? tip : { message: this.message, attestations: tip, operations: [] };
    if (!equalBytes(timestamp.message, this.message)) {
      throw new OtsError(
        'different-messages',
        'Ending a path: expected a timestamp of the message it reached, got another',
      );
    }
    for (const { before, op } of this.#steps.toReversed()) {
      timestamp = { message: before, attestations: [], operations: [{ op, next: timestamp }] };
    }
    return timestamp;
  }
}

/** The empty path at a message of at most 4096 bytes. Throws `bad-message`. */
export function pathFrom(message: Uint8Array): TimestampPath {
  return TimestampPath.from(message);
}
