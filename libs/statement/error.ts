/** One thing that is wrong with a value, and where. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the member inside the value; empty for the value itself. */
  pointer: string;
  /** One English sentence: what was expected, what was found. */
  detail: string;
}

/**
 * Why a statement, a record id or a batch entry was refused.
 *
 * - `not-json`: a value that JSON (RFC 8259) or RFC 8785 cannot express;
 * - `too-deep`: nested deeper than the canonicaliser follows;
 * - `bad-statement`: not a version 1 statement of the kind; `problems` lists every fault;
 * - `bad-digest`: no digest, or not of a known algorithm;
 * - `bad-time`: not a time in the form that the formats ask for;
 * - `bad-record-id`: not a UUIDv7, or out of range;
 * - `bad-batch-entry`, `bad-status-entry`, `bad-reliance-entry`: not an entry of that kind.
 */
export type StatementErrorCode =
  | 'not-json'
  | 'too-deep'
  | 'bad-statement'
  | 'bad-digest'
  | 'bad-time'
  | 'bad-record-id'
  | 'bad-batch-entry'
  | 'bad-status-entry'
  | 'bad-reliance-entry';

/** The error of this library. */
export class StatementError extends Error {
  constructor(
    readonly code: StatementErrorCode,
    message: string,
    /** Every fault found; empty when the message says it all. */
    readonly problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StatementError';
  }
}

/** Names a value in an error message: its type, and the value itself when it is short. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `${typeof value} ${String(value as number | boolean | bigint | symbol)}`;
  return value.length <= 40 ? JSON.stringify(value) : `a string of ${value.length} characters`;
}

/** The pointer to member `name` of what `pointer` points to (RFC 6901 §3). */
export function memberPointer(pointer: string, name: string | number): string {
  const text = String(name);
  return `${pointer}/${/[~/]/.test(text) ? text.replaceAll('~', '~0').replaceAll('/', '~1') : text}`;
}
