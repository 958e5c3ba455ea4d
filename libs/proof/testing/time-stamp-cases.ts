import { base64 } from '@scure/base';
import type { Rfc3161Attestation } from '#tsp/attestation.js';
import type { ProofCheckpoint } from '../checkpoint.js';
import type { Proof } from '../proof.js';
import { sampleProof } from './sample-proof.js';
import { readTimeStamps } from './time-stamps.js';
import { type Change, vector, type VectorCase } from './vector-case.js';

const sample = sampleProof();
const { root, otherRoot, attestations } = readTimeStamps();

/** The first sample with these attestations in place of its own. */
function stamped(...given: unknown[]): Proof {
  const proof = structuredClone(sample.proof);
  proof.log.checkpoints[0]!.attestations = given as ProofCheckpoint['attestations'];
  return proof;
}
const stamp = (members: Rfc3161Attestation | object) => ({ type: 'rfc3161', ...members });
const given = (attestation: object, ...timestampRoots: string[]): Change => ({
  proof: stamped(stamp(attestation)),
  blockSources: [],
  timestampRoots,
});

/** The token with one bit changed, counted from the end. */
function flipped(text: string, fromEnd: number): string {
  const bytes = base64.decode(text);
  bytes[bytes.length - fromEnd]! ^= 1;
  return base64.encode(bytes);
}

/** Proofs with time-stamps: holding, open, forged. */
export function timeStampCases(): VectorCase[] {
  const holds = (about: string, change: Change) => vector(about, sample, 'authentic', change);
  const open = (about: string, change: Change) =>
    vector(about, sample, 'unavailable', { ...change, checks: { anchor: 'unavailable' } });
  const fails = (about: string, attestation: object) =>
    vector(about, sample, 'mismatch', { ...given(attestation, root), checks: { anchor: 'failed' } });
  const { good } = attestations;
  const [block] = sample.proof.log.checkpoints[0]!.attestations;
  return [
    holds('a time-stamp under the one trusted root', given(good, root)),
    holds('a time-stamp under one of two trusted roots', given(good, otherRoot, root)),
    holds('a time-stamp without revocation lists', given(attestations.withoutLists, root)),
    holds('a time-stamp whose certificate has run out since', given(attestations.expired, root)),
    holds('a time-stamp whose certificate was superseded later', given(attestations.supersededLater, root)),
    holds(
      'a time-stamp with revocation lists whose signatures are others: they say nothing',
      given({ ...good, revocations: good.revocations.map((list) => flipped(list, 8)) }, root),
    ),
    holds('a time-stamp beside a Bitcoin block', {
      proof: stamped(stamp(good), block),
      timestampRoots: [root],
    }),
    open('a time-stamp and no trusted root', given(good)),
    open('a time-stamp under another root than the trusted one', given(good, otherRoot)),
    open(
      'a time-stamp without its root, and no trusted one',
      given({ ...attestations.withoutLists, certificates: [] }),
    ),
    fails('a time-stamp of another text', attestations.otherText),
    fails('a time-stamp whose certificate had been revoked', attestations.revokedBefore),
    fails('a time-stamp whose key came into other hands later', attestations.compromisedLater),
    fails('a time-stamp by a certificate whose purpose is not critical', attestations.laxPurpose),
    fails('a time-stamp whose signature is another', { ...good, token: flipped(good.token, 8) }),
    fails('a time-stamp that is none', { ...good, token: good.certificates[0] }),
  ];
}

/** Proofs with time-stamps that are malformed. */
export function malformedTimeStampCases(): VectorCase[] {
  const { good } = attestations;
  const { token, certificates, revocations } = good;
  const shapes: Record<string, object> = {
    'a time-stamp without certificates': { token, revocations },
    'a time-stamp without revocations': { token, certificates },
    'a time-stamp with another member': { ...good, nonce: '' },
    'a time-stamp without a token in it': { ...good, token: '' },
    'a time-stamp in base64url': { ...good, token: '-_8=' },
    'a time-stamp with a certificate twice': { ...good, certificates: [...certificates, ...certificates] },
    'a time-stamp with certificates that are no list': { ...good, certificates: certificates[0] },
    'a time-stamp with an empty revocation list': { ...good, revocations: [''] },
  };
  return Object.entries(shapes).map(([about, members]) =>
    vector(about, sample, 'unreadable', { proof: JSON.stringify(stamped(stamp(members))) }),
  );
}
