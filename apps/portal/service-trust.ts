import type { Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { sourceNeeds } from '#proof/source-needs.js';
import { TspError } from '#tsp/error.js';
import type { Delays } from '#words/delays.js';
import { ServiceError, type ServiceClient } from './service-client.js';

/** The service's key; `unreachable` when it cannot be had: then the signer is reported as not checked. */
export async function fetchLogKeys(service: ServiceClient, signal: AbortSignal): Promise<string[] | 'unreachable'> {
  try {
    return [await service.logKey(signal)];
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    console.info('the log key could not be fetched:', error);
    return 'unreachable';
  }
}

/** How long things take at the service, as it measured; undefined where it does not say, or a verification waits for nothing there. */
export async function fetchDelays(
  service: ServiceClient,
  signal: AbortSignal,
  verification?: Verification,
): Promise<Delays | undefined> {
  if (verification !== undefined && (verification.who !== 'log' || verification.verdict !== 'pending'))
    return undefined;
  try {
    return await service.delays(signal);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    console.info('how long things take could not be fetched:', error);
    return undefined;
  }
}

/** The roots that the service trusts, DER, if the proof needs any; `unreachable` when they cannot be had. */
export async function fetchTimeStampRoots(
  service: ServiceClient,
  proof: Proof,
  signal: AbortSignal,
): Promise<Uint8Array[] | 'unreachable'> {
  if (!sourceNeeds(proof).some(({ source }) => source === 'time-stamp-roots')) return [];
  try {
    const pem = await service.timeStampRoots(signal);
    if (pem === undefined) return [];
    // Loaded only for proofs that need it.
    const { readRoots } = await import('./time-stamp-roots.js');
    return readRoots(pem);
  } catch (error) {
    // A TypeError is the browser's way to say that a part of the page cannot be fetched.
    const isOutage = error instanceof ServiceError || error instanceof TspError || error instanceof TypeError;
    if (!isOutage) throw error;
    console.info('the roots of time-stamps could not be fetched:', error);
    return 'unreachable';
  }
}
