/** What a status statement may bring a record to, and the nibble that the status vector has for it (libs/status). */
export const CHANGED_STATUSES = {
  revoked: 1,
  suspended: 2,
  superseded: 3,
  consumed: 12,
  active: 13,
} as const;

/** A status that a statement may bring a record to; `active` is the end of a suspension. */
export type ChangedStatus = keyof typeof CHANGED_STATUSES;

/** A nibble that belongs to one of {@link CHANGED_STATUSES}. */
export type ChangedState = (typeof CHANGED_STATUSES)[ChangedStatus];

/** Whether `value` names a status that a statement may bring a record to. */
export function isChangedStatus(value: unknown): value is ChangedStatus {
  return typeof value === 'string' && Object.hasOwn(CHANGED_STATUSES, value);
}

/** The name of a nibble, or undefined when no statement leads to it. */
export function statusOfState(state: number): ChangedStatus | undefined {
  return (Object.keys(CHANGED_STATUSES) as ChangedStatus[]).find((name) => CHANGED_STATUSES[name] === state);
}
