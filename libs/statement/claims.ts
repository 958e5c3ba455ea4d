import { utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, memberPointer, type Problem } from './error.js';
import { canonicalize, isWellFormed, type JsonObject } from './jcs.js';

/** Longest `claims`, in bytes of its canonical JSON: coded facts, not a document. */
export const CLAIMS_MAX_BYTES = 2048;
/** Deepest nesting inside `claims`, the object itself being level 1. */
export const CLAIMS_MAX_DEPTH = 8;

/** A problem list stops growing here: claims can hold a thousand faults, and nobody reads them all. */
const MAX_PROBLEMS = 16;

/**
 * Adds to `problems` whatever is wrong with a `claims` member. Returns its canonical JSON text, or null when something was wrong.
 * A whole number beyond ±(2^53 − 1) is refused: parsers disagree about its last digits, so it belongs in a string.
 */
export function checkClaims(value: unknown, pointer: string, problems: Problem[]): string | null {
  const before = problems.length;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ pointer, detail: `expected an object, got ${describe(value)}` });
    return null;
  }
  walk(value, pointer, 1, problems, before + MAX_PROBLEMS);
  if (problems.length > before) return null;
  const jcs = canonicalize(value as JsonObject);
  // A UTF-16 unit takes at most three bytes of UTF-8, so most claims need no encoding to be found short enough.
  const bytes = jcs.length * 3 <= CLAIMS_MAX_BYTES ? 0 : utf8ToBytes(jcs).length;
  if (bytes <= CLAIMS_MAX_BYTES) return jcs;
  problems.push({ pointer, detail: `expected at most ${CLAIMS_MAX_BYTES} bytes of canonical JSON, got ${bytes}` });
  return null;
}

function walk(value: unknown, pointer: string, depth: number, problems: Problem[], limit: number): void {
  if (problems.length >= limit) return;
  switch (typeof value) {
    case 'boolean':
      return;
    case 'string':
      if (!isWellFormed(value)) problems.push({ pointer, detail: 'expected well-formed text, got a lone surrogate' });
      return;
    case 'number':
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
        problems.push({
          pointer,
          detail: `expected a number that every parser reads alike (whole numbers up to 2^53 - 1), got ${value}: send it as a string`,
        });
      }
      return;
    case 'object':
      break;
    default:
      problems.push({ pointer, detail: `expected a JSON value, got ${describe(value)}` });
      return;
  }
  if (value === null) return;
  if (depth > CLAIMS_MAX_DEPTH) {
    problems.push({ pointer, detail: `expected at most ${CLAIMS_MAX_DEPTH} levels of nesting, got more` });
    return;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) walk(value[i], memberPointer(pointer, i), depth + 1, problems, limit);
    return;
  }
  for (const name of Object.keys(value)) {
    const member = memberPointer(pointer, name);
    if (name === '__proto__') {
      problems.push({ pointer: member, detail: 'expected any other member name, got "__proto__"' });
    } else if (!isWellFormed(name)) {
      problems.push({ pointer, detail: 'expected well-formed member names, got a lone surrogate' });
    } else {
      walk((value as Record<string, unknown>)[name], member, depth + 1, problems, limit);
    }
  }
}
