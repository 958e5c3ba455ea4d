import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { blindedDigest } from '#statement/blinding.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, type DigestAlgorithm } from '#statement/digest.js';
import { ProofError } from './error.js';
import type { DocumentFinding } from './finding.js';
import type { Proof } from './proof.js';

/** Plain digests of a document, by algorithm. */
export type DocumentDigests = { readonly [algorithm in DigestAlgorithm]?: Uint8Array | undefined };

/** What a file that holds its own proof says of the document in it. */
export interface SealedPart {
  /** Length of that document in bytes. */
  bytes: number;
  /** Its digests, where the file is not just that document and its proof; absent where it is, and the document is what was given. */
  digests?: DocumentDigests | undefined;
}

/**
 * Compares a document's digests with those recorded: every one that both sides have must agree, and there must be one.
 *
 * @param twins digests of what the document would be with other line endings: looked at only where the document itself differs
 * @param sealed the document inside the file: a file that has more in it than was sealed is told as such
 * @throws ProofError `bad-digest` when a given digest has not its algorithm's length
 */
export function checkDocument(
  proof: Proof,
  digests: DocumentDigests,
  twins: readonly DocumentDigests[] = [],
  sealed?: SealedPart,
): DocumentFinding {
  const check = 'document';
  const { statement, salt } = proof;
  const given = givenAlgorithms(digests);
  const recorded = DIGEST_ALGORITHMS.filter((algorithm) => statement.digests[algorithm] !== undefined);
  if (given.length === 0) return { check, outcome: 'not-applicable' };
  const algorithms = given.filter((algorithm) => recorded.includes(algorithm));
  if (algorithms.length === 0) return { check, outcome: 'unavailable', reason: 'other-algorithm', given, recorded };
  const blinded = statement.blinded === true;
  if (blinded && salt === undefined) return { check, outcome: 'unavailable', reason: 'no-salt', given, recorded };
  const registered = (algorithm: DigestAlgorithm, plain: Uint8Array) =>
    bytesToHex(blinded ? blindedDigest(algorithm, hexToBytes(salt!), plain) : plain);
  const fits = (candidate: DocumentDigests, algorithm: DigestAlgorithm) =>
    candidate[algorithm] !== undefined && registered(algorithm, candidate[algorithm]) === statement.digests[algorithm];
  const differing = algorithms.find((algorithm) => !fits(digests, algorithm));
  if (differing === undefined) {
    const inside = sealed === undefined || sealed.digests !== undefined ? {} : { sealedBytes: sealed.bytes };
    return { check, outcome: 'passed', algorithms, blinded, ...inside };
  }
  const fault = {
    check,
    outcome: 'failed',
    algorithm: differing,
    blinded,
    digest: registered(differing, digests[differing]!),
    recorded: statement.digests[differing]!,
  } as const;
  const matches = (candidate: DocumentDigests) => algorithms.every((algorithm) => fits(candidate, algorithm));
  if (sealed?.digests !== undefined && matches(sealed.digests))
    return { ...fault, reason: 'appended', sealedBytes: sealed.bytes };
  return { ...fault, reason: twins.some(matches) ? 'line-endings' : 'differs' };
}

/** The algorithms of which digests are given, each of the right length. @throws ProofError `bad-digest` */
function givenAlgorithms(digests: DocumentDigests): DigestAlgorithm[] {
  return DIGEST_ALGORITHMS.filter((algorithm) => {
    const bytes = digests[algorithm]?.length;
    if (bytes === undefined || bytes === DIGEST_BYTES[algorithm]) return bytes !== undefined;
    const message = `Comparing a document: expected ${DIGEST_BYTES[algorithm]} bytes of ${algorithm}, got ${bytes}`;
    throw new ProofError('bad-digest', message);
  });
}
