import { leafHash } from '#merkle/hash.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { registrationClaims } from '#signature/registration.js';
import { groupText, signingInput } from '#signature/signing-input.js';
import type { RecordStatement } from '#statement/statement.js';
import type { StatusStatement } from '#statement/status-statement.js';
import type { Proof } from '../proof.js';
import type { Verdict } from '../verification.js';
import { type SampleChange, SampleLog, type SampleRecord } from './sample-log.js';
import { treePath, treeRoot } from './sample-tree.js';
import {
  AGENCY,
  authorisationOf,
  inputOf,
  OTHER,
  OWN,
  publicKeyOf,
  registrationOf,
  revoked,
  said,
  sign,
} from './signed-proof.js';
import { statusVector } from './status-vector.js';
import type { VectorCase } from './vector-case.js';

const CONSUMER = 'tax.example';
/** When the changes below are received unless something is logged before them. */
const RECEIVED_AT = '2026-03-01T08:02:59.500Z';

const inputBytes = (statement: object) => utf8ToBytes(signingInput(statement));
const signedBy = (seed: Uint8Array) => (statement: StatusStatement) => sign(inputBytes(statement), seed);

/** What is to be logged. */
interface Story {
  /** The changes, each in a batch of its own. */
  changes?: (record: SampleRecord) => SampleChange[];
  record?: Partial<RecordStatement>;
  registration?: Partial<RecordStatement>;
  /** What is logged about the registration before and after the changes. */
  before?: (of: SampleRecord) => SampleChange[];
  after?: (of: SampleRecord) => SampleChange[];
  /** Register after the changes. */
  isLate?: true;
  shown?: number;
  /** Seed of another key that is registered too. */
  second?: Uint8Array;
}

const revocation = (of: SampleRecord): SampleChange => ({ of, to: 'revoked', reason: 'misuse', sign: signedBy(OWN) });

/** The proof of a record whose status its agency changed with its own key, with what the log says of that. */
function proofOf(story: Story = {}): Proof {
  const { after, before, changes = (of) => [revocation(of)], isLate, record = {}, second, shown } = story;
  const log = new SampleLog();
  const registered = registrationOf(OWN, story.registration);
  log.seal({ others: 5 });
  let [own] = isLate === undefined ? log.seal({ records: [registered], others: 3 }) : [];
  const [other] = second === undefined ? [] : log.seal({ records: [registrationOf(second)] });
  const [about] = log.seal({ records: [record], others: 2 });
  if (before) log.seal({ changes: before(own!), others: 1 });
  for (const change of changes(about!)) log.seal({ changes: [change], others: 1 });
  if (isLate) [own] = log.seal({ records: [registered] });
  if (after) log.seal({ changes: after(own!), others: 1 });
  log.seal({ others: 70 });
  const authorisations = [own!, ...(other === undefined ? [] : [other])].map((one) => authorisationOf(log, one, shown));
  return { ...log.proof(about!), authorisations };
}

/** A suspension and its end, signed as one; `change` may alter a place. */
function signedAsOne(of: SampleRecord, change: Partial<Record<'index' | 'size', number>> = {}): SampleChange[] {
  const times = [RECEIVED_AT, '2026-03-01T08:03:59.500Z'];
  const said = (['suspended', 'active'] as const).map((to, i) => ({
    v: 1,
    kind: 'status',
    agency: AGENCY,
    record: of.id,
    to,
    effectiveAt: times[i],
  }));
  const leaves = said.map((statement) => leafHash(inputBytes(statement)));
  const message = utf8ToBytes(groupText(AGENCY, leaves.length, treeRoot(leaves)));
  return said.map(({ to, effectiveAt }, index) => {
    const path = base64urlnopad.encode(concatBytes(...treePath(index, leaves)));
    const group = { size: leaves.length, index, path, ...change };
    return { of, to, effectiveAt: effectiveAt!, sign: () => sign(message, OWN, group) };
  });
}

/** Proofs of records whose changes of status their agencies have signed. */
export function signedEventCases(): VectorCase[] {
  const one = (about: string, verdict: Verdict, proof: Proof, more: Parameters<typeof statusVector>[3]) =>
    statusVector(about, verdict, proof, more);
  const holds = (about: string, proof: Proof) =>
    one(about, 'authentic-not-current', proof, { maxStatusAgeMs: 86_400_000, answer: { changedBy: 'agency' } });
  const notAuthorised = (about: string, proof: Proof, outcome: 'failed' | 'unavailable' = 'failed') =>
    one(about, 'authentic-not-current', proof, {
      checks: { 'event-authorisation': outcome },
      answer: { changedBy: 'log' },
    });
  const broken = (about: string, proof: Proof, authorisation: 'passed' | 'unavailable' = 'passed') =>
    one(about, 'mismatch', proof, {
      checks: { 'status-history': 'passed', 'event-signature': 'failed', 'event-authorisation': authorisation },
    });
  const { authorisations: _, ...notShown } = proofOf();
  const own = said('a record');
  const signedToo = { ...own, agencySignature: sign(inputOf(own), OWN) };
  const other = (of: SampleRecord): SampleChange => ({ ...revocation(of), reason: 'other' });
  const consumed = (of: SampleRecord): SampleChange => ({
    of,
    to: 'consumed',
    agency: CONSUMER,
    sign: signedBy(OWN),
  });
  const [first, then] = [OWN, OTHER].map(signedBy);
  return [
    holds('a revocation that its agency signed', proofOf()),
    holds('a revocation that its agency signed, of a record that it signed', proofOf({ record: signedToo })),
    holds(
      'a revocation of a range that its agency signed',
      proofOf({ changes: ({ ordinal }) => [{ ...revocation({} as never), of: { first: ordinal, count: 3 } }] }),
    ),
    holds('a signed revocation, whose key was revoked afterwards', proofOf({ after: revoked() })),
    holds(
      'a record that another agency consumed, with its own signature',
      proofOf({
        record: { profile: 'invoice@1' },
        changes: (of) => [consumed(of)],
        registration: { claims: registrationClaims(CONSUMER, publicKeyOf(OWN), new Uint8Array(64)) },
      }),
    ),
    holds(
      'two changes, signed with two keys',
      proofOf({
        second: OTHER,
        changes: (of) => [
          { of, to: 'suspended', sign: then! },
          { of, to: 'revoked', sign: first! },
        ],
      }),
    ),
    one('two changes that were signed as one', 'authentic', proofOf({ changes: (of) => signedAsOne(of) }), {
      answer: { still: 'active' },
    }),
    one(
      'a signed suspension, and a revocation that is not signed',
      'authentic-not-current',
      proofOf({
        changes: (of) => [
          { of, to: 'suspended', sign: first! },
          { of, to: 'revoked' },
        ],
      }),
      { answer: { still: 'revoked', changedBy: 'log' } },
    ),
    one('a signed revocation, without a trusted log', 'authentic-not-current', proofOf(), {
      trustedKeys: [],
      checks: { 'log-key': 'not-applicable' },
      answer: { changedBy: 'unchecked' },
    }),
    one('a signed revocation whose key is not shown', 'authentic-not-current', notShown, {
      checks: { 'event-signature': 'unavailable', 'event-authorisation': 'unavailable' },
      answer: { changedBy: 'log' },
    }),
    notAuthorised(
      'a revocation by a key of another agency',
      proofOf({ registration: { claims: registrationClaims(CONSUMER, publicKeyOf(OWN), new Uint8Array(64)) } }),
    ),
    notAuthorised('a revocation by a key that was registered later', proofOf({ isLate: true })),
    notAuthorised('a revocation by a key that was revoked before', proofOf({ before: revoked() })),
    notAuthorised(
      'a revocation by a key whose period had not begun',
      proofOf({ registration: { validFrom: '2026-03-01T08:02:59.501Z' } }),
    ),
    notAuthorised(
      'a revocation by a key whose period had ended',
      proofOf({ registration: { validUntil: '2026-03-01T08:02:59.499Z' } }),
    ),
    notAuthorised('a key that is shown as of before the revocation', proofOf({ shown: 3 }), 'unavailable'),
    broken(
      'a revocation with a signature by another key',
      proofOf({
        changes: (of) => [
          {
            ...revocation(of),
            sign: (statement) => ({ ...sign(inputBytes(statement), OTHER), key: signedBy(OWN)(statement).key }),
          },
        ],
      }),
    ),
    broken(
      'a revocation with a signature of another change',
      proofOf({
        changes: (of) => [
          { ...revocation(of), sign: (statement) => signedBy(OWN)({ ...statement, reason: other(of).reason! }) },
        ],
      }),
    ),
    broken(
      'a change at another place of the group that was signed',
      proofOf({
        changes: (of) =>
          signedAsOne(of, { index: 0 })
            .slice(0, 1)
            .map((one) => ({ ...one, to: 'revoked' })),
      }),
    ),
    broken(
      'a change in a larger group than was signed',
      proofOf({ changes: (of) => signedAsOne(of, { size: 3 }).slice(0, 1) }),
    ),
    broken(
      'a signed change whose key somebody else registered',
      proofOf({ registration: { agency: AGENCY } }),
      'unavailable',
    ),
  ];
}
