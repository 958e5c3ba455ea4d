import { base64urlnopad } from '@scure/base';
import { registrationClaims } from '#signature/registration.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { Proof } from '../proof.js';
import type { Verdict } from '../verification.js';
import {
  AGENCY,
  OWN,
  OTHER,
  publicKeyOf,
  keyOf,
  said,
  inputOf,
  sign,
  signedAsOne,
  signedProof,
  revoked,
  changed,
} from './signed-proof.js';
import { flippedHash, statusVector, type StatusVectorChange } from './status-vector.js';
import type { VectorCase } from './vector-case.js';

/** Proofs of records that their agency has signed. */
export function agencyCases(): VectorCase[] {
  const one = (about: string, verdict: Verdict, proof: Proof, more: StatusVectorChange = {}) =>
    statusVector(about, verdict, proof, more);
  const holds = (about: string, proof: Proof, more: StatusVectorChange = {}) =>
    one(about, 'authentic', proof, { answer: { who: 'agency' }, ...more });
  /** The signature holds, and what is said of the key does not make it the agency's. */
  const notAuthorised = (about: string, proof: Proof, outcome: 'failed' | 'unavailable' = 'failed') =>
    one(about, 'authentic', proof, { checks: { authorisation: outcome }, answer: { who: 'log' } });
  const notShown = (about: string, proof: Proof) =>
    one(about, 'authentic', proof, {
      checks: { 'agency-signature': 'unavailable', authorisation: 'unavailable' },
      answer: { who: 'log' },
    });
  const broken = (about: string, proof: Proof, authorisation: 'passed' | 'unavailable' = 'unavailable') =>
    one(about, 'mismatch', proof, {
      checks: { 'agency-signature': 'failed', authorisation },
      answer: { who: 'log' },
    });
  const { authorisations: _, ...withoutAuthorisation } = signedProof();
  const group = signedAsOne(5, 3);
  const withGroup = (change: Partial<NonNullable<AgencySignature['group']>>) =>
    signedProof({
      record: group.record,
      signature: { ...group.signature, group: { ...group.signature.group!, ...change } },
    });
  const { path } = group.signature.group!;
  const shorter = base64urlnopad.encode(base64urlnopad.decode(path).slice(32));
  const turned = base64urlnopad.encode(base64urlnopad.decode(path).map((byte, i) => (i === 40 ? byte ^ 1 : byte)));
  return [
    holds('a record that its agency signed', signedProof()),
    holds('a record that was signed as one of five', signedProof(group)),
    holds('a record that was signed as a group of one', signedProof(signedAsOne(1, 0))),
    holds('a key that was registered in the same batch, before the record', signedProof({ place: 'same-batch' })),
    holds('a key that was revoked afterwards', signedProof({ after: revoked() })),
    holds('a key whose period begins and ends with the record', {
      ...signedProof({
        registration: { validFrom: '2026-03-01T08:01:59.500Z', validUntil: '2026-03-01T08:01:59.500Z' },
      }),
    }),
    one('a record that its agency signed, without a trusted log', 'authentic', signedProof(), {
      trustedKeys: [],
      checks: { 'log-key': 'not-applicable' },
      answer: { who: 'unchecked' },
    }),
    notShown('a signature whose key is not shown', withoutAuthorisation),
    notAuthorised(
      'a key of another agency',
      signedProof({
        registration: { claims: registrationClaims('other.example', publicKeyOf(OWN), new Uint8Array(64)) },
      }),
    ),
    notAuthorised('a key that was registered later', signedProof({ place: 'later' })),
    notAuthorised('a key that was revoked before', signedProof({ before: revoked() })),
    notAuthorised(
      'a key that was revoked afterwards, with effect from before',
      signedProof({ after: revoked({ effectiveAt: '2026-03-01T08:01:59.500Z' }) }),
    ),
    notAuthorised(
      'a key that was replaced before',
      signedProof({
        before: (of) => [{ of, to: 'superseded', by: '019ca869-507b-7812-82da-057373556ba2' }],
      }),
    ),
    notAuthorised(
      'a key whose period had not begun',
      signedProof({ registration: { validFrom: '2026-03-01T08:01:59.501Z' } }),
    ),
    notAuthorised(
      'a key whose period had ended',
      signedProof({ registration: { validUntil: '2026-03-01T08:01:59.499Z' } }),
    ),
    notAuthorised('a registration that is shown as of before the record', signedProof({ shown: 2 }), 'unavailable'),
    broken(
      'a signature by another key',
      signedProof({ signature: { ...sign(inputOf(said('a record')), OTHER), key: keyOf(OWN) } }),
      'passed',
    ),
    broken('a signature of another record', signedProof({ signature: sign(inputOf(said('another')), OWN) }), 'passed'),
    broken(
      'a signature of a record with another reference',
      signedProof({
        record: { ...said('a record'), reference: 'A-1' },
        signature: sign(inputOf(said('a record')), OWN),
      }),
      'passed',
    ),
    broken('another place in the group', withGroup({ index: 2 }), 'passed'),
    broken('a larger group', withGroup({ size: 6 }), 'passed'),
    broken('a path of the group that is too short', withGroup({ path: shorter }), 'passed'),
    broken('a path of the group with one bit turned', withGroup({ path: turned }), 'passed'),
    broken('a registration by somebody else', signedProof({ registration: { agency: AGENCY } })),
    broken(
      'a registration by the registrar of another log',
      signedProof({ registration: { agency: 'registrar.other.example' } }),
    ),
    broken('a record of another profile as registration', signedProof({ registration: { profile: 'generic@1' } })),
    broken(
      'a registration of another document',
      signedProof({ registration: { digests: { sha256: '00'.repeat(32) } } }),
    ),
    broken(
      'a registration that is not in its batch',
      changed(({ authorisation }) => {
        authorisation.statement = { ...authorisation.statement, nonce: '00'.repeat(16) };
      }),
    ),
    broken(
      'a registration at another place of its batch',
      changed(({ authorisation }) => {
        authorisation.batch.index = 1;
      }),
    ),
    broken(
      'a registration whose batch is not in the log',
      changed(({ authorisation }) => {
        const { checkpoint } = authorisation.status;
        checkpoint.path = checkpoint.path.map((hash, i) => (i === 0 ? flippedHash(hash) : hash));
      }),
    ),
    broken(
      'a registration under a checkpoint that the log has not signed',
      changed(({ authorisation, batch }) => {
        authorisation.status.checkpoint.note = batch.checkpoint;
      }),
    ),
    broken(
      'a revocation of the key that is left out',
      changed(
        ({ authorisation }) => {
          authorisation.status.events = [];
        },
        { before: revoked() },
      ),
    ),
    broken(
      'a leaf about the key that the log does not commit to',
      changed(({ authorisation }) => {
        const { leaf } = authorisation.status;
        leaf.path = leaf.path.map((hash, i) => (i === 0 ? flippedHash(hash) : hash));
      }),
    ),
    broken(
      'a batch about the key that is not the last',
      changed(({ authorisation, status }) => {
        authorisation.status.batch = { ...status.batch, entry: authorisation.batch.entry };
      }),
    ),
  ];
}

/** Proofs whose parts on a signature have no such form. */
export function malformedAgencyCases(): VectorCase[] {
  const malformed = (about: string, change: (proof: Record<string, never>) => void): VectorCase => {
    const { proof, ...rest } = statusVector(about, 'unreadable', signedProof(signedAsOne(5, 3)), {
      checks: { format: 'failed' },
    });
    const value = JSON.parse(proof) as Record<string, never>;
    change(value);
    return { ...rest, proof: JSON.stringify(value) };
  };
  const at = (value: unknown, ...names: string[]) =>
    names.reduce<Record<string, unknown>>((one, name) => one[name] as Record<string, unknown>, value as never);
  const set = (about: string, names: string[], name: string, value: unknown) =>
    malformed(about, (proof) => {
      at(proof, ...names)[name] = value;
    });
  const without = (about: string, names: string[], name: string) =>
    malformed(about, (proof) => {
      delete at(proof, ...names)[name];
    });
  const AUTHORISATION = ['authorisations', '0'];
  const place = ['statement', 'agencySignature', 'group'];
  return [
    without('an authorisation without a signature', ['statement'], 'agencySignature'),
    set('no authorisation', [], 'authorisations', []),
    set('one authorisation too many', [], 'authorisations', Array(17).fill(signedProof().authorisations![0])),
    set('an authorisation of a key that signed nothing', [], 'authorisations', [
      ...signedProof().authorisations!,
      ...signedProof({ seed: OTHER }).authorisations!,
    ]),
    set('two authorisations of one key', [], 'authorisations', Array(2).fill(signedProof().authorisations![0])),
    without('an authorisation that names no key', [...AUTHORISATION, 'statement', 'claims'], 'key'),
    set('an authorisation that is no list', [], 'authorisations', signedProof().authorisations![0]),
    without('an authorisation without statement', AUTHORISATION, 'statement'),
    without('an authorisation without status', AUTHORISATION, 'status'),
    without('an authorisation without the index', [...AUTHORISATION, 'batch'], 'index'),
    set('an authorisation with more', AUTHORISATION, 'id', '019ca869-507b-7812-82da-057373556ba2'),
    set('a batch of an authorisation with a checkpoint', [...AUTHORISATION, 'batch'], 'checkpoint', ''),
    set(
      'an attestation of the checkpoint of an authorisation',
      [...AUTHORISATION, 'status', 'checkpoint'],
      'attestations',
      [{ type: 'x' }],
    ),
    set('an authorisation with a path of 31 bytes', [...AUTHORISATION, 'batch'], 'path', ['00'.repeat(31)]),
    set('a group of 4097', place, 'size', 4097),
    set('a place past the group', place, 'index', 5),
    set('a path that is a list', place, 'path', []),
    set('a path with padding', place, 'path', `${'A'.repeat(43)}=`),
    set('a path with spare bits', place, 'path', `${'A'.repeat(42)}B`),
  ];
}
