import { bytesToHex } from '@noble/hashes/utils.js';
import { DIGEST_ALGORITHMS, type DigestAlgorithm } from '#statement/digest.js';
import type { DocumentDigests } from './hash-file.js';
import type { OtsKey } from './ots-key.js';
import type { FoundRecords } from '#sdk/private-lookup.js';
import { findPrivately } from './private-lookup.js';
import type { ServiceClient } from './service-client.js';

/** What a document is looked up by where no record has its SHA-256. */
export const OTHER_ALGORITHMS = DIGEST_ALGORITHMS.filter((algorithm) => algorithm !== 'sha256');

/** Records found for a document, and the salt that opens them when they are blinded. */
export interface Found extends FoundRecords {
  saltHex?: string | undefined;
}

/** Looks a digest up, as one of each of these algorithms. Throws ServiceError. */
export async function findByDigest(
  service: ServiceClient,
  algorithms: readonly DigestAlgorithm[],
  hex: string,
  signal: AbortSignal,
): Promise<Found> {
  for (const algorithm of algorithms) {
    const found = await findPrivately(service, algorithm, hex, signal);
    if (found.records.length > 0) return found;
  }
  return { records: [], hasMore: false };
}

/**
 * Looks a document up: by SHA-256; then by the blinded digest that its `.ots` file leads to; then by the other algorithms, since
 * an agency may register a document under only one of them. `digest` computes further digests when they are needed.
 * Throws ServiceError, and whatever `digest` throws.
 */
export async function findRecords(
  service: ServiceClient,
  sha256: Uint8Array,
  otsKey: OtsKey | undefined,
  digest: (algorithms: readonly DigestAlgorithm[]) => Promise<DocumentDigests>,
  signal: AbortSignal,
): Promise<Found> {
  const plain = await findPrivately(service, 'sha256', bytesToHex(sha256), signal);
  if (plain.records.length > 0) return plain;
  if (otsKey?.blinded) {
    const found = await findPrivately(service, 'sha256', otsKey.blinded.digestHex, signal);
    if (found.records.length > 0) return { ...found, saltHex: otsKey.blinded.saltHex };
  }
  const digests = await digest(OTHER_ALGORITHMS);
  for (const algorithm of OTHER_ALGORITHMS) {
    const bytes = digests[algorithm];
    if (!bytes) continue;
    const found = await findPrivately(service, algorithm, bytesToHex(bytes), signal);
    if (found.records.length > 0) return found;
  }
  return { records: [], hasMore: false };
}
