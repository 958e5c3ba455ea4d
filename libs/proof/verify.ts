import type { BlockSource } from '#bitcoin/block-source.js';
import type { EvmSource } from '#evm/evm-source.js';
import { type AnchorBound, type AnchorCheck, bestBound } from './anchor-check.js';
import { checkAnchors } from './anchor-checks.js';
import { type BeaconBound, type BeaconCheck, checkBeacon } from './beacon-check.js';
import { askBlocksOf } from './block-answers.js';
import { checkDocument, type DocumentDigests } from './document-check.js';
import { ProofError } from './error.js';
import { askEvmBlocksOf } from './evm-answers.js';
import { parseProof, type Proof } from './proof.js';
import {
  checkBatchCheckpoint,
  checkBatchInclusion,
  checkLogCheckpoint,
  checkLogInclusion,
  checkLogKey,
  checkRecordId,
  proofFacts,
} from './structure-checks.js';
import { checkTimeStampsUnder } from './time-stamp-check.js';
import { checkValidity } from './validity-check.js';
import { verdictOf, type Check, type Verdict } from './verdict.js';

/** What a verification needs. */
export interface VerifyInput {
  /** The proof: its text (preferred: repeated JSON members show only there), its UTF-8 bytes, or a parsed value. */
  proof: unknown;
  /** Plain (not blinded) digests of the document; none to verify the proof alone. */
  digests?: DocumentDigests | undefined;
  /** Verifier keys of the logs that the caller trusts; none to leave the signer unchecked. */
  trustedKeys?: readonly string[] | undefined;
  /** Where Bitcoin block headers come from; none to leave Bitcoin attestations unchecked. */
  blockSources?: readonly BlockSource[] | undefined;
  /** Where blocks of EVM chains come from, of whichever chain; none to leave attestations by such chains unchecked. */
  evmSources?: readonly EvmSource[] | undefined;
  /** Root certificates (DER) of time-stamp authorities that the caller trusts, and others that lead to them; none to accept no time-stamp, but to learn its root. */
  timestampRoots?: readonly Uint8Array[] | undefined;
  /** Count no chain that is for tests, whatever it shows. */
  publicOnly?: boolean | undefined;
  now: Date;
}

/** What the proof says was recorded. As trustworthy as the checks beside it say. */
export interface VerifiedRecord {
  id: string;
  agency: string;
  profile: string;
  receivedAt: string;
  reference?: string;
  validFrom?: string;
  validUntil?: string;
  /** Origin of the log. */
  log: string;
  /** Number of the batch in the log. */
  batch: number;
  sealedAt: string;
  /** Newest block that the sealer had seen: the batch was closed after it. */
  beacon?: string;
}

/** The result of a verification: never one bit. */
export interface Verification {
  verdict: Verdict;
  checks: Check[];
  /** Absent when the proof is malformed. */
  record: VerifiedRecord | undefined;
  /** The earliest time that an anchor proves, going by places that are known and no tests as long as there are any; only when no check of the proof itself failed. */
  existedBefore?: AnchorBound;
  /** The time before which the record's batch cannot have been closed; under the same condition. */
  existedAfter?: BeaconBound;
}

/**
 * Verifies a proof, offline but for what the block sources do. Every check is made, whatever became of the others; a negative
 * answer is a result, not an exception.
 *
 * @throws ProofError `bad-digest`, `bad-key` or `bad-root` when the caller's own digests, trusted keys or trusted roots are malformed.
 */
export async function verifyProof(input: VerifyInput): Promise<Verification> {
  const proof = readProof(input.proof);
  if (!('format' in proof)) return { verdict: 'mismatch', checks: [proof.check], record: undefined };
  const facts = proofFacts(proof);
  const checks: Check[] = [
    { code: 'format', status: 'passed', message: `The proof is a well-formed ${proof.format}.` },
    checkDocument(proof, input.digests ?? {}),
    checkRecordId(proof, facts),
    checkBatchInclusion(proof, facts),
    checkBatchCheckpoint(proof, facts),
    ...proof.log.checkpoints.flatMap((item) => [checkLogInclusion(item, facts), checkLogCheckpoint(item, facts)]),
    checkLogKey(proof, facts, input.trustedKeys ?? []),
  ];
  const asks = { askBlock: askBlocksOf(input.blockSources ?? []), askEvmBlock: askEvmBlocksOf(input.evmSources ?? []) };
  const [found, named] = await Promise.all([
    checkAnchors(proof, { ...asks, checkTimeStamp: checkTimeStampsUnder(input.timestampRoots ?? [], input.now) }),
    checkBeacon(facts.entry.beacon, asks),
  ]);
  const counted = <Bound extends { test: boolean }>(one: { check: Check; bound?: Bound }) =>
    input.publicOnly === true && one.bound?.test === true ? { check: withoutTest(one.check) } : one;
  const anchors = found.map((anchor): AnchorCheck => counted(anchor));
  const bounds = anchors.flatMap(({ bound }) => (bound === undefined ? [] : [bound]));
  const earliest = bestBound(bounds);
  const beacon = besides(earliest, counted(named));
  checks.push(...anchors.map(({ check }) => check), beacon.check, checkValidity(proof.statement, input.now));
  const { agency, profile, receivedAt, reference, validFrom, validUntil } = proof.statement;
  const { origin, number, sealedAt } = facts.entry;
  const verification: Verification = {
    verdict: verdictOf(checks),
    checks,
    record: {
      id: proof.id,
      agency,
      profile,
      receivedAt,
      ...(reference === undefined ? {} : { reference }),
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
      log: origin,
      batch: number,
      sealedAt,
      ...(facts.entry.beacon === null ? {} : { beacon: facts.entry.beacon }),
    },
  };
  if (verification.verdict === 'mismatch') return verification;
  if (earliest !== undefined) verification.existedBefore = earliest;
  if (beacon.bound !== undefined) verification.existedAfter = beacon.bound;
  return verification;
}

/** A check that a place for tests passed, as one that was not made. */
function withoutTest(check: Check): Check {
  const message = `Not counted, since chains for tests were not to be: ${check.message}`;
  return { ...check, status: 'unavailable', message, data: { ...check.data, reason: 'test-place' } };
}

/** The beacon's check, which says so when its time comes after the one by which an anchor shows the record to have existed. */
function besides(before: AnchorBound | undefined, beacon: BeaconCheck): BeaconCheck {
  const { bound, check } = beacon;
  if (before === undefined || bound === undefined || bound.time <= before.time) return beacon;
  const message = `${check.message} Attention: that is later than ${before.time}, by which ${before.place} shows it to have existed. The two clocks contradict each other, so at least one is wrong; Bitcoin's may be two hours off.`;
  return { bound, check: { ...check, message, data: { ...check.data, contradicts: before.time } } };
}

function readProof(given: unknown): Proof | { check: Check } {
  try {
    return parseProof(given instanceof Uint8Array ? decodeText(given) : given);
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    const message = `This is not a proof that can be read: ${error.message}.`;
    return { check: { code: 'format', status: 'failed', message, data: { reason: error.code } } };
  }
}

/** UTF-8 bytes as text. A byte order mark stays in the text, where the parser refuses it. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ProofError('bad-json', 'Reading a proof: expected UTF-8, got other bytes', { cause });
  }
}
