import * as lookup from '#sdk/private-lookup.js';
import { asServiceError, type ServiceClient } from './service-client.js';

/** As the SDK's `findPrivately`. Throws {@link ServiceError}. */
export function findPrivately(
  service: ServiceClient,
  algorithm: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<lookup.FoundRecords> {
  return asServiceError(() => lookup.findPrivately(service, algorithm, digestHex, signal));
}

/** As the SDK's `proofPrivately`. Throws {@link ServiceError}. */
export function proofPrivately(
  service: ServiceClient,
  id: string,
  digestHex: string,
  signal?: AbortSignal,
): Promise<lookup.PrivateProof> {
  return asServiceError(() => lookup.proofPrivately(service, id, digestHex, signal));
}
