import { SdkError } from './error.js';
import type { Transport } from './transport.js';

/** What an agency is told of, by type. Times are RFC 3339. What each means: libs/events, to which a test holds this list. */
export interface EventData {
  'batch.sealed': { batch: number; entries: number; sealedAt: string };
  'batch.anchored': Anchoring;
  'batch.final': Anchoring;
  'anchor.overdue': { anchor: string; overdueSince: string; firstBatch: number };
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
  'relied_record.status_changed': Change & { records: string[]; status?: string; effectiveAt?: string };
  'key.expiring': { key: string; label: string; expiresAt: string };
  'endpoint.disabled': { endpoint: string; url: string; why: 'failed' | 'gone'; failingSince: string };
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

/** Something that happened; later services may have other types, of which `data` is what they say. */
export type FeedEvent = {
  [Type in keyof EventData]: { id: string; type: Type; timestamp: string; data: EventData[Type] };
}[keyof EventData];

/** How to read the feed. */
export interface FeedOptions {
  /** Id of the event that was read last, which is the cursor; from the oldest that is kept unless given. */
  after?: string | undefined;
  /** Goes on waiting for what happens next, for ever; otherwise it ends with the newest event. */
  follow?: boolean | undefined;
  /** Time between two questions while nothing happens, in milliseconds; 5,000 unless given. */
  pollMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Events in one answer. */
const PAGE_EVENTS = 1000;

/** The agency's events, oldest first, each once. Whoever keeps the id of the last one and goes on `after` it misses nothing.
 * @throws SdkError; ProblemError `cursor-gone` when what came after is not kept any more */
export async function* readFeed(
  transport: Transport,
  { after, follow = false, pollMs = 5000, signal }: FeedOptions = {},
): AsyncGenerator<FeedEvent> {
  for (let cursor = after; ;) {
    const answer = await transport.send('/v1/events', { query: { after: cursor, limit: PAGE_EVENTS }, signal });
    const page = transport.value('/v1/events', answer) as { events?: FeedEvent[]; cursor?: string | null } | undefined;
    if (!Array.isArray(page?.events))
      throw new SdkError('bad-answer', `GET ${transport.url}/v1/events: expected a page of events, got something else`);
    yield* page.events;
    cursor = page.cursor ?? cursor;
    if (/;\s*rel="?next"?/.test(answer.headers.get('link') ?? '')) continue;
    if (!follow) return;
    await transport.platform.sleep(pollMs, signal);
    signal?.throwIfAborted();
  }
}
