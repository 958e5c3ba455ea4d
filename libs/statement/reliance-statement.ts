import { type AgencySignature, checkAgencySignature } from './agency-signature.js';
import { type Problem } from './error.js';
import { canonicalize } from './jcs.js';
import { badStatement, COMMON, expects, matches, members } from './member-check.js';
import { isRecordId } from './record-id.js';
import { CODE_PATTERN } from './status-statement.js';

/** That an agency relies on a record: kind `reliance`, version 1. */
export interface RelianceStatement {
  v: 1;
  kind: 'reliance';
  /** Domain name of the agency that relies. */
  agency: string;
  /** Id of the record that it relies on. */
  record: string;
  /** What for, as a code of the agency's. */
  purpose: string;
  /** The service's clock when it accepted the statement. */
  receivedAt: string;
  /** 16 random bytes, hex. */
  nonce: string;
  agencySignature?: AgencySignature | undefined;
}

const checkMembers = members(
  {
    ...COMMON,
    kind: expects('"reliance"', (value) => value === 'reliance'),
    record: expects('a record id (lower-case UUIDv7)', isRecordId),
    purpose: expects('a code of 1 to 64 characters a-z, 0-9 and -', matches(CODE_PATTERN)),
  },
  { agencySignature: checkAgencySignature },
);

/** Checks that `value` is a version 1 reliance statement. Throws StatementError `bad-statement`, with every fault in `problems`. */
export function parseRelianceStatement(value: unknown): RelianceStatement {
  const problems: Problem[] = [];
  checkMembers(value, '', problems);
  if (problems.length > 0) throw badStatement(problems);
  return value as RelianceStatement;
}

/** The canonical JSON text (RFC 8785) of a reliance statement: what is hashed and kept. */
export function formatRelianceStatement(statement: RelianceStatement): string {
  return canonicalize(Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined)));
}
