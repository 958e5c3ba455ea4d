import { type AgencySignature, checkAgencySignature } from '#statement/agency-signature.js';
import { memberPointer, type Problem, describe } from '#statement/error.js';
import { personalNumberProblem } from '#statement/personal-number.js';
import { isRecordId } from '#statement/record-id.js';
import { CHANGED_STATUSES, type ChangedStatus, isChangedStatus } from '#statement/status-change.js';
import { CODE_PATTERN } from '#statement/status-statement.js';
import { formatTime, normalizeTime } from '#statement/time.js';

/** What an agency asks for: that records become something. */
export interface StatusRequest {
  to: ChangedStatus;
  reason?: string;
  /** Id of the successor; with `superseded` alone, and there always. */
  by?: string;
  /** UTC, milliseconds, `Z`; when the request is accepted unless it is said. */
  effectiveAt?: string;
  /** What the agency names this request by, so that it can repeat it. */
  requestId?: string;
  /** Over what the agency says: of one record or range as it stands in the statement, of several as a group without places. */
  agencySignature?: AgencySignature;
}

/** Longest name of a request, in characters. */
export const REQUEST_ID_MAX_CHARACTERS = 64;
const REQUEST_ID = /^[!-~]{1,64}$/;
/** Unknown members that are named one by one: a sender with more of them has sent something else. */
const MAX_UNKNOWN_NAMED = 16;
const MEMBERS: ReadonlySet<string> = new Set(['to', 'reason', 'by', 'effectiveAt', 'requestId', 'agencySignature']);

/** Checks a request to change a status; `others` are members of the body that are not this function's. Lists every fault at once. */
export function parseStatusRequest(
  body: Readonly<Record<string, unknown>>,
  nowMs: number,
  others: readonly string[] = [],
): { ok: StatusRequest } | { errors: Problem[] } {
  const errors: Problem[] = [];
  const fault = (name: string, expected: string) =>
    errors.push({ pointer: memberPointer('', name), detail: `expected ${expected}, got ${describe(body[name])}` });
  for (const name of Object.keys(body)) {
    if (MEMBERS.has(name) || others.includes(name)) continue;
    if (errors.length < MAX_UNKNOWN_NAMED) fault(name, 'no such member');
  }
  const { to, reason, by, effectiveAt, requestId, agencySignature } = body;
  const request: StatusRequest = { to: to as ChangedStatus };
  if (!isChangedStatus(to)) fault('to', `one of ${Object.keys(CHANGED_STATUSES).join(', ')}`);
  if (reason !== undefined) {
    const problem = codeProblem(reason);
    if (problem === null) request.reason = reason as string;
    else errors.push({ pointer: '/reason', detail: problem });
  }
  if ((to === 'superseded') !== (by !== undefined))
    fault('by', 'the successor with "superseded" and with nothing else');
  else if (by !== undefined) {
    if (isRecordId(by)) request.by = by;
    else fault('by', 'a record id');
  }
  if (effectiveAt !== undefined) {
    const time = typeof effectiveAt === 'string' ? normalizeTime(effectiveAt) : null;
    if (time === null || time < '1970' || time > formatTime(nowMs))
      fault('effectiveAt', 'an RFC 3339 time from 1970 until now');
    else request.effectiveAt = time;
  }
  if (requestId !== undefined) {
    if (typeof requestId === 'string' && REQUEST_ID.test(requestId)) request.requestId = requestId;
    else fault('requestId', `1 to ${REQUEST_ID_MAX_CHARACTERS} printable ASCII characters`);
  }
  if (agencySignature !== undefined) {
    checkAgencySignature(agencySignature, '/agencySignature', errors);
    // What the service adds the agency cannot have signed.
    if (effectiveAt === undefined) fault('effectiveAt', 'the time that is signed, with agencySignature');
    request.agencySignature = agencySignature as AgencySignature;
  }
  return errors.length === 0 ? { ok: request } : { errors };
}

/** What is wrong with a code of an agency's own, as a sentence, or null. */
export function codeProblem(value: unknown): string | null {
  if (typeof value !== 'string' || !CODE_PATTERN.test(value))
    return `expected a code of 1 to 64 characters a-z, 0-9 and -, got ${describe(value)}`;
  return personalNumberProblem(value);
}
