import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import {
  attestationParts,
  formatRfc3161Attestation,
  readRfc3161Attestation,
  rfc3161AttestationBytes,
} from '#tsp/attestation.js';
import { AddressError } from '#source/error.js';
import { parseHttpAddress } from '#source/http-answer.js';
import { TspError } from '#tsp/error.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import { type VerifiedToken, verifyTimeStampToken } from '#tsp/verify-token.js';
import type { Anchor, AnchoredCheckpoint, Submission, SubmissionState } from '../anchor.js';
import { AnchorError } from '../error.js';
import { askAuthority, type AuthorityAccess, type AuthorityAnswer } from './authority.js';
import { submissionDetail } from './detail.js';
import { parseProgress, type Rfc3161Progress } from './progress.js';
import { fetchRevocations } from './revocations.js';

/** Wait after a round in which no authority gave a usable token, doubled with each up to the longest, in seconds. */
const RETRY_SECONDS = 15;
const MAX_RETRY_SECONDS = 3600;
/** The same after a round in which a revocation list was missing. */
const LIST_RETRY_SECONDS = 60;
/** A token stands on its own: after this time it goes without the lists that could not be had. */
const LIST_GIVE_UP_MS = 7 * 86_400_000;
/** Nothing can happen to a token that is kept with its lists; callers want a time all the same. */
const FINAL_RECHECK_SECONDS = 30 * 86_400;
/** Time for one round of all authorities: less than a caller waits for one attempt. */
const MAX_ROUND_MS = 90_000;

/** How the adapter is set up. */
export interface Rfc3161Settings extends Omit<AuthorityAccess, 'trusted'> {
  /** Authorities in the order in which they are asked; the first usable answer counts. May hold a user and a password. */
  urls: readonly string[];
  /** Certificates that tokens must lead to, DER, and others that stand between them and signers. */
  roots: readonly Uint8Array[];
}

/** The anchor that lets time-stamp authorities (RFC 3161) sign a checkpoint's text.
 * @throws AnchorError `bad-settings` without an authority, or with a root that is none */
export function createRfc3161Anchor(settings: Rfc3161Settings): Anchor {
  const { urls, roots, now, subtle } = settings;
  if (urls.length === 0 || roots.length === 0) {
    const got = `${urls.length} and ${roots.length}`;
    throw new AnchorError('bad-settings', `Setting up rfc3161: expected an authority and a trusted root, got ${got}`);
  }
  const trusted = readTrusted(roots);
  const authorities = named(urls);
  const timeoutMs = Math.min(settings.timeoutMs, Math.floor(MAX_ROUND_MS / urls.length));
  const access: AuthorityAccess = { ...settings, trusted, timeoutMs };

  async function submit(checkpoint: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    if (checkpoint.root.length !== 32) {
      throw new AnchorError(
        'bad-root',
        `Submitting to rfc3161: expected a root of 32 bytes, got ${checkpoint.root.length}`,
      );
    }
    const root = bytesToHex(checkpoint.root);
    const before = earlier ? parseProgress(earlier.progress) : fresh(root, checkpoint.text);
    if (before.root !== root || before.text !== checkpoint.text) {
      throw new AnchorError(
        'bad-submission',
        'Submitting to rfc3161: expected a submission of this checkpoint, got another',
      );
    }
    if (earlier && earlier.attestation !== null) return confirm(earlier);
    const failures: Rfc3161Progress['failures'] = [];
    const others = isAnotherLeft(before.revoked);
    for (const { name, url } of authorities) {
      const failed = (failure: string) => failures.push({ name, at: now().toISOString(), failure });
      if (others && before.revoked.includes(name)) {
        failed('its certificate is revoked, not asked again');
        continue;
      }
      const answer: AuthorityAnswer = await askAuthority(url, checkpoint.text, access);
      if ('failure' in answer) {
        failed(answer.failure);
        continue;
      }
      const { token, verified } = answer;
      const inside = new Set(token.certificates.map(({ der }) => bytesToHex(der)));
      const certificates = verified.chain.map(({ der }) => der).filter((der) => !inside.has(bytesToHex(der)));
      const attestation = rfc3161AttestationBytes(
        formatRfc3161Attestation({ token: token.der, certificates, revocations: [] }),
      );
      // Stored before the lists are asked for: their servers must not cost us the token.
      return result('confirmed', attestation, { ...before, failures, token: summary(name, verified) }, 0);
    }
    return result('unsubmitted', null, { ...before, failures, rounds: before.rounds + 1 });
  }

  async function confirm(submission: Submission): Promise<Submission> {
    const progress = parseProgress(submission.progress);
    const { attestation } = submission;
    if (attestation === null || progress.token === null) {
      throw new AnchorError('bad-submission', 'Confirming with rfc3161: expected a submission with a token, got none');
    }
    const parts = read(attestation);
    if (submission.state === 'final') return result('final', attestation, progress);
    const verify = (revocations: readonly Uint8Array[]) =>
      verifyTimeStampToken({
        token: parts.token,
        certificates: parts.certificates,
        revocations,
        message: utf8ToBytes(progress.text),
        trusted,
        now: now(),
        subtle,
      });
    let verified: VerifiedToken;
    try {
      verified = await verify([]);
    } catch (cause) {
      if (!(cause instanceof TspError)) throw cause;
      throw new AnchorError('bad-submission', `Confirming with rfc3161: ${cause.message}`, { cause });
    }
    // The roots are other ones since the token came in: it stays as it is, and says what was so.
    if (verified.status !== 'trusted')
      return result('confirmed', attestation, { ...progress, listRounds: progress.listRounds + 1 });
    const fetched = await fetchRevocations(verified.chain, verify, access);
    const at = now().toISOString();
    if (fetched.revoked !== null) {
      const { from } = progress.token;
      const failures = [{ name: from, at, failure: fetched.revoked }];
      const next = {
        ...progress,
        failures,
        token: null,
        revoked: [...progress.revoked, from],
        rounds: progress.rounds + 1,
      };
      // With another authority left, it is asked at once.
      return result('unsubmitted', null, next, isAnotherLeft(next.revoked) ? 0 : undefined);
    }
    const listFailures = fetched.failures.map((failure) => ({ ...failure, at }));
    const { revocation: status } = await verify(fetched.revocations);
    const complete = formatRfc3161Attestation({ ...parts, revocations: fetched.revocations });
    const next = { ...progress, listFailures, listRounds: progress.listRounds + 1 };
    const givenUp = now().getTime() - Date.parse(progress.token.genTime) > LIST_GIVE_UP_MS;
    const revocation =
      status === 'good'
        ? 'good'
        : listFailures.length === 0 && !fetched.named
          ? 'none-named'
          : givenUp
            ? 'given-up'
            : 'unknown';
    const state = revocation === 'unknown' ? 'confirmed' : 'final';
    return result(state, rfc3161AttestationBytes(complete), { ...next, revocation });
  }

  const isAnotherLeft = (revoked: readonly string[]) => authorities.some(({ name }) => !revoked.includes(name));

  const fresh = (root: string, text: string): Rfc3161Progress => ({
    version: 1,
    root,
    text,
    startedAt: now().toISOString(),
    rounds: 0,
    listRounds: 0,
    failures: [],
    revoked: [],
    token: null,
    revocation: 'unknown',
    listFailures: [],
  });

  function result(
    state: SubmissionState,
    attestation: Uint8Array | null,
    progress: Rfc3161Progress,
    wait: number = waitSeconds(state, progress),
  ): Submission {
    const nextTry = new Date(now().getTime() + wait * 1000);
    const detail = submissionDetail(state, progress, nextTry);
    return { state, attestation, detail, retryAfterSeconds: wait, progress };
  }

  return { name: 'rfc3161', submit, confirm };
}

/** The authorities with the names under which they are shown and remembered: the host alone, since a path may hold a key; a number tells apart
 * those at the same host. @throws AnchorError `bad-settings` when user and password cannot be read */
function named(urls: readonly string[]): { name: string; url: string }[] {
  const known = new Map<string, number>();
  return urls.map((url) => {
    const host = hostOf(url);
    const position = (known.get(host) ?? 0) + 1;
    known.set(host, position);
    return { name: position === 1 ? host : `${host} (${position})`, url };
  });
}

function hostOf(url: string): string {
  try {
    return parseHttpAddress(url).host;
  } catch (cause) {
    if (!(cause instanceof AddressError)) throw cause;
    throw new AnchorError('bad-settings', `Setting up rfc3161: ${cause.message}`, { cause });
  }
}

function readTrusted(roots: readonly Uint8Array[]): AuthorityAccess['trusted'] {
  try {
    return parseTrustedRoots(roots);
  } catch (cause) {
    if (!(cause instanceof TspError)) throw cause;
    throw new AnchorError('bad-settings', `Setting up rfc3161: ${cause.message}`, { cause });
  }
}

function waitSeconds(state: SubmissionState, { rounds, listRounds }: Rfc3161Progress): number {
  if (state === 'final') return FINAL_RECHECK_SECONDS;
  const [first, round] = state === 'unsubmitted' ? [RETRY_SECONDS, rounds] : [LIST_RETRY_SECONDS, listRounds];
  return Math.min(first * 2 ** Math.max(round - 1, 0), MAX_RETRY_SECONDS);
}

function summary(from: string, verified: VerifiedToken): NonNullable<Rfc3161Progress['token']> {
  const { authority, genTime, accuracyMs, serial, expiresAt } = verified;
  return { from, authority, genTime: genTime.toISOString(), accuracyMs, serial, expiresAt: expiresAt.toISOString() };
}

function read(attestation: Uint8Array): ReturnType<typeof attestationParts> {
  try {
    return attestationParts(readRfc3161Attestation(attestation));
  } catch (cause) {
    if (!(cause instanceof TspError)) throw cause;
    throw new AnchorError('bad-submission', `Confirming with rfc3161: ${cause.message}`, { cause });
  }
}
