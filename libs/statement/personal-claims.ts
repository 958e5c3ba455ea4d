import { memberPointer, type Problem } from './error.js';
import type { JsonObject, JsonValue } from './jcs.js';
import { personalNumberProblem } from './personal-number.js';
import { isMeasure, type Profile } from './profile.js';

/** Most places that are named: whoever has put that many numbers of people into one record knows by then. */
const MAX_PROBLEMS = 16;

/**
 * Adds to `problems` where claims, in names, texts or numbers, hold what looks like the number of an identity card, a bank card or a phone. What
 * the profile says to be an amount, a day or a count is not looked at. The claims are no deeper than `checkClaims` lets them be.
 */
export function checkPersonalNumbers(
  claims: JsonObject,
  profile: Profile | undefined,
  pointer: string,
  problems: Problem[],
): void {
  const limit = problems.length + MAX_PROBLEMS;
  for (const [name, value] of Object.entries(claims)) {
    if (profile === undefined || !isMeasure(profile, name)) checkMember(name, value, pointer, problems, limit);
  }
}

function checkMember(name: string, value: JsonValue, pointer: string, problems: Problem[], limit: number): void {
  const problem = personalNumberProblem(name);
  // A pointer to it would repeat it.
  if (problem !== null) problems.push({ pointer, detail: `in a member's name: ${problem}` });
  else walk(value, memberPointer(pointer, name), problems, limit);
}

function walk(value: JsonValue, pointer: string, problems: Problem[], limit: number): void {
  if (problems.length >= limit) return;
  if (typeof value === 'string' || typeof value === 'number') {
    const problem = personalNumberProblem(String(value));
    if (problem !== null) problems.push({ pointer, detail: problem });
  } else if (Array.isArray(value)) {
    value.forEach((item, i) => walk(item, memberPointer(pointer, i), problems, limit));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) checkMember(name, item, pointer, problems, limit);
  }
}
