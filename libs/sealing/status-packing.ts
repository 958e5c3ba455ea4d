import type { StatusEvent } from '#status/event.js';
import type { StatusChange, StatusParts, StatusUpdate } from '#status/update.js';

/** Byte strings of various lengths as one, so that a hundred thousand of them travel between threads and to the database in one piece. */
export interface Packed {
  /** Lengths in bytes, in order. */
  lengths: number[];
  /** All of them, one after the other, in a buffer of their own. */
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a thread is sent to update the status tree with. */
export interface PackedChange {
  before: number;
  after: number;
  /** Five numbers an event: ordinal, first, count, state, previous (−1: none). */
  events: Float64Array<ArrayBuffer>;
  leafIndexes: number[];
  leaves: Packed;
  tileKeys: string[];
  tiles: Packed;
}

/** What it answers with. */
export interface PackedUpdate {
  root: Uint8Array;
  leafIndexes: number[];
  leaves: Packed;
  tileLevels: number[];
  tileIndexes: number[];
  tiles: Packed;
}

const EVENT_NUMBERS = 5;

/** Copies byte strings into one. */
export function pack(parts: readonly Uint8Array[]): Packed {
  const lengths = parts.map(({ length }) => length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { lengths, bytes };
}

/** The byte strings of a {@link Packed}, as views into it. */
export function unpack({ lengths, bytes }: Packed): Uint8Array[] {
  let at = 0;
  return lengths.map((length) => bytes.subarray(at, (at += length)));
}

/** A change and the parts of the tree that it needs, in a form to send. */
export function packChange({ before, after, events }: StatusChange, parts: StatusParts): PackedChange {
  const numbers = new Float64Array(events.length * EVENT_NUMBERS);
  events.forEach(({ ordinal, first, count, state, previous }, i) => {
    numbers.set([ordinal, first, count, state, previous ?? -1], i * EVENT_NUMBERS);
  });
  return {
    before,
    after,
    events: numbers,
    leafIndexes: [...parts.leaves.keys()],
    leaves: pack([...parts.leaves.values()]),
    tileKeys: [...parts.tiles.keys()],
    tiles: pack([...parts.tiles.values()]),
  };
}

/** What {@link packChange} packed. */
export function unpackChange(packed: PackedChange): { change: StatusChange; parts: StatusParts } {
  const { before, after, events: numbers } = packed;
  const events: StatusEvent[] = [];
  for (let at = 0; at < numbers.length; at += EVENT_NUMBERS) {
    const [ordinal, first, count, state, previous] = numbers.subarray(at, at + EVENT_NUMBERS) as unknown as number[];
    events.push({
      ordinal: ordinal!,
      first: first!,
      count: count!,
      state: state as StatusEvent['state'],
      previous: previous === -1 ? null : previous!,
    });
  }
  const leaves = unpack(packed.leaves);
  const tiles = unpack(packed.tiles);
  return {
    change: { before, after, events },
    parts: {
      leaves: new Map(packed.leafIndexes.map((index, i) => [index, leaves[i]!])),
      tiles: new Map(packed.tileKeys.map((key, i) => [key, tiles[i]!])),
    },
  };
}

/** An update in a form to send and to store. */
export function packUpdate({ root, leaves, tiles }: StatusUpdate): PackedUpdate {
  return {
    root,
    leafIndexes: leaves.map(({ index }) => index),
    leaves: pack(leaves.map(({ bytes }) => bytes)),
    tileLevels: tiles.map(({ level }) => level),
    tileIndexes: tiles.map(({ index }) => index),
    tiles: pack(tiles.map(({ hashes }) => hashes)),
  };
}
