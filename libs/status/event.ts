import { StatusError } from './error.js';
import type { StatusLeaf } from './leaf.js';
import { type EventState, isEventState, mayFollow, type StatusState, UNTOUCHED } from './state.js';

/** A change of status, as the entry of a batch. */
export interface StatusEvent {
  /** Its own ordinal: that of its entry. */
  ordinal: number;
  /** First of the ordinals that it is about. */
  first: number;
  /** How many ordinals it is about, at least 1. More than one only where none was touched before. */
  count: number;
  /** What they become. */
  state: EventState;
  /** Ordinal of the event before it about the same record; null when there was none. */
  previous: number | null;
}

/** Most events about one record, so that its history fits a proof: a suspension and its end, every week for two years. */
export const STATUS_MAX_EVENTS = 256;

/** Most ordinals that one event can be about: the entry has 32 bits for it. */
export const EVENT_MAX_COUNT = 2 ** 32 - 1;

/** What is wrong with an event in itself, wherever it stands, as a sentence, or null. `records`: entries in all batches before its own. */
export function eventProblem({ ordinal, first, count, state, previous }: StatusEvent, records: number): string | null {
  if (!Number.isSafeInteger(ordinal) || ordinal < records) return `expected an ordinal from ${records}, got ${ordinal}`;
  if (!isEventState(state)) return `expected a state of 1, 2, 3, 12, 13, got ${String(state)}`;
  if (!Number.isSafeInteger(count) || count < 1 || count > EVENT_MAX_COUNT) {
    return `expected 1 to 2^32 - 1 records, got ${count}`;
  }
  if (!Number.isSafeInteger(first) || first < 0 || first + count > records) {
    return `expected records of earlier batches, below ${records}, got ${first} and ${count - 1} more`;
  }
  if (count > 1 && previous !== null) return `expected no previous event of ${count} records, got ${previous}`;
  return null;
}

/** Brings ordinal number `k` of a leaf into the event's state. Throws `bad-event` when it is not in the state that the event says it follows. */
export function applyEvent(leaf: StatusLeaf, k: number, ordinal: number, event: StatusEvent): void {
  const state = leaf.states[k]! as StatusState;
  const last = state === UNTOUCHED ? null : leaf.lastEvents[k]!;
  const refuse = (expected: string) =>
    new StatusError(
      'bad-event',
      `Event ${event.ordinal} about ${ordinal}, which is in state ${state}${last === null ? '' : ` since event ${last}`}: ${expected}`,
    );
  if (event.previous !== last) throw refuse(`expected that as its previous event, got ${event.previous ?? 'none'}`);
  if (!mayFollow(state, event.state)) throw refuse(`expected a state that may follow, got ${event.state}`);
  leaf.states[k] = event.state;
  leaf.lastEvents[k] = event.ordinal;
}
