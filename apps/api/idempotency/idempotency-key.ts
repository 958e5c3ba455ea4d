import { Problem } from '../problems/problem.js';

/** Longest key, in characters. */
export const KEY_MAX_CHARACTERS = 255;

/** A String of Structured Fields (RFC 9651 §3.3.3), which is how the header is specified. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** How many clients send it all the same. */
const BARE = /^[!#-~][ !#-~]*$/;

/** The key of an `Idempotency-Key` header: quoted and bare, it is the same one. @throws Problem `bad-request` */
export function parseIdempotencyKey(header: string): string {
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
  const key = quoted ?? (BARE.test(text) ? text : '');
  if (key !== '' && key.length <= KEY_MAX_CHARACTERS) return key;
  const detail = `Idempotency-Key: expected 1 to ${KEY_MAX_CHARACTERS} printable ASCII characters, in quotes or without, got something else.`;
  throw new Problem('bad-request', detail);
}
