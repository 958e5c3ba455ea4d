import { type AgencySignature, checkAgencySignature } from './agency-signature.js';
import { describe, type Problem } from './error.js';
import { canonicalize } from './jcs.js';
import { badStatement, COMMON, expects, matches, members, time1970 } from './member-check.js';
import { isRecordId } from './record-id.js';
import { type ChangedStatus, CHANGED_STATUSES, isChangedStatus } from './status-change.js';
import type { StatusEntry } from './status-entry.js';
import { parseTime } from './time.js';

/** That the status of a record, or of a range of them, has changed: kind `status`, version 1. */
export interface StatusStatement {
  v: 1;
  kind: 'status';
  /** The agency's domain name: the one that lodged the record, or, where the profile lets others consume it, the one that did. */
  agency: string;
  /** Id of the record; a statement has this or `range`. */
  record?: string | undefined;
  /** Ordinals that were all untouched. */
  range?: { first: number; count: number } | undefined;
  to: ChangedStatus;
  /** Why, as a code of the agency's. */
  reason?: string | undefined;
  /** Id of the record that takes the place of a superseded one. */
  by?: string | undefined;
  /** When the change took effect; not after `receivedAt`. */
  effectiveAt: string;
  /** The service's clock when it accepted the statement. */
  receivedAt: string;
  /** 16 random bytes, hex. */
  nonce: string;
  agencySignature?: AgencySignature | undefined;
}

/** Form of a code for a reason or a purpose. */
export const CODE_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

const id = expects('a record id (lower-case UUIDv7)', isRecordId);
const ordinal = (least: number, most: number) => (value: unknown) =>
  Number.isSafeInteger(value) && !Object.is(value, -0) && (value as number) >= least && (value as number) <= most;

const checkMembers = members(
  {
    ...COMMON,
    kind: expects('"status"', (value) => value === 'status'),
    to: expects(`one of ${Object.keys(CHANGED_STATUSES).join(', ')}`, isChangedStatus),
    effectiveAt: time1970,
  },
  {
    record: id,
    range: members(
      {
        first: expects('an ordinal below 2^53', ordinal(0, Number.MAX_SAFE_INTEGER)),
        count: expects('a number from 1 to 2^32 - 1', ordinal(1, 2 ** 32 - 1)),
      },
      {},
    ),
    reason: expects('a code of 1 to 64 characters a-z, 0-9 and -', matches(CODE_PATTERN)),
    by: id,
    agencySignature: checkAgencySignature,
  },
);

/** Checks that `value` is a version 1 status statement. Throws StatementError `bad-statement`, with every fault in `problems`. */
export function parseStatusStatement(value: unknown): StatusStatement {
  const problems: Problem[] = [];
  checkMembers(value, '', problems);
  if (problems.length > 0) throw badStatement(problems);
  const statement = value as StatusStatement;
  if ((statement.record === undefined) === (statement.range === undefined)) {
    problems.push({ pointer: '', detail: 'expected either "record" or "range", got both or none' });
  }
  if ((statement.to === 'superseded') !== (statement.by !== undefined)) {
    problems.push({
      pointer: '/by',
      detail: `expected a successor with "superseded" and with nothing else, got ${describe(statement.by)}`,
    });
  }
  if (statement.by !== undefined && statement.by === statement.record) {
    problems.push({ pointer: '/by', detail: 'expected another record than the superseded one' });
  }
  // Both are in the one form whose text order is the order in time.
  if (statement.effectiveAt > statement.receivedAt) {
    const detail = `expected a time not after receivedAt ${statement.receivedAt}, got ${statement.effectiveAt}`;
    problems.push({ pointer: '/effectiveAt', detail });
  }
  if (problems.length > 0) throw badStatement(problems);
  return statement;
}

/** The canonical JSON text (RFC 8785) of a status statement: what is hashed and kept. */
export function formatStatusStatement(statement: StatusStatement): string {
  return canonicalize(Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined)));
}

/**
 * What keeps a status statement from being the one of an entry, beside its hash, as a sentence; null when nothing does.
 * A statement about one record names it by id: that the entry's ordinal is that record's is shown by the record's own place in the log.
 */
export function statusEntryProblem(statement: StatusStatement, entry: StatusEntry): string | null {
  const { range, to, effectiveAt } = statement;
  if (CHANGED_STATUSES[to] !== entry.state)
    return `expected state ${CHANGED_STATUSES[to]} for ${to}, got ${entry.state}`;
  if (parseTime(effectiveAt) !== entry.effectiveAtMs) return `expected ${effectiveAt}, got ${entry.effectiveAtMs} ms`;
  const { first, count } = range ?? { first: entry.first, count: 1 };
  if (first !== entry.first || count !== entry.count) {
    return `expected ${count} records from ${first}, got ${entry.count} from ${entry.first}`;
  }
  return null;
}
