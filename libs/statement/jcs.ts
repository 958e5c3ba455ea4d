import { StatementError, describe } from './error.js';

/** A value that JSON can express. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
/** A JSON object. */
export type JsonObject = { [name: string]: JsonValue };

/** Levels of nesting that the canonicaliser follows; far above every format here, and low enough for any call stack. */
export const JCS_MAX_DEPTH = 64;

// With the `u` flag a surrogate that is half of a pair is not a match: only lone ones are.
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Whether `text` can be written as UTF-8, that is holds no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/**
 * The canonical JSON text of `value` (RFC 8785): members sorted by UTF-16 code units, no white space, ECMAScript number form.
 *
 * @throws StatementError `not-json` for what JSON cannot express (undefined, NaN, infinities, functions, big integers,
 * lone surrogates, objects that are not plain), `too-deep` beyond {@link JCS_MAX_DEPTH} levels.
 */
export function canonicalize(value: unknown): string {
  return write(value, 1);
}

/** The canonical JSON form of a string: ECMAScript's own escapes are the ones that RFC 8785 §3.2.2.2 prescribes. */
export function canonicalString(text: string): string {
  if (!isWellFormed(text)) {
    throw new StatementError('not-json', 'Canonicalising JSON: expected well-formed text, got a lone surrogate');
  }
  return JSON.stringify(text);
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new StatementError('not-json', `Canonicalising JSON: expected a finite number, got ${value}`);
    }
    return JSON.stringify(value);
  }
  if (value === null || value === true || value === false) return String(value);
  if (typeof value !== 'object') {
    throw new StatementError('not-json', `Canonicalising JSON: expected a JSON value, got ${describe(value)}`);
  }
  if (depth > JCS_MAX_DEPTH) {
    throw new StatementError('too-deep', `Canonicalising JSON: expected at most ${JCS_MAX_DEPTH} levels, got more`);
  }
  if (Array.isArray(value)) {
    // Array.from, not map: a hole must be refused, not skipped.
    return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new StatementError('not-json', 'Canonicalising JSON: expected a plain object, got an instance of a class');
  }
  const members = value as Record<string, unknown>;
  let text = '';
  // Array.prototype.sort without a comparator orders by UTF-16 code units, as RFC 8785 §3.2.3 asks.
  for (const name of Object.keys(members).sort()) {
    text += `${text === '' ? '' : ','}${canonicalString(name)}:${write(members[name], depth + 1)}`;
  }
  return `{${text}}`;
}
