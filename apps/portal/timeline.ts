import type { Verification } from '#proof/verification.js';
import type { TimelinePoint } from '#words/page-words.js';

/** A point in the life of a record, and what its time rests on. */
export interface TimePoint {
  name: TimelinePoint;
  /** RFC 3339. */
  time: string;
  /** `shown` from outside the log, `said` by log or agency, or the time of this check. */
  by: 'shown' | 'said' | 'now';
}

/** What is known of a record's life, in order of time. */
export function timelineOf({ record, still, when }: Verification, now: Date): TimePoint[] {
  if (record === undefined) return [];
  const status = 'status' in still ? still.status : undefined;
  const points: (TimePoint | undefined)[] = [
    when.notBefore && { name: 'not-before', time: when.notBefore.time, by: 'shown' },
    { name: 'received', time: record.receivedAt, by: 'said' },
    { name: 'sealed', time: record.sealedAt, by: 'said' },
    when.notAfter && { name: 'not-after', time: when.notAfter.time, by: 'shown' },
    record.validFrom === undefined ? undefined : { name: 'valid-from', time: record.validFrom, by: 'said' },
    'receivedAt' in still ? { name: 'changed', time: still.since, by: 'said' } : undefined,
    status && { name: 'status', time: status.asOf, by: status.word.kind === 'witness' ? 'shown' : 'said' },
    record.validUntil === undefined ? undefined : { name: 'valid-until', time: record.validUntil, by: 'said' },
    { name: 'looked-at', time: now.toISOString(), by: 'now' },
  ];
  // Sorting keeps the order above of what is at the same time.
  return points
    .filter((point) => point !== undefined)
    .sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
}
