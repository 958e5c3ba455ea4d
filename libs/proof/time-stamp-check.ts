import { utf8ToBytes } from '@noble/hashes/utils.js';
import { attestationParts, type Rfc3161Attestation } from '#tsp/attestation.js';
import { TspError } from '#tsp/error.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { type AnchorCheck, failed, unavailable } from './anchor-check.js';
import { ProofError } from './error.js';

/**
 * Checks what a time-stamp authority says of a checkpoint: the token at its own time, over the checkpoint's signed text, up to one of the
 * roots. What verifies tokens is loaded only when a proof holds one. The check's `time` is the token's own; the bound's is later by the
 * accuracy that the token claims.
 *
 * @param roots certificates that the caller trusts, DER
 * @throws ProofError `bad-root` when one of the caller's roots is none
 */
export async function checkTimeStamp(
  attestation: Rfc3161Attestation,
  { size, text }: { size: number; text: string },
  roots: readonly Uint8Array[],
  now: Date,
): Promise<AnchorCheck> {
  const about = { type: 'rfc3161', checkpointSize: size };
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) {
    const message =
      'Signed by a time-stamp authority, not checked, since this page was not loaded in a secure way and the browser therefore verifies no signatures; to check by hand, use openssl ts -verify.';
    return unavailable(message, { reason: 'no-crypto', ...about });
  }
  const verifier = await loadVerifier();
  if (verifier === null) {
    const message =
      'Signed by a time-stamp authority, not checked, since the part of this program that verifies time-stamps could not be loaded; try again.';
    return unavailable(message, { reason: 'no-verifier', ...about });
  }
  const { parseRoot, verifyTimeStampToken } = verifier;
  try {
    roots.forEach(parseRoot);
  } catch (cause) {
    if (!(cause instanceof TspError)) throw cause;
    throw new ProofError('bad-root', `Reading the trusted roots of time-stamps: ${cause.message}`, { cause });
  }
  let verified: VerifiedToken;
  try {
    const parts = attestationParts(attestation);
    verified = await verifyTimeStampToken({ ...parts, message: utf8ToBytes(text), roots, now, subtle });
  } catch (error) {
    if (!(error instanceof TspError)) throw error;
    const message = `The time-stamp of the checkpoint of size ${size} does not hold: ${error.message}.`;
    return failed(message, { reason: error.code, ...about });
  }
  const { genTime, accuracyMs, authority, serial, policy, expiresAt, expiredNow, top } = verified;
  const time = genTime.toISOString();
  // The token's time may be that much too early: only after it the text existed for certain.
  const noLaterThan = new Date(genTime.getTime() + (accuracyMs ?? 0)).toISOString();
  const facts = {
    ...about,
    time,
    ...(accuracyMs === null ? {} : { accuracyMs }),
    authority,
    serial,
    policy,
    root: top.fingerprint,
    rootName: top.name,
  };
  if (verified.status !== 'trusted') return untrusted(verified, facts, roots.length);
  const attime = Math.floor(genTime.getTime() / 1000);
  const expired = expiredNow
    ? ` Its certificate has run out since, at ${expiresAt.toISOString()}, which takes nothing from it; openssl ts -verify has to be told -attime ${attime}.`
    : '';
  const { revocation, revokedLater } = verified;
  const standing =
    revokedLater !== null
      ? ` The certificate was revoked later, at ${revokedLater.toISOString()}, for a reason that leaves the time-stamp good.`
      : revocation === 'unknown'
        ? ' Whether its certificates had been revoked is not known: the proof does not hold the lists that would say so.'
        : '';
  const accuracy = accuracyMs === null ? '' : ` of ${time}, give or take ${accuracyMs / 1000} s,`;
  const message = `The checkpoint of size ${size} existed no later than ${noLaterThan} (time-stamp${accuracy} no. ${serial} of ${authority}, under the trusted root ${top.name}).${expired}${standing}`;
  return {
    check: {
      code: 'anchor',
      status: 'passed',
      message,
      data: {
        ...facts,
        source: top.name,
        finality: 'final',
        revocation,
        ...(revokedLater === null ? {} : { revokedLater: revokedLater.toISOString() }),
        expiresAt: expiresAt.toISOString(),
        expired: expiredNow ? 'yes' : 'no',
        attime,
      },
    },
    bound: {
      type: 'rfc3161',
      time: noLaterThan,
      checkpointSize: size,
      finality: 'final',
      place: authority,
      test: false,
      known: true,
      sources: top.name,
    },
  };
}

/** What verifies tokens; null when it cannot be had, as on a page whose service has gone away since. */
async function loadVerifier(): Promise<typeof import('#tsp/verify-token.js') | null> {
  try {
    return await import('#tsp/verify-token.js');
  } catch (error) {
    // Browsers say so with a TypeError; what else goes wrong is a fault of this program.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** A token that holds, but leads to no root that the caller trusts. */
function untrusted(
  { top, authority, genTime }: VerifiedToken,
  facts: Record<string, string | number>,
  roots: number,
): AnchorCheck {
  const why = roots === 0 ? 'no root certificates were given' : 'it leads to none of the trusted roots';
  const byHand = top.selfIssued
    ? `to check by hand, compare the SHA-256 of that authority's root certificate (${top.name}), which must be ${top.fingerprint}`
    : `its certificates end with ${top.name} (SHA-256 ${top.fingerprint}); to check by hand, find the root that issued it and compare`;
  const message = `Signed at ${genTime.toISOString()} by ${authority}, a time-stamp authority, not accepted, since ${why}; ${byHand}.`;
  return unavailable(message, { reason: roots === 0 ? 'no-roots' : 'unknown-root', ...facts });
}
