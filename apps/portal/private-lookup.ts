import { SdkError } from '#sdk/error.js';
import * as lookup from '#sdk/private-lookup.js';
import { type ServiceClient, ServiceError } from './service-client.js';

/** As the SDK's `findPrivately`. Throws {@link ServiceError}. */
export function findPrivately(
  service: ServiceClient,
  algorithm: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<lookup.FoundRecords> {
  return lookup.findPrivately(service, algorithm, digestHex, signal).catch(inWordsOfThisPage);
}

/** As the SDK's `proofPrivately`. Throws {@link ServiceError}. */
export function proofPrivately(
  service: ServiceClient,
  id: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<lookup.PrivateProof> {
  return lookup.proofPrivately(service, id, digestHex, signal).catch(inWordsOfThisPage);
}

function inWordsOfThisPage(cause: unknown): never {
  if (!(cause instanceof SdkError)) throw cause;
  throw new ServiceError('bad-answer', cause.message, { cause });
}
