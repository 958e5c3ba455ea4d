import type { Sha256 } from '#merkle/hash.js';
import { applyEvent, eventProblem, type StatusEvent } from '#status/event.js';
import { emptyLeaf, LEAF_ORDINALS, parseStatusLeaf, type StatusLeaf } from '#status/leaf.js';
import { tileKey, untouchedRoot } from '#status/node.js';
import { CONSUMED, mayFollow, type StatusState, UNTOUCHED } from '#status/state.js';
import { applyStatusChange, statusNeeds } from '#status/update.js';
import type { EventFault } from './finding.js';

/** What a record has become, as the events in the log make it. */
export interface Standing {
  state: StatusState;
  /** Ordinal of the latest event about it; null when there is none. */
  lastEvent: number | null;
}

/** An event that is not allowed where it stands, and why. */
export interface RefusedEvent {
  event: StatusEvent;
  fault: EventFault;
}

/** The status vector, rebuilt from the events in the log: what was touched, and nothing else, is kept. */
export class StatusVector {
  constructor(
    /** Bytes of the touched leaves, by their index. */
    readonly leaves = new Map<number, Uint8Array>(),
    /** Hashes of the touched tiles, by `tileKey`. */
    readonly tiles = new Map<string, Uint8Array>(),
    private readonly sha256?: Sha256,
  ) {}

  /**
   * Applies the events of a batch, in their order; those that are not allowed where they stand are left out and returned. `before` and `after`:
   * entries in the log without and with the batch. The root is that of the allowed events, 32 bytes.
   */
  apply(
    before: number,
    after: number,
    events: readonly StatusEvent[],
  ): { root: Uint8Array; refused: readonly RefusedEvent[] } {
    // Of a log in which nothing was ever touched the root is a constant.
    if (events.length === 0 && this.leaves.size === 0) return { root: untouchedRoot(after), refused: [] };
    const { allowed, refused } = this.#judge(before, events);
    const change = { before, after, events: allowed };
    const needs = statusNeeds(change);
    const parts = {
      leaves: pick(this.leaves, needs.leaves),
      tiles: pick(
        this.tiles,
        needs.tiles.map(({ level, index }) => tileKey(level, index)),
      ),
    };
    const { root, leaves, tiles } = applyStatusChange(change, parts, this.sha256);
    for (const { index, bytes } of leaves) this.leaves.set(index, bytes);
    for (const { level, index, hashes } of tiles) this.tiles.set(tileKey(level, index), hashes);
    return { root, refused };
  }

  /** How a record stands. */
  standing(ordinal: number): Standing {
    const bytes = this.leaves.get(Math.floor(ordinal / LEAF_ORDINALS));
    if (bytes === undefined) return { state: UNTOUCHED, lastEvent: null };
    return standingIn(parseStatusLeaf(bytes), ordinal % LEAF_ORDINALS);
  }

  #judge(before: number, events: readonly StatusEvent[]): { allowed: StatusEvent[]; refused: RefusedEvent[] } {
    const touched = new Map<number, StatusLeaf>();
    const leafOf = (ordinal: number) => {
      const index = Math.floor(ordinal / LEAF_ORDINALS);
      let leaf = touched.get(index);
      if (leaf === undefined) {
        const bytes = this.leaves.get(index);
        leaf = bytes === undefined ? emptyLeaf() : parseStatusLeaf(bytes);
        touched.set(index, leaf);
      }
      return leaf;
    };
    const allowed: StatusEvent[] = [];
    const refused: RefusedEvent[] = [];
    for (const event of events) {
      const fault = eventFault(event, before, leafOf);
      if (fault !== null) {
        refused.push({ event, fault });
        continue;
      }
      const end = event.first + event.count;
      for (let at = event.first; at < end; at++) applyEvent(leafOf(at), at % LEAF_ORDINALS, at, event);
      allowed.push(event);
    }
    return { allowed, refused };
  }
}

/** Why an event is not allowed after those before it; null when it is. Nothing is changed. */
function eventFault(event: StatusEvent, before: number, leafOf: (ordinal: number) => StatusLeaf): EventFault | null {
  const { count, first, previous, state } = event;
  if (first + count > before) return { reason: 'not-yet-there' };
  const detail = eventProblem(event, before);
  if (detail !== null) return { reason: 'malformed', detail };
  for (let record = first; record < first + count; record++) {
    const now = standingIn(leafOf(record), record % LEAF_ORDINALS);
    if (count > 1 && now.state !== UNTOUCHED) return { reason: 'touched-range', record, state: now.state };
    // Said first, whatever else is wrong with it: what must happen once has happened twice.
    if (state === CONSUMED && now.state === CONSUMED)
      return { reason: 'consumed-twice', record, consumedBy: now.lastEvent! };
    if (previous !== now.lastEvent) return { reason: 'previous', record, expected: now.lastEvent, got: previous };
    if (!mayFollow(now.state, state)) return { reason: 'transition', record, from: now.state, to: state };
  }
  return null;
}

function standingIn(leaf: StatusLeaf, k: number): Standing {
  const state = leaf.states[k] as StatusState;
  return { state, lastEvent: state === UNTOUCHED ? null : leaf.lastEvents[k]! };
}

function pick<K, V>(from: ReadonlyMap<K, V>, keys: readonly K[]): Map<K, V> {
  const picked = new Map<K, V>();
  for (const key of keys) {
    const value = from.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}
