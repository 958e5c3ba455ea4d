import type { SourceNeed } from '#proof/anchors/kinds.js';
import type { Verification } from '#proof/verification.js';
import { TspError } from '#tsp/error.js';
import type { Delays } from '#words/delays.js';
import { createEvmSources } from './evm-source.js';
import { createHeaderSource } from './header-source.js';
import { ServiceError, type ServiceClient } from './service-client.js';
import type { Outside } from './surroundings.js';

/** What the page goes by where its service is asked: the service's key, the blocks that it passes on, the roots that it trusts. */
export function basisOf(service: ServiceClient): Outside['basis'] {
  return async (needs, signal) => ({
    trustedKeys: await fetchLogKeys(service, signal),
    sources: {
      bitcoin: [createHeaderSource(service, signal)],
      evm: await createEvmSources(service, needs, signal),
    },
    timestampRoots: await fetchTimeStampRoots(service, needs, signal),
  });
}

/** The service's key; `unreachable` when it cannot be had: then the signer is reported as not checked. */
async function fetchLogKeys(service: ServiceClient, signal: AbortSignal): Promise<string[] | 'unreachable'> {
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

/** The roots that the service trusts, DER, if any are needed; `unreachable` when they cannot be had. */
async function fetchTimeStampRoots(
  service: ServiceClient,
  needs: readonly SourceNeed[],
  signal: AbortSignal,
): Promise<Uint8Array[] | 'unreachable'> {
  if (!needs.some(({ source }) => source === 'time-stamp-roots')) return [];
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
