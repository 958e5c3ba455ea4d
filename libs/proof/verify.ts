import { asking, type Sources } from '#source/ask.js';
import type { RecordStatement } from '#statement/statement.js';
import { formatTime } from '#statement/time.js';
import { checkAgency, checkEvents } from './agency-checks.js';
import { checkAnchors, counted } from './anchor-checks.js';
import { checkBeacon } from './beacon-check.js';
import { checkCompanion, type Companion } from './companion-check.js';
import { checkDocument, type DocumentDigests, type SealedPart } from './document-check.js';
import type { CarriedFinding, Finding } from './finding.js';
import { readGivenProof } from './given-proof.js';
import type { ReadProof } from './proof.js';
import {
  checkBatchCheckpoint,
  checkBatchInclusion,
  checkLogCheckpoint,
  checkLogInclusion,
  checkLogKey,
  checkRecordId,
} from './structure-checks.js';
import { checkStatus } from './status-checks.js';
import type { StatusAgeFinding } from './status-finding.js';
import { checkTimes } from './times-check.js';
import { checkValidity } from './validity-check.js';
import { conclude } from './verdict.js';
import type { Verification, VerifiedRecord } from './verification.js';

/** What a verification needs. */
export interface VerifyInput {
  /** The proof: its text (preferred: repeated JSON members show only there), its UTF-8 bytes, or a parsed value. */
  proof: unknown;
  /** Plain (not blinded) digests of the document; none to verify the proof alone. */
  digests?: DocumentDigests | undefined;
  /** Digests of what the document would be with other line endings: where one fits, the finding says so. */
  twins?: readonly DocumentDigests[] | undefined;
  /** The document inside a file that holds its own proof. */
  sealed?: SealedPart | undefined;
  /** Further files that were handed in with the proof. */
  companions?: readonly Companion[] | undefined;
  /** Verifier keys of the logs that the caller trusts; none to leave the signer unchecked, `unreachable` when they could not be fetched. */
  trustedKeys?: readonly string[] | 'unreachable' | undefined;
  /** Where blocks of chains come from; none to leave what attests by blocks unchecked. */
  sources?: Sources | undefined;
  /** Root certificates (DER) of time-stamp authorities that the caller trusts, and others that lead to them; none to accept no time-stamp, but
   * to learn its root; `unreachable` when they could not be fetched. */
  timestampRoots?: readonly Uint8Array[] | 'unreachable' | undefined;
  /** Count no chain that is for tests, whatever it shows. */
  publicOnly?: boolean | undefined;
  /** Verifier keys of witnesses that the caller trusts to say when they saw a checkpoint. */
  witnessKeys?: readonly string[] | undefined;
  /** How old the record's status may be, in milliseconds; what its profile says unless given. */
  maxStatusAgeMs?: number | undefined;
  /** The time as of which the record's standing is asked; the present unless given. */
  at?: Date | undefined;
  now: Date;
}

/**
 * Verifies a proof, offline but for what the sources do. Every check is made, whatever became of the others; a negative
 * answer is a result, not an exception.
 *
 * @throws ProofError `bad-digest`, `bad-key` or `bad-root` when the caller's own digests, trusted or witnesses' keys or trusted roots are malformed.
 */
export async function verifyProof(input: VerifyInput): Promise<Verification> {
  const read = readGivenProof(input.proof);
  const { digests = {}, now, publicOnly = false, timestampRoots = [] } = input;
  if (!('proof' in read)) return conclude([read], now);
  const { proof, entry, status } = read;
  const checkpoints = [...read.checkpoints, ...(status === undefined ? [] : [status.checkpoint])];
  const ask = asking(input.sources ?? { bitcoin: [], evm: [] });

  const structure: Finding[] = [
    { check: 'format', outcome: 'passed', format: proof.format },
    checkDocument(proof, digests, input.twins, input.sealed),
    checkRecordId(read),
    checkBatchInclusion(read),
    checkBatchCheckpoint(read),
    ...checkpoints.flatMap((item) => [checkLogInclusion(item, read), checkLogCheckpoint(item, read)]),
    checkLogKey(read, input.trustedKeys ?? []),
    ...checkAgency(read),
  ];
  const [anchors, beacon, statusFindings, companions] = await Promise.all([
    checkAnchors(checkpoints, { ask, timestampRoots, now }),
    checkBeacon(entry.beacon, ask),
    checkStatus(read, { ...input, ask }),
    Promise.all((input.companions ?? []).map((companion) => checkCompanion(companion, proof, digests, ask))),
  ]);
  const attested = [...anchors, ...companions.flatMap(([, ...further]) => further)].map((one) =>
    counted(one, publicOnly),
  );
  const named = counted(beacon, publicOnly);
  const times = {
    record: { receivedAt: proof.statement.receivedAt, sealedAt: entry.sealedAt },
    statusAsOf: statusFindings.find((finding): finding is StatusAgeFinding => finding.check === 'status-age')?.asOf,
    now,
  };
  const findings = [
    ...structure,
    ...companions.map(([companion]) => companion),
    ...attested,
    named,
    ...statusFindings,
    ...checkEvents(read),
    checkTimes({ ...times, anchors: attested, beacon: named }),
    checkValidity(proof.statement, { asked: input.at, now }),
    ...carried(proof.statement),
  ];
  const verification = conclude(findings, input.at ?? now);
  const askedAt = input.at === undefined ? {} : { askedAt: formatTime(input.at.getTime()) };
  return { ...verification, ...askedAt, record: recordOf(read) };
}

/** Says which members of a statement nothing here checks; nothing when it has none of them. */
function carried(statement: RecordStatement): CarriedFinding[] {
  const members = (['supersedes', 'provenance'] as const).filter((name) => statement[name] !== undefined);
  return members.length === 0 ? [] : [{ check: 'carried', outcome: 'not-applicable', members }];
}

function recordOf({ entry, proof: { id, statement } }: ReadProof): VerifiedRecord {
  const { agency, claims, profile, receivedAt, reference, validFrom, validUntil } = statement;
  const { beacon, number, origin, sealedAt } = entry;
  return {
    id,
    agency,
    profile,
    receivedAt,
    ...(reference === undefined ? {} : { reference }),
    ...(claims === undefined ? {} : { claims }),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
    log: origin,
    batch: number,
    sealedAt,
    ...(beacon === null ? {} : { beacon }),
  };
}
