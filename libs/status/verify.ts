import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { StatusError } from './error.js';
import { applyEvent, eventProblem, type StatusEvent } from './event.js';
import { emptyLeaf, LEAF_ORDINALS, parseStatusLeaf, type StatusLeaf } from './leaf.js';
import { statusLeafCount } from './node.js';
import { type StatusState, UNTOUCHED } from './state.js';

/** What a status leaf with its path claims about one record. */
export interface StatusClaim {
  /** The record's: entries in all batches before its own, and its index in that. */
  ordinal: number;
  /** Entries in all batches up to the one that names the root: its `first` and its `size`. */
  records: number;
  leaf: Uint8Array;
  /** 32 bytes each, the leaf's sibling first. */
  path: readonly Uint8Array[];
  /** Status root, 32 bytes. */
  root: Uint8Array;
}

/**
 * Whether such a claim holds, and what it says then. Why it does not: `bad-ordinal` the log had no such record; `bad-leaf` the leaf is
 * malformed, speaks of records past the end, or of events that are not between record and end; `bad-path` the path does not lead to the root.
 */
export type StatusAnswer =
  | { holds: true; state: StatusState; lastEvent: number | null }
  | { holds: false; reason: 'bad-ordinal' | 'bad-leaf' | 'bad-path'; detail: string };

/** Checks the leaf of one record against a status root. Never throws for what it is given. */
export function verifyStatus({ ordinal, records, leaf: bytes, path, root }: StatusClaim): StatusAnswer {
  const refuse = (reason: 'bad-ordinal' | 'bad-leaf' | 'bad-path', detail: string): StatusAnswer => ({
    holds: false,
    reason,
    detail,
  });
  // Nibbles past the end are 0 like untouched ones: only this tells a record that is not there from one without events.
  if (!Number.isSafeInteger(records) || !Number.isSafeInteger(ordinal) || ordinal < 0 || ordinal >= records) {
    return refuse('bad-ordinal', `expected an ordinal below ${records}, got ${ordinal}`);
  }
  const index = Math.floor(ordinal / LEAF_ORDINALS);
  let leaf: StatusLeaf;
  try {
    leaf = parseStatusLeaf(bytes);
  } catch (error) {
    if (error instanceof StatusError) return refuse('bad-leaf', error.message);
    throw error;
  }
  for (let k = 0; k < LEAF_ORDINALS; k++) {
    if (leaf.states[k] === UNTOUCHED) continue;
    const about = index * LEAF_ORDINALS + k;
    const event = leaf.lastEvents[k]!;
    if (about >= records) return refuse('bad-leaf', `expected nothing about ${about}, past the end at ${records}`);
    if (event <= about || event >= records) {
      return refuse('bad-leaf', `expected the event about ${about} between it and ${records}, got ${event}`);
    }
  }
  if (!verifyInclusion({ leaf: leafHash(bytes), index, size: statusLeafCount(records), path, root })) {
    return refuse('bad-path', `expected a path from leaf ${index} to the status root, got one that leads elsewhere`);
  }
  const k = ordinal % LEAF_ORDINALS;
  const state = leaf.states[k] as StatusState;
  return { holds: true, state, lastEvent: state === UNTOUCHED ? null : leaf.lastEvents[k]! };
}

/**
 * What is wrong with a record's history, as a sentence, or null when it is complete: `events` are all about it, newest first, and lead from
 * untouched to `state` by the event `lastEvent`. That each event stands in the log at its ordinal is not checked here.
 */
export function historyProblem(
  ordinal: number,
  { state, lastEvent }: { state: StatusState; lastEvent: number | null },
  events: readonly StatusEvent[],
): string | null {
  const leaf = emptyLeaf();
  let last = -1;
  for (const event of events.toReversed()) {
    if (ordinal < event.first || ordinal >= event.first + event.count) {
      return `event ${event.ordinal}: expected one about ${ordinal}, got one about ${event.first} and ${event.count - 1} more`;
    }
    // Whatever the event is about was in the log before it, so its own ordinal bounds them.
    const problem = eventProblem(event, event.ordinal);
    if (problem !== null) return `event ${event.ordinal}: ${problem}`;
    if (event.ordinal <= last) return `event ${event.ordinal}: expected one after event ${last}`;
    last = event.ordinal;
    try {
      applyEvent(leaf, 0, ordinal, event);
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  }
  const reached = leaf.states[0];
  if (reached !== state) return `expected events that lead to state ${state}, got ${reached}`;
  if (state !== UNTOUCHED && last !== lastEvent) return `expected event ${lastEvent} as the latest, got ${last}`;
  return null;
}
