import { parseProof, type Proof } from '#proof/proof.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '#statement/digest.js';
import { ServiceError } from './service-client.js';

/** Reads the proof that the service answered for a record; `saltHex` opens a blinded one, whose salt the service never had. */
export function readServiceProof(text: string, id: string, saltHex: string | undefined): Proof {
  const proof = parseProof(text);
  if (proof.id !== id) throw new ServiceError('bad-answer', `proof of ${id}: expected that record, got ${proof.id}`);
  return saltHex === undefined ? proof : { ...proof, salt: saltHex };
}

/** One of the digests that a record was registered with: it is found by each. */
export function anyDigestOf({ statement: { digests } }: Proof): string {
  return Object.values(digests)[0] ?? '';
}

/** The algorithms of the digests that it was registered with. */
export function algorithmsOf({ statement: { digests } }: Proof): DigestAlgorithm[] {
  return DIGEST_ALGORITHMS.filter((algorithm) => digests[algorithm] !== undefined);
}
