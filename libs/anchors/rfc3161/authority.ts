import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Subtle } from '#tsp/algorithm.js';
import { TspError } from '#tsp/error.js';
import { MAX_RESPONSE_BYTES } from '#tsp/limit.js';
import { REQUEST_MEDIA_TYPE, RESPONSE_MEDIA_TYPE, writeTimeStampRequest } from '#tsp/request.js';
import { checkAnswers, parseTimeStampResponse } from '#tsp/response.js';
import type { TimeStampToken } from '#tsp/token.js';
import type { TrustedRoots } from '#tsp/trusted-roots.js';
import { type VerifiedToken, verifyTimeStampToken } from '#tsp/verify-token.js';
import { boundedRequest } from './bounded-request.js';
import { reasonOf } from './detail.js';

/** How far a token's time may be from our clock, in milliseconds, beyond its own accuracy and the time that the request took. */
const MAX_CLOCK_DIFFERENCE_MS = 300_000;
/** Longest accuracy of a token that is accepted, in milliseconds: proofs say "no later than" the token's time and that much more. */
const MAX_ACCURACY_MS = 60_000;
/** Length of a nonce: nobody guesses it, and every authority holds as much. */
const NONCE_BYTES = 8;

/** What authorities are asked with. */
export interface AuthorityAccess {
  trusted: TrustedRoots;
  timeoutMs: number;
  fetch: typeof fetch;
  now: () => Date;
  randomBytes: (length: number) => Uint8Array;
  subtle: Subtle;
}

/** A token that has been verified in full but for revocation; or why there is none. */
export type AuthorityAnswer = { token: TimeStampToken; verified: VerifiedToken } | { failure: string };

/** Which of the trusted certificates vouch for nothing, for a sentence about a token that leads to none of them. */
function unusableRoots({ unusable }: TrustedRoots): string {
  if (unusable.length === 0) return '';
  const each = unusable.map(({ at, name, message }) => `${name ?? `number ${at + 1}`}: ${message}`);
  return `; of these, not usable: ${each.join('; ')}`;
}

/** Asks an authority for a token over a text. Never throws for what the authority does. */
export async function askAuthority(url: string, text: string, access: AuthorityAccess): Promise<AuthorityAnswer> {
  const message = utf8ToBytes(text);
  const asked = { imprint: sha256(message), nonce: access.randomBytes(NONCE_BYTES) };
  const startedAt = access.now().getTime();
  const answer = await boundedRequest(
    access.fetch,
    url,
    {
      method: 'POST',
      headers: { 'content-type': REQUEST_MEDIA_TYPE, accept: RESPONSE_MEDIA_TYPE },
      body: Uint8Array.from(writeTimeStampRequest(asked)),
    },
    { timeoutMs: access.timeoutMs, maxBytes: MAX_RESPONSE_BYTES },
  );
  if ('failure' in answer) return answer;
  try {
    const token = parseTimeStampResponse(answer.bytes);
    checkAnswers(token, asked);
    const { trusted, subtle } = access;
    const now = access.now();
    const input = { certificates: [], revocations: [], message, trusted, now, subtle };
    const verified = await verifyTimeStampToken({ token: token.der, ...input });
    if (verified.status !== 'trusted') {
      const { name, fingerprint } = verified.top;
      return {
        failure: `answered a token that leads to none of the trusted roots but to ${name} (SHA-256 ${fingerprint})${unusableRoots(trusted)}`,
      };
    }
    if ((verified.accuracyMs ?? 0) > MAX_ACCURACY_MS) {
      const [off, most] = [verified.accuracyMs ?? 0, MAX_ACCURACY_MS].map((ms) => ms / 1000);
      return { failure: `answered a token whose time may be off by ${off} s, expected at most ${most} s` };
    }
    const tolerance = MAX_CLOCK_DIFFERENCE_MS + (verified.accuracyMs ?? 0);
    const genTime = verified.genTime.getTime();
    if (genTime < startedAt - tolerance || genTime > now.getTime() + tolerance) {
      return { failure: `answered a token of ${verified.genTime.toISOString()}, which is not now by our clock` };
    }
    return { token, verified };
  } catch (error) {
    if (!(error instanceof TspError)) throw error;
    return {
      failure:
        error.code === 'rejected'
          ? error.message.replace(/^.*?, got /, 'answered ')
          : `answered wrongly: ${reasonOf(error)}`,
    };
  }
}
