import { bytesToHex } from '@noble/hashes/utils.js';
import { ProofError } from '#proof/error.js';
import { parseProof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { verifyProof, type VerifyInput } from '#proof/verify.js';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { platformWith } from './platform.js';
import { digestDocument, type DigestBytes, type DocumentSource, type HashOptions } from './hashing.js';

/** What a verification takes beside the proof. */
export interface VerifyOptions
  extends Pick<HashOptions, 'createHash'>, Omit<VerifyInput, 'proof' | 'digests' | 'twins' | 'sealed' | 'now'> {
  /** The document itself, or else its plain (not blinded) `digests`; neither to verify the proof alone. */
  document?: DocumentSource | undefined;
  digests?: DigestBytes | undefined;
  /** Salt of a blinded document (32 bytes), unless the proof holds it. */
  salt?: Uint8Array | undefined;
  now?: Date | undefined;
}

/**
 * Verifies a proof, and that it is of the document, without the service. A negative answer is a result, not an exception. What it says: libs/proof.
 *
 * @throws ProofError for what the caller gave himself: `bad-digest`, `bad-key`, `bad-root`; what the document's source throws
 */
export async function verify(proof: string | Uint8Array, options: VerifyOptions = {}): Promise<Verification> {
  const { createHash, digests, document, now = platformWith().now(), salt, ...rest } = options;
  const known = document === undefined ? digests : await digestDocument(document, algorithmsOf(proof, createHash));
  return verifyProof({ proof: salted(proof, salt), digests: known, now, ...rest });
}

/** Those that the proof names; of a proof that cannot be read, all: what it is shows then. */
function algorithmsOf(proof: string | Uint8Array, createHash: HashOptions['createHash']): HashOptions {
  const names = readable(proof)?.statement.digests;
  return { createHash, algorithms: DIGEST_ALGORITHMS.filter((name) => names?.[name] !== undefined) };
}

function salted(proof: string | Uint8Array, salt: Uint8Array | undefined): unknown {
  if (salt === undefined) return proof;
  const read = readable(proof);
  return read?.statement.blinded === true ? { ...read, salt: bytesToHex(salt) } : proof;
}

function readable(proof: string | Uint8Array) {
  try {
    return parseProof(proof);
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}
