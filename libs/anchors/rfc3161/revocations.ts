import type { Subtle } from '#tsp/algorithm.js';
import { sameBytes } from '#tsp/der.js';
import { TspError } from '#tsp/error.js';
import { MAX_REVOCATION_BYTES } from '#tsp/limit.js';
import { parseOcspAnswer } from '#tsp/ocsp.js';
import { OCSP_REQUEST_MEDIA_TYPE, OCSP_RESPONSE_MEDIA_TYPE, writeOcspRequest } from '#tsp/ocsp-request.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { type BoundedAnswer, boundedRequest, publicName } from './bounded-request.js';
import { reasonOf } from './detail.js';

/** Most bytes of lists and answers that are kept with one token. They travel in every proof of its checkpoint; four thirds of them in base64. */
export const MAX_KEPT_BYTES = MAX_REVOCATION_BYTES;
/** Longest OCSP answer that is read, in bytes: with its responder's certificate it has two thousand. */
const MAX_ANSWER_BYTES = 16_384;
/** Time for all of them together: less than a caller waits for one attempt. */
const MAX_ROUND_MS = 60_000;

/** What came of fetching what revokes the certificates of a chain. */
export interface FetchedRevocations {
  /** Revocation lists and OCSP answers, DER. */
  revocations: Uint8Array[];
  failures: { name: string; failure: string }[];
  /** Whether every certificate below the root names a list or a responder. */
  named: boolean;
  /** What takes the token with it, if one of them says so. */
  revoked: string | null;
}

/** A place to ask about one certificate. */
interface Place {
  address: string;
  kind: 'list' | 'OCSP answer';
  ask: (bounds: { timeoutMs: number; maxBytes: number }) => Promise<BoundedAnswer>;
}

/** Fetches what the certificates of an accepted token's chain name for asking whether they are revoked, and tries each with `verify`: for each
 * certificate its list, and where none can be had, an answer of its OCSP responder. Never throws for what their servers do. */
export async function fetchRevocations(
  chain: VerifiedToken['chain'],
  verify: (revocations: readonly Uint8Array[]) => Promise<VerifiedToken>,
  access: { fetch: typeof fetch; timeoutMs: number; now: () => Date; subtle: Subtle },
): Promise<FetchedRevocations> {
  const places = chain.slice(0, -1).map((_, i) => placesOf(chain, i, access));
  const result: FetchedRevocations = {
    revocations: [],
    failures: [],
    named: places.every((some) => some.length > 0),
    revoked: null,
  };
  const endAt = access.now().getTime() + MAX_ROUND_MS;
  for (const some of places) {
    // Any of them will do: they stand for the same.
    const failures: FetchedRevocations['failures'] = [];
    let found = false;
    for (const { address, kind, ask } of some) {
      if (found) break;
      const fail = (failure: string) => failures.push({ name: publicName(address), failure });
      const left = endAt - access.now().getTime();
      const kept = result.revocations.reduce((sum, { length }) => sum + length, 0);
      const most = kind === 'list' ? MAX_KEPT_BYTES : MAX_ANSWER_BYTES;
      const bounds = { timeoutMs: Math.min(access.timeoutMs, left), maxBytes: Math.min(most, MAX_KEPT_BYTES - kept) };
      const answer = left <= 0 ? { failure: 'not asked in this round' } : await ask(bounds);
      if ('failure' in answer) {
        fail(answer.failure);
        continue;
      }
      const { bytes } = answer;
      try {
        if (kind === 'OCSP answer' && parseOcspAnswer(bytes).statuses.some(({ status }) => status === 'unknown')) {
          fail('answered that it does not know the certificate');
          continue;
        }
        if (!result.revocations.some((other) => sameBytes(other, bytes))) {
          const { unusedRevocations } = await verify([bytes]);
          if (unusedRevocations.length > 0) {
            fail(
              `answered ${kind === 'list' ? 'a' : 'an'} ${kind} that none of the authorities above the token signed`,
            );
            continue;
          }
          result.revocations.push(bytes);
        }
        found = true;
      } catch (error) {
        if (!(error instanceof TspError)) throw error;
        if (error.code === 'revoked') return { ...result, revoked: reasonOf(error) };
        fail(`answered wrongly: ${reasonOf(error)}`);
      }
    }
    if (!found) result.failures.push(...failures);
  }
  return result;
}

/** Where to ask about the certificate at this place of the chain, lists first. */
function placesOf(chain: VerifiedToken['chain'], i: number, access: { fetch: typeof fetch; subtle: Subtle }): Place[] {
  const [certificate, issuer] = [chain[i]!, chain[i + 1]!];
  const { revocationLists, responders } = certificate.extensions;
  // What is no address, such as one with a port beyond all ports, is as good as none.
  const usable = (addresses: readonly string[]) => addresses.filter((address) => URL.canParse(address));
  return [
    ...usable(revocationLists).map((address): Place => ({
      address,
      kind: 'list',
      ask: (bounds) => boundedRequest(access.fetch, address, { method: 'GET', headers: {} }, bounds),
    })),
    ...usable(responders).map((address): Place => ({
      address,
      kind: 'OCSP answer',
      ask: async (bounds) => {
        const headers = { 'content-type': OCSP_REQUEST_MEDIA_TYPE, accept: OCSP_RESPONSE_MEDIA_TYPE };
        const body = Uint8Array.from(await writeOcspRequest({ certificate, issuer }, access.subtle));
        return boundedRequest(access.fetch, address, { method: 'POST', headers, body }, bounds);
      },
    })),
  ];
}
