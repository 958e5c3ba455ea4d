import type { AgencySignature } from '#statement/agency-signature.js';
import { canonicalize } from '#statement/jcs.js';
import { type Problem, readProblem } from './problem.js';
import type { CheckedReceipt } from './promise.js';
import { type AcceptedRecord, readAccepted, type RecordRequest, saysWhatWasAsked, wrong } from './record.js';

/** What became of one record of several. */
export type ItemOutcome =
  | { outcome: 'accepted'; record: AcceptedRecord }
  /** The reference stands for this record, which has the same digests and other terms. */
  | { outcome: 'other-terms'; record: AcceptedRecord }
  | { outcome: 'rejected'; problem: Problem };

/** What became of one record. */
export interface Submitted extends CheckedReceipt {
  record: AcceptedRecord;
  /** The JSON value of its proof, where it was waited for and came in time: not verified. */
  proof?: unknown;
}

/** What became of several. */
export interface SubmittedMany {
  /** In the order of what was submitted. */
  items: ItemOutcome[];
  /** Over the records in `items`, in their order; undefined where all were rejected. */
  promise: CheckedReceipt | undefined;
}

/** Reads what an answer says of one record. @throws SdkError `does-not-hold` */
export function readOutcome(item: unknown, asked: RecordRequest): ItemOutcome {
  const { outcome, problem } = (item ?? {}) as { outcome?: unknown; problem?: unknown };
  if (outcome === 'rejected') {
    const read = readProblem(problem);
    if (read === undefined) throw wrong('expected a problem with what was rejected, got none');
    return { outcome, problem: read };
  }
  if (outcome !== 'accepted') throw wrong('expected accepted or rejected, got neither');
  const record = readAccepted(item);
  const { agencySignature } = asked;
  // Of a record that it had before it may have another one, or none.
  if (
    agencySignature !== undefined &&
    record.repeated !== true &&
    !isSame(record.statement.agencySignature, agencySignature)
  )
    throw wrong('expected the signature that was submitted in the statement, got another or none');
  if (saysWhatWasAsked(record.statement, asked)) return { outcome, record };
  if (record.repeated === true) return { outcome: 'other-terms', record };
  throw wrong('expected a statement of what was submitted, got another one');
}

function isSame(signature: AgencySignature | undefined, asked: AgencySignature): boolean {
  return signature !== undefined && canonicalize({ ...signature }) === canonicalize({ ...asked });
}

/** The records that an answer's receipt covers. */
export function coveredRecords(items: readonly ItemOutcome[]): AcceptedRecord[] {
  return items.flatMap((item) => ('record' in item ? [item.record] : []));
}
