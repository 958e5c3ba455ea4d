import { hexToBytes } from '@noble/hashes/utils.js';
import { StatementError, describe, memberPointer, type Problem } from './error.js';

/** A digest algorithm that a statement may name. */
export type DigestAlgorithm = 'sha256' | 'sha512' | 'sha3-256' | 'sm3';

/** Digests of one document, algorithm → lower-case hex. At least one. */
export type Digests = { [algorithm in DigestAlgorithm]?: string | undefined };

/** The known algorithms in order of precedence: the first one present is a statement's primary digest. */
export const DIGEST_ALGORITHMS: readonly DigestAlgorithm[] = ['sha256', 'sha512', 'sha3-256', 'sm3'];

/** Length of each algorithm's digest, in bytes. */
export const DIGEST_BYTES: Readonly<Record<DigestAlgorithm, number>> = {
  sha256: 32,
  sha512: 64,
  'sha3-256': 32,
  sm3: 32,
};

const LOWER_HEX = /^[0-9a-f]*$/;

/** Whether `name` is an algorithm of {@link DIGEST_ALGORITHMS}. */
export function isDigestAlgorithm(name: string): name is DigestAlgorithm {
  return Object.hasOwn(DIGEST_BYTES, name);
}

/** Whether `value` is exactly `bytes` bytes in lower-case hex. */
export function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === bytes * 2 && LOWER_HEX.test(value);
}

/** What is wrong with one digest in hex, as a sentence, or null when it is right. */
export function digestProblem(algorithm: string, value: unknown): string | null {
  if (!isDigestAlgorithm(algorithm)) {
    return `expected an algorithm of ${DIGEST_ALGORITHMS.join(', ')}, got ${describe(algorithm)}`;
  }
  const characters = DIGEST_BYTES[algorithm] * 2;
  const expected = `expected ${characters} lower-case hex characters for ${algorithm}`;
  if (typeof value !== 'string') return `${expected}, got ${describe(value)}`;
  if (value.length !== characters) return `${expected}, got ${value.length} characters`;
  if (LOWER_HEX.test(value)) return null;
  if (LOWER_HEX.test(value.toLowerCase())) return `${expected}, got upper-case hex`;
  return `${expected}, got a character that is not hex`;
}

/** Adds to `problems` whatever is wrong with a `digests` member. */
export function checkDigests(value: unknown, pointer: string, problems: Problem[]): value is Digests {
  const before = problems.length;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ pointer, detail: `expected an object of algorithm → hex, got ${describe(value)}` });
    return false;
  }
  const names = Object.keys(value);
  if (names.length === 0) {
    problems.push({ pointer, detail: `expected at least one of ${DIGEST_ALGORITHMS.join(', ')}, got none` });
  }
  for (const name of names) {
    const detail = digestProblem(name, (value as Record<string, unknown>)[name]);
    if (detail !== null) problems.push({ pointer: memberPointer(pointer, name), detail });
  }
  return problems.length === before;
}

/**
 * The digest that leads a record's entry: the first present in the order of {@link DIGEST_ALGORITHMS}.
 *
 * @throws StatementError `bad-digest` when none is present.
 */
export function primaryDigest(digests: Digests): { algorithm: DigestAlgorithm; bytes: Uint8Array } {
  for (const algorithm of DIGEST_ALGORITHMS) {
    const hex = digests[algorithm];
    if (hex !== undefined) return { algorithm, bytes: hexToBytes(hex) };
  }
  throw new StatementError(
    'bad-digest',
    `Choosing the primary digest: expected one of ${DIGEST_ALGORITHMS.join(', ')}, got none`,
  );
}
