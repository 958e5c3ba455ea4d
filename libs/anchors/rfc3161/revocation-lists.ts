import { sameBytes } from '#tsp/der.js';
import { TspError } from '#tsp/error.js';
import { MAX_REVOCATION_BYTES } from '#tsp/limit.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { boundedRequest, publicName } from './bounded-request.js';
import { reasonOf } from './detail.js';

/** Most bytes of lists that are kept with one token. They travel in every proof of its checkpoint; four thirds of them in base64. */
export const MAX_KEPT_BYTES = MAX_REVOCATION_BYTES;
/** Time for all lists together: less than a caller waits for one attempt. */
const MAX_ROUND_MS = 60_000;

/** What came of fetching the lists of a chain. */
export interface FetchedLists {
  lists: Uint8Array[];
  failures: { name: string; failure: string }[];
  /** Whether every certificate below the root names a list. */
  named: boolean;
  /** What takes the token with it, if a list says so. */
  revoked: string | null;
}

/** Fetches the revocation lists that the certificates of an accepted token's chain name, and tries each with `verify`.
 * Never throws for what their servers do. */
export async function fetchRevocationLists(
  chain: VerifiedToken['chain'],
  verify: (revocations: readonly Uint8Array[]) => Promise<VerifiedToken>,
  access: { fetch: typeof fetch; timeoutMs: number; now: () => Date },
): Promise<FetchedLists> {
  const below = chain.slice(0, -1).map(({ extensions }) => {
    // What is no address, such as one with a port beyond all ports, is as good as none.
    return extensions.revocationLists.filter((address) => URL.canParse(address));
  });
  const result: FetchedLists = {
    lists: [],
    failures: [],
    named: below.every((addresses) => addresses.length > 0),
    revoked: null,
  };
  const endAt = access.now().getTime() + MAX_ROUND_MS;
  for (const addresses of below) {
    // Any of its addresses will do: they stand for one list.
    const failures: FetchedLists['failures'] = [];
    let found = false;
    for (const address of addresses) {
      if (found) break;
      const left = endAt - access.now().getTime();
      const kept = result.lists.reduce((sum, { length }) => sum + length, 0);
      const bounds = { timeoutMs: Math.min(access.timeoutMs, left), maxBytes: MAX_KEPT_BYTES - kept };
      const answer =
        left <= 0
          ? { failure: 'not asked in this round' }
          : await boundedRequest(access.fetch, address, { method: 'GET', headers: {} }, bounds);
      if ('failure' in answer) {
        failures.push({ name: publicName(address), failure: answer.failure });
        continue;
      }
      const { bytes } = answer;
      try {
        if (!result.lists.some((list) => sameBytes(list, bytes))) {
          const { unusedRevocations } = await verify([bytes]);
          if (unusedRevocations.length > 0) {
            const failure = 'answered a list that none of the authorities above the token signed';
            failures.push({ name: publicName(address), failure });
            continue;
          }
          result.lists.push(bytes);
        }
        found = true;
      } catch (error) {
        if (!(error instanceof TspError)) throw error;
        if (error.code === 'revoked') return { ...result, revoked: reasonOf(error) };
        failures.push({ name: publicName(address), failure: `answered wrongly: ${reasonOf(error)}` });
      }
    }
    if (!found) result.failures.push(...failures);
  }
  return result;
}
