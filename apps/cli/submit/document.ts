import { blindDigests, digestsToHex, type DigestBytes } from '#sdk/hashing.js';
import { computedReference, type RecordRequest } from '#sdk/record.js';
import { SALT_BYTES } from '#statement/blinding.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import type { Context } from '../context.js';
import { digestFile } from '../file-digest.js';
import { findSalt, keepSalt, SALT_SUFFIX } from '../salt-file.js';
import { besidePath, type FoundFile } from './file-walk.js';

/** What all documents of one submission have in common. */
export interface Terms {
  algorithms: readonly DigestAlgorithm[];
  profile: string;
  claims: unknown;
  validFrom: string | undefined;
  validUntil: string | undefined;
  /** Id of the record whose place the document's takes. */
  supersedes: string | undefined;
  blind: boolean;
  reference: string | undefined;
  referencePrefix: string | undefined;
  outputFolder: string | undefined;
}

/** A document that was hashed, with the record to post for it. */
export interface Document {
  file: FoundFile;
  /** Plain digests. */
  digests: DigestBytes;
  salt: Uint8Array | undefined;
  request: RecordRequest & { reference: string };
}

/**
 * Makes the record to post for a file, which is hashed unless its digests are given. With `blind`, the salt is on disk before this returns: a salt that is lost after
 * its digest was posted could never be found again.
 *
 * @throws CliError `no-input`, `bad-data`, `cannot-create`.
 */
export async function prepareDocument(
  context: Context,
  file: FoundFile,
  terms: Terms,
  hashed?: DigestBytes,
): Promise<Document> {
  const digests = hashed ?? (await digestFile(file.path, terms.algorithms, context.stdin));
  let salt: Uint8Array | undefined;
  if (terms.blind) {
    const saltPath = besidePath(file, SALT_SUFFIX, terms.outputFolder);
    salt = await findSalt(saltPath, digests);
    if (salt === undefined) {
      salt = context.randomBytes(SALT_BYTES);
      await keepSalt(saltPath, digests, salt);
    }
  }
  const content: RecordRequest = {
    digests: digestsToHex(salt === undefined ? digests : blindDigests(digests, salt)),
    profile: terms.profile,
    ...(salt === undefined ? {} : { blinded: true as const }),
    ...(terms.claims === undefined ? {} : { claims: terms.claims }),
    ...(terms.validFrom === undefined ? {} : { validFrom: terms.validFrom }),
    ...(terms.validUntil === undefined ? {} : { validUntil: terms.validUntil }),
    ...(terms.supersedes === undefined ? {} : { supersedes: terms.supersedes }),
  };
  const reference = terms.reference ?? computedReference(content, terms.referencePrefix);
  return { file, digests, salt, request: { ...content, reference } };
}
