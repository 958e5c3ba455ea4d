import { isHex } from './digest.js';
import { StatementError, describe, memberPointer, type Problem } from './error.js';
import { isTime } from './time.js';

/** Adds to `problems` whatever is wrong with a member. */
export type Check = (value: unknown, pointer: string, problems: Problem[]) => void;

/** A check that adds `expected <what>` when the value does not satisfy `test`. */
export function expects(what: string, test: (value: unknown) => boolean): Check {
  return (value, pointer, problems) => {
    if (!test(value)) problems.push({ pointer, detail: `expected ${what}, got ${describe(value)}` });
  };
}

/** Whether a value is text of this form. */
export const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** A check of an object that holds every member of `required`, perhaps some of `optional`, and nothing else. */
export function members(required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>>): Check {
  return (value, pointer, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push({ pointer, detail: `expected an object, got ${describe(value)}` });
      return;
    }
    const object = value as Record<string, unknown>;
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(object, name)) problems.push({ pointer, detail: `expected a member "${name}", got none` });
    }
    for (const name of Object.keys(object)) {
      const check = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name)
          ? optional[name]
          : undefined;
      const member = memberPointer(pointer, name);
      if (check !== undefined) check(object[name], member, problems);
      else problems.push({ pointer: member, detail: `expected no such member, got ${describe(name)}` });
    }
  };
}

/** The error for a statement with these faults, at least one. */
export function badStatement(problems: readonly Problem[]): StatementError {
  const [first] = problems;
  return new StatementError(
    'bad-statement',
    `Reading a statement: at ${first!.pointer === '' ? 'the top' : first!.pointer} ${first!.detail}`,
    problems,
  );
}

/** Length of a statement's nonce, in bytes. */
export const NONCE_BYTES = 16;

/** Form of an agency's name: a domain name in lower-case ASCII (RFC 1123 labels). */
export const AGENCY_PATTERN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A member that is a time. */
export const time = expects('a time as YYYY-MM-DDThh:mm:ss.sssZ', isTime);

/** A member that is a time from 1970 on: the formats hold it in milliseconds since then. */
export const time1970 = expects(
  'a time from 1970 on as YYYY-MM-DDThh:mm:ss.sssZ',
  (value) => isTime(value) && value >= '1970',
);

/** The members that every statement has, but `kind`. */
export const COMMON: Readonly<Record<'v' | 'agency' | 'receivedAt' | 'nonce', Check>> = {
  v: expects('1', (value) => value === 1),
  agency: expects('a lower-case domain name', matches(AGENCY_PATTERN)),
  receivedAt: time1970,
  nonce: expects('32 lower-case hex characters', (value) => isHex(value, NONCE_BYTES)),
};
