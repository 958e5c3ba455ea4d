import { StatusError } from './error.js';

/** What has become of a record, as a nibble of the status vector. */
export type StatusState = 0 | 1 | 2 | 3 | 12 | 13;

/** A state that an event leads to: no event leads to 0, which says that nothing was ever logged about the record. */
export type EventState = Exclude<StatusState, 0>;

/** Nothing was ever logged about the record. */
export const UNTOUCHED = 0;
/** Ended by its issuer. */
export const REVOKED = 1;
/** Not valid for the time being. */
export const SUSPENDED = 2;
/** Replaced by another record. */
export const SUPERSEDED = 3;
/** Used up. */
export const CONSUMED = 12;
/** Valid again after a suspension. */
export const REACTIVATED = 13;

/** Which states may follow which. The nibbles that are not listed are reserved. */
const FOLLOWERS: Readonly<Record<StatusState, readonly EventState[]>> = {
  [UNTOUCHED]: [REVOKED, SUSPENDED, SUPERSEDED, CONSUMED],
  [REVOKED]: [],
  [SUSPENDED]: [REVOKED, SUPERSEDED, REACTIVATED],
  [SUPERSEDED]: [],
  [CONSUMED]: [],
  [REACTIVATED]: [REVOKED, SUSPENDED, SUPERSEDED, CONSUMED],
};

/** Whether a nibble is one of the states and not a reserved one. */
export function isStatusState(nibble: number): nibble is StatusState {
  return FOLLOWERS[nibble as StatusState] !== undefined;
}

/** Whether a nibble is a state that an event may lead to. */
export function isEventState(nibble: number): nibble is EventState {
  return nibble !== UNTOUCHED && isStatusState(nibble);
}

/** The states that may follow `state`; none when it is an end. */
export function nextStates(state: StatusState): readonly EventState[] {
  return FOLLOWERS[state];
}

/** Whether a record in state `from` may be brought into state `to`. Profiles narrow this further; nothing widens it. */
export function mayFollow(from: StatusState, to: EventState): boolean {
  return FOLLOWERS[from].includes(to);
}

/** Throws `bad-state` when a nibble is reserved. */
export function assertStatusState(nibble: number): asserts nibble is StatusState {
  if (!isStatusState(nibble)) {
    throw new StatusError('bad-state', `status: expected a nibble of 0, 1, 2, 3, 12, 13, got ${nibble}`);
  }
}
