import { base64 } from '@scure/base';
import { EvmError } from '#evm/error.js';
import { isHex } from '#statement/digest.js';
import { StatementError, describe, memberPointer } from '#statement/error.js';
import type { JsonObject, JsonValue } from '#statement/jcs.js';
import { TlogError } from '#tlog/error.js';
import { TspError } from '#tsp/error.js';
import { ProofError } from './error.js';

/** Reads a part of a proof. `pointer` (RFC 6901) says where it stands; throws ProofError `bad-proof`. */
export type Reader<T> = (value: JsonValue, pointer: string) => T;

/** An object with all of the required members, and no others but the optional ones. */
export function object(value: JsonValue, pointer: string, required: string[], optional: string[] = []): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(pointer, 'an object', value);
  for (const name of required) {
    if (!Object.hasOwn(value, name)) throw refused(memberPointer(pointer, name), 'this member', undefined);
  }
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw refused(memberPointer(pointer, name), 'no such member', value[name]);
    }
  }
  return value;
}

/** An array of at most `max` items. */
export function list<T>(value: JsonValue, pointer: string, max: number, item: Reader<T>): T[] {
  if (!Array.isArray(value)) throw refused(pointer, 'an array', value);
  if (value.length > max) throw refused(pointer, `at most ${max} items`, value);
  return value.map((member, i) => item(member, memberPointer(pointer, i)));
}

/** An array of at most `max` hashes of 32 bytes, in hex. */
export function hashes(value: JsonValue, pointer: string, max: number): string[] {
  return list(value, pointer, max, (hash, at) => {
    if (!isHex(hash, 32)) throw refused(at, '32 bytes in lower-case hex', hash);
    return hash;
  });
}

/** A string. */
export function text(value: JsonValue, pointer: string): string {
  if (typeof value !== 'string') throw refused(pointer, 'a string', value);
  return value;
}

/** Base64 in its one form: the standard alphabet, padded, no stray bits. */
export function base64Text(value: JsonValue, pointer: string): string {
  const string = text(value, pointer);
  try {
    if (base64.encode(base64.decode(string)) === string) return string;
  } catch (cause) {
    throw refused(pointer, 'canonical base64', value, cause);
  }
  throw refused(pointer, 'canonical base64', value);
}

/** Runs another library's parser and tells where in the proof it failed. */
export function wrapped<T>(pointer: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    const known = [StatementError, TlogError, EvmError, TspError].some((type) => cause instanceof type);
    if (!known) throw cause;
    const at = cause instanceof StatementError ? (cause.problems[0]?.pointer ?? '') : '';
    throw new ProofError('bad-proof', `Reading a proof: at ${pointer}${at}: ${(cause as Error).message}`, { cause });
  }
}

/** The error for a member that is not as it must be. */
export function refused(pointer: string, expected: string, got: unknown, cause?: unknown): ProofError {
  const where = pointer === '' ? 'the top' : pointer;
  const message = `Reading a proof: at ${where}: expected ${expected}, got ${describe(got)}`;
  return new ProofError('bad-proof', message, cause === undefined ? {} : { cause });
}
