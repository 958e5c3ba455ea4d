import { bytesToHex } from '@noble/hashes/utils.js';
import { leafHash, type Sha256 } from '#merkle/hash.js';
import { isRecordId } from '#statement/record-id.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import { parseTime } from '#statement/time.js';
import type { EventState } from '#status/state.js';
import type { EventStore } from './event-store.js';
import type { OwnFinding } from './finding.js';
import type { ReplayState } from './replay.js';

/** How long after the promised time an event is missed, in milliseconds: clocks may be off by as much. */
const PATIENCE_MS = 5 * 60 * 1000;

/** A record that is watched. */
export interface WatchedRecord {
  /** What its owner calls it: its id, or its ordinal. */
  record: string;
  ordinal: number;
}

/** An event that the owner of the records sent. */
export interface SentEvent {
  /** Hash of its statement, or of its leaf, hex: either names it. */
  hash: string;
  /** What it was to make of the records; null where that is not known here. */
  state: EventState | null;
  /** Id of the record that it is about; null for a range, and where that is not known here. */
  record: string | null;
  /** By when it is promised to be in the log; null when nobody promised. */
  includeBy: string | null;
}

/**
 * What the log says about records that their owner did not, and what it does not say although it was promised: about every event in the replayed
 * log, each time anew. The replay must keep its events.
 */
export function* watch(
  { events, status }: ReplayState,
  watched: Iterable<WatchedRecord>,
  sent: readonly SentEvent[],
  now: Date,
  sha256?: Sha256,
): Generator<OwnFinding> {
  if (events === null) return;
  const known = new Map(sent.map((event) => [event.hash, event]));
  for (const { ordinal, record } of watched) {
    for (let next = status.standing(ordinal).lastEvent; next !== null;) {
      const entry = events.find(next);
      if (entry === null) break;
      const { effectiveAtMs, previous, state } = parseStatusEntry(entry);
      const [leaf, statement] = hashesOf(entry, sha256);
      const event = known.get(statement) ?? known.get(leaf);
      if (event === undefined || !isAbout(event, record, state))
        yield { check: 'unsent-event', record, ordinal, event: next, state, effectiveAtMs, leafHash: leaf };
      next = previous;
    }
  }
  const logged = loggedHashes(events, known, sha256);
  for (const { hash, includeBy, record } of sent) {
    if (includeBy === null || logged.has(hash) || parseTime(includeBy) + PATIENCE_MS > now.getTime()) continue;
    yield { check: 'missing-event', record, hash, includeBy };
  }
}

/** Whether the event in the log is what its sender asked for: the same status, of the same record. */
function isAbout(event: SentEvent, record: string, state: EventState): boolean {
  if (event.state !== null && event.state !== state) return false;
  // A record that is called by its ordinal has no id to compare.
  return event.record === null || event.record === record || !isRecordId(record);
}

/** Which of the wanted hashes are those of events in the log. */
function loggedHashes(events: EventStore, wanted: ReadonlyMap<string, unknown>, sha256?: Sha256): Set<string> {
  const found = new Set<string>();
  if (wanted.size === 0) return found;
  for (let i = 0; i < events.ordinals.length; i++)
    for (const hash of hashesOf(events.entryAt(i), sha256)) if (wanted.has(hash)) found.add(hash);
  return found;
}

/** Hashes of the leaf and of the statement of an event, hex. */
function hashesOf(entry: Uint8Array, sha256?: Sha256): [string, string] {
  return [bytesToHex(leafHash(entry, sha256)), bytesToHex(parseStatusEntry(entry).statementHash)];
}
