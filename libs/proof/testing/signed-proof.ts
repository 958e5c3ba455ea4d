import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { leafHash } from '#merkle/hash.js';
import { keyIdOf } from '#signature/agency-key.js';
import { idHex, registrationClaims } from '#signature/registration.js';
import { groupText, signingInput } from '#signature/signing-input.js';
import type { AgencySignature } from '#statement/agency-signature.js';
import type { RecordStatement } from '#statement/statement.js';
import type { AuthorisationProof } from '../authorisation-proof.js';
import type { Proof } from '../proof.js';
import { type SampleChange, SampleLog, type SampleRecord } from './sample-log.js';
import { treePath, treeRoot } from './sample-tree.js';

/** The agency whose records these are, and the seeds of its key and of another's. */
export const AGENCY = 'licences.example';
const seedOf = (name: string) => leafHash(utf8ToBytes(name));
export const OWN = seedOf('the agency');
export const OTHER = seedOf('another agency');

/** Public key and key id of a seed. */
export const publicKeyOf = (seed: Uint8Array) => ed25519.getPublicKey(seed);
export const keyOf = (seed: Uint8Array) => keyIdOf(publicKeyOf(seed));

/** What an agency says of its record, without what the service adds. */
export const said = (name: string): Partial<RecordStatement> => ({
  profile: 'generic@1',
  digests: { sha256: idHex(keyOf(seedOf(name))) },
});
export const inputOf = (record: Partial<RecordStatement>) =>
  utf8ToBytes(signingInput({ v: 1, kind: 'record', agency: AGENCY, ...record }));
export const sign = (message: Uint8Array, seed: Uint8Array, group?: AgencySignature['group']): AgencySignature => ({
  key: keyOf(seed),
  alg: 'EdDSA',
  value: base64urlnopad.encode(ed25519.sign(message, seed)),
  ...(group === undefined ? {} : { group }),
});

/** The signature of record `index` of so many that are signed as one. */
export function signedAsOne(
  size: number,
  index: number,
): { record: Partial<RecordStatement>; signature: AgencySignature } {
  const records = Array.from({ length: size }, (_, i) => said(`record ${i} of a group`));
  const leaves = records.map((record) => leafHash(inputOf(record)));
  const path = base64urlnopad.encode(concatBytes(...treePath(index, leaves)));
  const message = utf8ToBytes(groupText(AGENCY, size, treeRoot(leaves)));
  return { record: records[index]!, signature: sign(message, OWN, { size, index, path }) };
}

/** What is to be logged. */
interface Story {
  /** Seed of the key that signs. */
  seed?: Uint8Array;
  /** Of the record. */
  record?: Partial<RecordStatement>;
  /** In place of the one of the record alone. */
  signature?: AgencySignature;
  /** What the registration has that is not as usual. */
  registration?: Partial<RecordStatement>;
  /** Register after the record, or in its batch. */
  place?: 'later' | 'same-batch';
  /** What is logged about the registration, before and after the record. */
  before?: (of: SampleRecord) => SampleChange[];
  after?: (of: SampleRecord) => SampleChange[];
  /** Batches of the log that the authorisation shows; all of them unless given. */
  shown?: number;
}

/** What registers the key of a seed for {@link AGENCY}. */
export const registrationOf = (seed: Uint8Array, changes: Partial<RecordStatement> = {}): Partial<RecordStatement> => ({
  agency: 'registrar.log.example',
  profile: 'identity@1',
  digests: { sha256: idHex(keyOf(seed)) },
  claims: registrationClaims(AGENCY, publicKeyOf(seed), new Uint8Array(64)),
  ...changes,
});

/** What a proof shows of the key that a record of the log registers, as of its first `shown` batches. */
export function authorisationOf(log: SampleLog, registration: SampleRecord, shown?: number): AuthorisationProof {
  const { batch, statement } = log.proof(registration);
  const { checkpoint: _, ...inBatch } = batch;
  return { statement, batch: inBatch, status: log.status(registration, shown) };
}

/** The proof of a record that was signed, with what the log says of the key. */
export function signedProof(story: Story = {}): Proof {
  const { after, before, place, record = said('a record'), registration, seed = OWN, shown } = story;
  const log = new SampleLog();
  const registered = registrationOf(seed, registration);
  const signed = { ...record, agencySignature: story.signature ?? sign(inputOf(record), seed) };
  log.seal({ others: 5 });
  let [own] = place === undefined ? log.seal({ records: [registered], others: 3 }) : [];
  if (before) log.seal({ changes: before(own!), others: 1 });
  const made = log.seal({ records: place === 'same-batch' ? [registered, signed] : [signed], others: 2 });
  if (place === 'same-batch') [own] = made;
  if (place === 'later') [own] = log.seal({ records: [registered] });
  if (after) log.seal({ changes: after(own!), others: 1 });
  log.seal({ others: 70 });
  return { ...log.proof(made.at(-1)!), authorisations: [authorisationOf(log, own!, shown)] };
}

export const revoked =
  (more: object = {}) =>
  (of: SampleRecord): SampleChange[] => [{ of, to: 'revoked', reason: 'rotated', ...more }];

/** A proof with everything that it may hold but a salt, and its one authorisation beside it. */
type WholeProof = Proof & { status: NonNullable<Proof['status']>; authorisation: AuthorisationProof };

/** A proof with something changed. */
export function changed(change: (proof: WholeProof) => void, story: Story = {}): Proof {
  const proof = structuredClone(signedProof(story));
  const [authorisation] = proof.authorisations!;
  change({ ...proof, authorisation } as WholeProof);
  return proof;
}
