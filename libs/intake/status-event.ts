import { hash } from 'node:crypto';
import type { NewStatusEvent } from '#database/status-lodging.js';
import type { LatestEvent } from '#database/status.repository.js';
import { CHANGED_STATUSES } from '#statement/status-change.js';
import { formatStatusEntry } from '#statement/status-entry.js';
import { formatStatusStatement, type StatusStatement } from '#statement/status-statement.js';
import { formatTime, parseTime } from '#statement/time.js';
import type { IntakeAgency } from './intake-agency.js';
import { nextNonce } from './nonce.js';
import type { StatusRequest } from './status-request.js';

/** The event that a request makes of a record or a range, with its statement and leaf. */
export function newStatusEvent(
  agency: IntakeAgency,
  request: StatusRequest,
  receivedAtMs: number,
  about: Pick<StatusStatement, 'record' | 'range' | 'agencySignature'> &
    Pick<NewStatusEvent, 'first' | 'count' | 'previous' | 'seen'>,
): NewStatusEvent {
  const receivedAt = formatTime(receivedAtMs);
  const effectiveAt = request.effectiveAt ?? receivedAt;
  const { agencySignature, record, range, first, count, previous, seen } = about;
  const { to, reason, by } = request;
  const statement = formatStatusStatement({
    v: 1,
    kind: 'status',
    agency: agency.domain,
    record,
    range: range === undefined ? undefined : { first: range.first, count: range.count },
    to,
    reason,
    by,
    effectiveAt,
    receivedAt,
    nonce: nextNonce(),
    agencySignature,
  });
  const state = CHANGED_STATUSES[to];
  const effectiveAtMs = parseTime(effectiveAt);
  return {
    agencyId: agency.id,
    first,
    count,
    state,
    effectiveAt: new Date(effectiveAtMs),
    previous,
    seen,
    statement,
    requestId: request.requestId ?? null,
    leafHex: statusLeafHex({ first, count, state, effectiveAtMs, previous, statement }),
  };
}

/** Hash of the leaf of the newest event about the record of an ordinal, hex. */
export function storedLeafHex(ordinal: number, { previous, state, statement }: LatestEvent): string {
  const { effectiveAt, range } = JSON.parse(statement) as StatusStatement;
  const { first, count } = range ?? { first: ordinal, count: 1 };
  const effectiveAtMs = parseTime(effectiveAt);
  const event = { first, count, effectiveAtMs, previous, statement };
  return statusLeafHex({ ...event, state: state as Parameters<typeof statusLeafHex>[0]['state'] });
}

/** Hash of the leaf of a status event in its batch, hex. */
function statusLeafHex(event: {
  first: number;
  count: number;
  state: (typeof CHANGED_STATUSES)[keyof typeof CHANGED_STATUSES];
  effectiveAtMs: number;
  previous: number | null;
  statement: string;
}): string {
  const statementHash = hash('sha256', event.statement, 'buffer');
  return hash('sha256', Buffer.concat([Buffer.of(0), formatStatusEntry({ ...event, statementHash })]), 'hex');
}
