import type { LatestEvent, StatusSubject } from '#database/status.repository.js';
import { STATUS_MAX_EVENTS } from '#status/event.js';
import { findProfile } from '#statement/profile.js';
import { CHANGED_STATUSES, type ChangedStatus, statusOfState } from '#statement/status-change.js';
import type { StatusStatement } from '#statement/status-statement.js';
import { mayFollow, nextStates, type StatusState } from '#status/state.js';
import type { IntakeAgency } from './intake-agency.js';
import type { StatusRequest } from './status-request.js';

/** How a record stands, and since when. */
export interface Standing {
  status: ChangedStatus;
  /** Since when it is in effect. */
  effectiveAt: string;
  /** When the service was told. */
  receivedAt: string;
  /** Who said so: the agency that lodged the record, or another. */
  by: 'lodger' | 'other-agency';
  /** Id of the record that took its place. */
  successor?: string;
}

/**
 * Why a record's status was not changed:
 *
 * - `record-not-found`: there is no such record;
 * - `not-yours`: another agency lodged it, and its profile does not let others do this;
 * - `status-not-allowed`: its profile knows no such status;
 * - `successor-not-found`: the record that shall take its place is not one of the agency's;
 * - `not-sealed`: the record, or the last event about it, is not in the log yet: worth a retry in a moment;
 * - `status-conflict`: it is in a state that this one may not follow; `standing` says which.
 */
export type StatusRefusalCode = keyof typeof STATUS_REFUSALS;

/** What an HTTP answer says of each: status and title. */
export const STATUS_REFUSALS = {
  'record-not-found': { status: 404, title: 'There is no such record' },
  'not-yours': { status: 403, title: 'The record belongs to another agency' },
  'status-not-allowed': { status: 422, title: 'Records of this profile cannot become this' },
  'successor-not-found': { status: 422, title: 'There is no such record to take its place' },
  'not-sealed': { status: 409, title: 'The record, or the last change of it, is not in the log yet' },
  'status-conflict': { status: 409, title: 'The record is in a state that does not let it' },
} as const;

/** Why, in a sentence. */
export interface StatusRefusal {
  code: StatusRefusalCode;
  detail: string;
  standing?: Standing;
}

/** What is to be done about one record. */
export type Decision =
  { do: 'lodge' } | { do: 'repeat'; latest: LatestEvent } | { do: 'refuse'; refusal: StatusRefusal };

/** How a record stands by the newest event about it. */
export function standingOf(subject: Pick<StatusSubject, 'agencyId'>, latest: LatestEvent): Standing {
  const { to, effectiveAt, receivedAt, by } = JSON.parse(latest.statement) as StatusStatement;
  return {
    status: to,
    effectiveAt,
    receivedAt,
    by: latest.agencyId === subject.agencyId ? 'lodger' : 'other-agency',
    ...(by === undefined ? {} : { successor: by }),
  };
}

function isSignedStatement({ statement }: LatestEvent): boolean {
  return (JSON.parse(statement) as StatusStatement).agencySignature !== undefined;
}

/** Whether a record was changed so often that only an end may follow: its history must fit a proof. */
export function hasNoRoom({ events }: LatestEvent, to: ChangedStatus): boolean {
  return events >= STATUS_MAX_EVENTS - 1 && nextStates(CHANGED_STATUSES[to]).length > 0;
}

/** What the rules say to a request about one record, as it stands. */
export function decide(agency: IntakeAgency, subject: StatusSubject, request: StatusRequest): Decision {
  const { to } = request;
  const refuse = (code: StatusRefusalCode, detail: string, standing?: Standing): Decision => ({
    do: 'refuse',
    refusal: { code, detail, ...(standing === undefined ? {} : { standing }) },
  });
  const profileId = (JSON.parse(subject.statement) as { profile: string }).profile;
  const profile = findProfile(profileId);
  const mine = subject.agencyId === agency.id;
  if (!mine && !(to === 'consumed' && profile?.consumers === 'every-agency')) {
    return refuse('not-yours', `Record ${subject.id} was lodged by another agency, which alone changes its status`);
  }
  if (profile === undefined || !profile.statuses.includes(to)) {
    const allowed = profile === undefined ? 'none' : profile.statuses.join(', ');
    return refuse('status-not-allowed', `Records of profile ${profileId} may become ${allowed}, not ${to}`);
  }
  const { latest } = subject;
  if (latest !== null && isRepeat(agency, latest, request)) {
    if (request.agencySignature === undefined || isSignedStatement(latest)) return { do: 'repeat', latest };
    return refuse(
      'status-conflict',
      `Record ${subject.id} became ${to} by a request without agencySignature, received at ${standingOf(subject, latest).receivedAt}: a change is logged once, and gets no signature later`,
      standingOf(subject, latest),
    );
  }
  if (subject.ordinal === null || (latest !== null && latest.ordinal === null)) {
    return refuse(
      'not-sealed',
      `${latest === null ? `Record ${subject.id}` : `The last change of record ${subject.id}`} is not in the log yet`,
      latest === null ? undefined : standingOf(subject, latest),
    );
  }
  if (latest !== null && hasNoRoom(latest, to)) {
    return refuse(
      'status-conflict',
      `Record ${subject.id} was changed ${latest.events} times, and a proof holds no more than ${STATUS_MAX_EVENTS}: only an end may follow`,
      standingOf(subject, latest),
    );
  }
  if (!mayFollow((latest?.state ?? 0) as StatusState, CHANGED_STATUSES[to])) {
    if (latest === null)
      return refuse('status-conflict', `Record ${subject.id} was never suspended, so it cannot become ${to}`);
    const standing = standingOf(subject, latest);
    return refuse(
      'status-conflict',
      `Record ${subject.id} is ${standing.status} since ${standing.effectiveAt}, as the service was told at ${standing.receivedAt} by ` +
        `${standing.by === 'lodger' ? 'the agency that lodged it' : 'another agency'}; it cannot become ${to}`,
      standing,
    );
  }
  return { do: 'lodge' };
}

/**
 * Whether a request is one that was answered before. What is consumed is consumed once, so that only the same named request counts as the
 * same there; everything else may be said twice.
 */
function isRepeat(agency: IntakeAgency, latest: LatestEvent, request: StatusRequest): boolean {
  if (latest.agencyId !== agency.id || statusOfState(latest.state) !== request.to) return false;
  if (request.requestId !== undefined || request.to === 'consumed') {
    return request.requestId !== undefined && latest.requestId === request.requestId;
  }
  const { reason, by, effectiveAt } = JSON.parse(latest.statement) as StatusStatement;
  return (
    reason === request.reason &&
    by === request.by &&
    (request.effectiveAt === undefined || effectiveAt === request.effectiveAt)
  );
}
