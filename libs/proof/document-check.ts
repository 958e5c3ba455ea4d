import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { blindedDigest } from '#statement/blinding.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, type DigestAlgorithm } from '#statement/digest.js';
import { ProofError } from './error.js';
import type { Proof } from './proof.js';
import type { Check } from './verdict.js';

/** Plain digests of a document, by algorithm. */
export type DocumentDigests = { readonly [algorithm in DigestAlgorithm]?: Uint8Array | undefined };

/**
 * Compares a document's digests with those recorded: every one that both sides have must agree, and there must be one.
 *
 * @throws ProofError `bad-digest` when a given digest has not its algorithm's length.
 */
export function checkDocument(proof: Proof, digests: DocumentDigests): Check {
  const { statement, salt } = proof;
  const given = DIGEST_ALGORITHMS.filter((algorithm) => digests[algorithm] !== undefined);
  const recorded = DIGEST_ALGORITHMS.filter((algorithm) => statement.digests[algorithm] !== undefined);
  for (const algorithm of given) {
    const bytes = digests[algorithm]!.length;
    if (bytes !== DIGEST_BYTES[algorithm]) {
      const message = `Comparing a document: expected ${DIGEST_BYTES[algorithm]} bytes of ${algorithm}, got ${bytes}`;
      throw new ProofError('bad-digest', message);
    }
  }
  if (given.length === 0) {
    const message =
      'No document was given: the checks below say what holds for whatever document has the recorded digest.';
    return { code: 'document', status: 'not-applicable', message };
  }
  const common = given.filter((algorithm) => recorded.includes(algorithm));
  if (common.length === 0) {
    return {
      code: 'document',
      status: 'unavailable',
      message: `The document's ${given.join(', ')} was given, but the record has ${recorded.join(', ')}: hash the document with that.`,
      data: { reason: 'other-algorithm', given: given.join(' '), recorded: recorded.join(' ') },
    };
  }
  if (statement.blinded === true && salt === undefined) {
    const message =
      'The recorded digest is blinded, and the proof holds no salt: use the proof file of the holder, which has it.';
    return {
      code: 'document',
      status: 'unavailable',
      message,
      data: { reason: 'no-salt', recorded: recorded.join(' ') },
    };
  }
  for (const algorithm of common) {
    const plain = digests[algorithm]!;
    const compared = statement.blinded === true ? blindedDigest(algorithm, hexToBytes(salt!), plain) : plain;
    const hex = bytesToHex(compared);
    const expected = statement.digests[algorithm]!;
    if (hex !== expected) {
      const kind = statement.blinded === true ? `blinded ${algorithm}` : algorithm;
      return {
        code: 'document',
        status: 'failed',
        message: `This is not the recorded document: its ${kind} is ${hex}, the recorded one is ${expected}.`,
        data: { algorithm, digest: hex, recorded: expected },
      };
    }
  }
  return {
    code: 'document',
    status: 'passed',
    message: `The document has the recorded ${common.join(' and ')}${statement.blinded === true ? ' (blinded with the salt)' : ''}.`,
    data: { algorithms: common.join(' ') },
  };
}
