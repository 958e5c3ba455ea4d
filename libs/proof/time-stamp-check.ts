import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Subtle } from '#tsp/algorithm.js';
import { attestationParts, type Rfc3161Attestation } from '#tsp/attestation.js';
import { TspError } from '#tsp/error.js';
import type { TrustedRoots } from '#tsp/trusted-roots.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { type AnchorCheck, failed, unavailable } from './anchor-check.js';
import { ProofError } from './error.js';

/** Most signatures that are verified for all time-stamps of one proof: dozens of usual ones. */
const MAX_PROOF_SIGNATURES = 256;

/** Checks one time-stamp of a proof. */
export type CheckTimeStamp = (
  attestation: Rfc3161Attestation,
  checkpoint: { size: number; text: string },
) => Promise<AnchorCheck>;

/**
 * What checks the time-stamps of one proof: each token at its own time, over the checkpoint's signed text, up to one of the roots. What verifies
 * tokens is loaded, and the roots are read, once and only for a proof that holds one. A check's `time` is the token's own; the bound's is later
 * by the accuracy that the token claims.
 *
 * @param roots certificates that the caller trusts, and others between them and signers, DER
 * @returns a function that throws ProofError `bad-root` when the caller's certificates are none or have no root among them
 */
export function checkTimeStampsUnder(roots: readonly Uint8Array[], now: Date): CheckTimeStamp {
  let opened: ReturnType<typeof openVerifier> | undefined;
  const check: CheckTimeStamp = async (attestation, checkpoint) => {
    const about = { type: 'rfc3161', checkpointSize: checkpoint.size };
    const subtle = globalThis.crypto?.subtle;
    if (subtle === undefined) {
      const message =
        'Signed by a time-stamp authority, not checked, since this page was not loaded in a secure way and the browser therefore verifies no signatures; to check by hand, use openssl ts -verify.';
      return unavailable(message, { reason: 'no-crypto', ...about });
    }
    const verify = await (opened ??= openVerifier(roots, now, subtle));
    if (verify === null) {
      const message =
        'Signed by a time-stamp authority, not checked, since the part of this program that verifies time-stamps could not be loaded; try again.';
      return unavailable(message, { reason: 'no-verifier', ...about });
    }
    try {
      const verified = await verify(attestation, checkpoint.text);
      return verified.status === 'trusted' ? trusted(verified, about) : untrusted(verified, about, roots.length);
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      const message = `The time-stamp of the checkpoint of size ${checkpoint.size} does not hold: ${error.message}.`;
      return failed(message, { reason: error.code, ...about });
    }
  };
  let before: Promise<unknown> = Promise.resolve();
  return (attestation, checkpoint) => {
    // One after the other, so that those in front get the signatures that are allowed, and not each of too many some.
    const checked = before.then(() => check(attestation, checkpoint));
    before = checked.catch(() => undefined);
    return checked;
  };
}

/** What verifies the tokens of one proof; null when it cannot be had, as on a page whose service has gone away since.
 * @throws ProofError `bad-root` */
async function openVerifier(
  roots: readonly Uint8Array[],
  now: Date,
  subtle: Subtle,
): Promise<((attestation: Rfc3161Attestation, text: string) => Promise<VerifiedToken>) | null> {
  const loaded = await loadVerifier();
  if (loaded === null) return null;
  const [{ limitSignatures }, { parseTrustedRoots }, { verifyTimeStampToken }] = loaded;
  let given: TrustedRoots;
  try {
    given = parseTrustedRoots(roots);
  } catch (cause) {
    if (!(cause instanceof TspError)) throw cause;
    throw new ProofError('bad-root', `Reading the trusted roots of time-stamps: ${cause.message}`, { cause });
  }
  const access = { trusted: given, now, subtle: limitSignatures(subtle, MAX_PROOF_SIGNATURES) };
  return (attestation, text) =>
    verifyTimeStampToken({ ...attestationParts(attestation), message: utf8ToBytes(text), ...access });
}

async function loadVerifier() {
  try {
    return await Promise.all([
      import('#tsp/algorithm.js'),
      import('#tsp/trusted-roots.js'),
      import('#tsp/verify-token.js'),
    ]);
  } catch (error) {
    // Browsers say so with a TypeError; what else goes wrong is a fault of this program.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** What is told of any token that holds. */
type About = { type: string; checkpointSize: number };

function factsOf(verified: VerifiedToken, about: About) {
  const { genTime, accuracyMs, authority, serial, policy, top } = verified;
  return {
    ...about,
    time: genTime.toISOString(),
    ...(accuracyMs === null ? {} : { accuracyMs }),
    authority,
    serial,
    policy,
    root: top.fingerprint,
    rootName: top.name,
  };
}

/** A token that holds under a root that the caller trusts. */
function trusted(verified: VerifiedToken, about: About): AnchorCheck {
  const { genTime, accuracyMs, authority, serial, expiresAt, expiredNow, top } = verified;
  const time = genTime.toISOString();
  // The token's time may be that much too early: only after it the text existed for certain.
  const noLaterThan = new Date(genTime.getTime() + (accuracyMs ?? 0)).toISOString();
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
  const message = `The checkpoint of size ${about.checkpointSize} existed no later than ${noLaterThan} (time-stamp${accuracy} no. ${serial} of ${authority}, under the trusted root ${top.name}).${expired}${standing}`;
  return {
    check: {
      code: 'anchor',
      status: 'passed',
      message,
      data: {
        ...factsOf(verified, about),
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
      checkpointSize: about.checkpointSize,
      finality: 'final',
      place: authority,
      test: false,
      known: true,
      sources: top.name,
    },
  };
}

/** A token that holds, but leads to no root that the caller trusts. */
function untrusted(verified: VerifiedToken, about: About, roots: number): AnchorCheck {
  const { top, authority, genTime } = verified;
  const why = roots === 0 ? 'no root certificate to trust was given' : 'it leads to none of the trusted roots';
  const byHand = top.selfIssued
    ? `to check by hand, compare the SHA-256 of that authority's root certificate (${top.name}), which must be ${top.fingerprint}`
    : `its certificates end with ${top.name} (SHA-256 ${top.fingerprint}); to check by hand, find the root that issued it and compare`;
  const message = `Signed at ${genTime.toISOString()} by ${authority}, a time-stamp authority, not accepted, since ${why}; ${byHand}.`;
  return unavailable(message, { reason: roots === 0 ? 'no-roots' : 'unknown-root', ...factsOf(verified, about) });
}
