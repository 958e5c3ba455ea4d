import type { FeedPlace } from '#database/feed-event.repository.js';

/** What an agency is told of, by type. Times are RFC 3339. */
export interface EventData {
  /** A batch that holds entries of the agency is in the log. */
  'batch.sealed': {
    batch: number;
    /** Entries of the agency in it: records, changes of status, reliances. */
    entries: number;
    sealedAt: string;
  };
  /** An anchor has confirmed a checkpoint; until it is final, a reorganisation of its chain may undo that. */
  'batch.anchored': Anchoring;
  /** What an anchor has confirmed is final by its rule. */
  'batch.final': Anchoring;
  /** An anchor has not confirmed for too long what holds entries of the agency. */
  'anchor.overdue': {
    anchor: string;
    overdueSince: string;
    /** The first batch with entries of the agency that waits for it. */
    firstBatch: number;
  };
  /** The status of records of the agency has changed, and the change is in the log. */
  'record.status_changed': Change & {
    /** Id of the record; a change has this or `range`. */
    record?: string;
    /** Ordinals of the records. */
    range?: { first: number; count: number };
    status: string;
    effectiveAt: string;
    receivedAt: string;
    reason?: string;
    /** Id of the record that takes its place. */
    by?: string;
  };
  /** The status of records on which the agency relies has changed, and the change is in the log. */
  'relied_record.status_changed': Change & {
    /** Ids of those records. */
    records: string[];
    /** Where the profile makes the status public; otherwise the agency that lodged the record knows it. */
    status?: string;
    effectiveAt?: string;
  };
  /** An API key of the agency ceases to work within two weeks. */
  'key.expiring': {
    /** Prefix of the key. */
    key: string;
    label: string;
    expiresAt: string;
  };
  /** Nothing is sent to a webhook endpoint of the agency any more: nothing has reached it for three days, or it said that it is gone. */
  'endpoint.disabled': {
    /** Its id. */
    endpoint: string;
    url: string;
    why: 'failed' | 'gone';
    failingSince: string;
  };
  /** A webhook endpoint was asked to be tried; sent to it alone. */
  'endpoint.test': { endpoint: string };
}

/** What an anchoring covers: whatever the agency has in the batches from `firstBatch` to `lastBatch`. */
interface Anchoring {
  anchor: string;
  /** Size of the log at the checkpoint. */
  checkpointSize: number;
  firstBatch: number;
  lastBatch: number;
  /** Entries of the agency in them. */
  entries: number;
}

/** Where the log has a change of status. */
interface Change {
  /** The agency that has changed it, its domain. */
  agency: string;
  /** Ordinal of the entry. */
  ordinal: number;
  batch: number;
}

export type EventType = keyof EventData;

/** Every type of event. */
export const EVENT_TYPES = [
  'batch.sealed',
  'batch.anchored',
  'batch.final',
  'anchor.overdue',
  'record.status_changed',
  'relied_record.status_changed',
  'key.expiring',
  'endpoint.disabled',
  'endpoint.test',
] as const satisfies readonly EventType[];

/** Form of an event's id: `evt_`, its number, `_`, its tag. Unique for ever, and without a dot, which Standard Webhooks signs as a separator. */
export const EVENT_ID_PATTERN = /^evt_([1-9]\d{0,18})_([0-9a-f]{12})$/;

/** Largest number of an event: the column's. */
const MAX_NUMBER = 2n ** 63n - 1n;

/** The id of the event at this place, which is also the cursor of whoever has read it. */
export function formatEventId({ number, tag }: FeedPlace): string {
  return `evt_${number}_${tag}`;
}

/** The place of the event with this id; null when no event has such an id. */
export function parseEventId(id: string): FeedPlace | null {
  const match = EVENT_ID_PATTERN.exec(id);
  return match === null || BigInt(match[1]!) > MAX_NUMBER ? null : { number: match[1]!, tag: match[2]! };
}
