import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Subtle } from '#tsp/algorithm.js';
import { attestationParts, type Rfc3161Attestation } from '#tsp/attestation.js';
import { TspError } from '#tsp/error.js';
import type { TrustedRoots } from '#tsp/trusted-roots.js';
import type { VerifiedToken } from '#tsp/verify-token.js';
import { ProofError } from '../../error.js';
import type { AnchorFinding } from '../finding.js';
import type { Rfc3161Anchor, TimeStampFacts } from './finding.js';
import type { AnchorAccess, AttestedCheckpoint, CheckAttestation } from '../attestation-kind.js';

/** Most signatures that are verified for all time-stamps of one proof: dozens of usual ones. */
const MAX_PROOF_SIGNATURES = 256;

/**
 * What checks the time-stamps of one proof: each token at its own time, over the checkpoint's signed text, up to one of the trusted roots. What
 * verifies tokens is loaded, and the roots are read, once and only for a proof that holds one.
 *
 * @returns a function whose promises reject with ProofError `bad-root` when the caller's certificates are none or have no root among them
 */
export function timeStampChecker({ now, timestampRoots }: AnchorAccess): CheckAttestation<Rfc3161Attestation> {
  let opened: ReturnType<typeof openVerifier> | undefined;
  const check = async (attestation: Rfc3161Attestation, checkpoint: AttestedCheckpoint): Promise<Anchor> => {
    const subtle = globalThis.crypto?.subtle;
    if (subtle === undefined) return { outcome: 'unavailable', reason: 'no-crypto' };
    const roots = timestampRoots === 'unreachable' ? [] : timestampRoots;
    const verify = await (opened ??= openVerifier(roots, now, subtle));
    if (verify === null) return { outcome: 'unavailable', reason: 'no-verifier' };
    try {
      const verified = await verify(attestation, checkpoint.text);
      if (verified.status === 'trusted') return trusted(verified);
      const reason =
        timestampRoots === 'unreachable' ? 'roots-unreachable' : roots.length === 0 ? 'no-roots' : 'unknown-root';
      return { outcome: 'unavailable', reason, ...tokenFacts(verified) };
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      const { code, message: detail } = error;
      if (code === 'unsupported') return { outcome: 'unavailable', reason: 'unsupported', detail };
      return { outcome: 'failed', reason: 'bad-token', code, detail };
    }
  };
  let before: Promise<unknown> = Promise.resolve();
  return (attestation, checkpoint) => {
    // One after the other, so that those in front get the signatures that are allowed, and not each of too many some.
    const checked = before.then(() => check(attestation, checkpoint));
    before = checked.catch(() => undefined);
    const subject = { kind: 'checkpoint', size: checkpoint.size } as const;
    return [checked.then((found): AnchorFinding => ({ check: 'anchor', subject, kind: 'rfc3161', ...found }))];
  };
}

type Anchor = Rfc3161Anchor extends infer Each ? (Each extends unknown ? Omit<Each, 'kind'> : never) : never;

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

function tokenFacts({ genTime, accuracyMs, authority, serial, policy, top }: VerifiedToken): TimeStampFacts {
  const { fingerprint, name, selfIssued } = top;
  return {
    genTime: genTime.toISOString(),
    accuracyMs,
    authority,
    serial,
    policy,
    top: { name, fingerprint, selfIssued },
  };
}

/** A token that holds under a root that the caller trusts. */
function trusted(verified: VerifiedToken): Anchor {
  const { accuracyMs, expiredNow: expired, expiresAt, genTime, revocation, revokedLater } = verified;
  return {
    outcome: 'passed',
    ...tokenFacts(verified),
    // The token's time may be that much too early: only after it the text existed for certain.
    time: new Date(genTime.getTime() + (accuracyMs ?? 0)).toISOString(),
    revocation,
    revokedLater: revokedLater?.toISOString() ?? null,
    expiresAt: expiresAt.toISOString(),
    expired,
  };
}
