import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { EMPTY_ROOT, HASH_BYTES, leafHash, type Sha256 } from '#merkle/hash.js';
import { tileRows } from '#merkle/tile.js';
import { StatusError } from './error.js';
import { applyEvent, eventProblem, type StatusEvent } from './event.js';
import { emptyLeaf, formatStatusLeaf, LEAF_ORDINALS, parseStatusLeaf } from './leaf.js';
import type { NodeReader } from './node-reader.js';
import {
  STATUS_TILE_WIDTH,
  statusLeafCount,
  type StatusTile,
  type StatusTileName,
  tileKey,
  TiledNodes,
  tileOver,
  topLevel,
  zeroTile,
} from './node.js';

/** One batch, as the status vector sees it. */
export interface StatusChange {
  /** Entries in all batches before it. */
  before: number;
  /** Entries in all batches with it. */
  after: number;
  /** Its events, in the order of their ordinals. */
  events: readonly StatusEvent[];
}

/** What an update has to know of the tree as it was. */
export interface StatusNeeds {
  /** Leaves that change, ascending. */
  leaves: number[];
  tiles: StatusTileName[];
}

/** The tree after a batch: what became of it, and everything that a sparse store must now hold beside what it held before. */
export interface StatusUpdate {
  /** Status root, 32 bytes. */
  root: Uint8Array;
  /** Leaves that changed, ascending. */
  leaves: { index: number; bytes: Uint8Array }[];
  /** Tiles above them, and those that a taller tree needs for the first time; lowest level first, then by index. */
  tiles: StatusTile[];
}

/** Parts of the tree as it was: those of {@link StatusNeeds} that were ever touched. */
export interface StatusParts {
  leaves: ReadonlyMap<number, Uint8Array>;
  /** By `tileKey`. */
  tiles: ReadonlyMap<string, Uint8Array>;
}

/**
 * The leaves and tiles that {@link applyStatusChange} will look at.
 *
 * @throws StatusError `bad-size`, `bad-event` when an event is about no record of an earlier batch
 */
export function statusNeeds(change: StatusChange): StatusNeeds {
  const leaves = checkChange(change);
  const size = statusLeafCount(change.after);
  const tiles = new Map<string, StatusTileName>();
  const add = (name: StatusTileName) => tiles.set(tileKey(name.level, name.index), name);
  for (let level = 0; level <= topLevel(size); level++) {
    for (const leaf of leaves) add(tileOver(leaf, level));
    // The root is made of complete subtrees, and those at the right edge stand in these.
    add(tileOver(size, level));
  }
  const grown = topOf(change.before);
  if (grown !== null) add(grown);
  return { leaves, tiles: [...tiles.values()] };
}

/**
 * The status tree after a batch. Hashes only what changed and the right edge: some 80 hashes for one event, 20 without any.
 *
 * @throws StatusError `bad-size`, `bad-event` when an event is not allowed where it stands, `bad-node` and `bad-leaf` for parts of a wrong form
 */
export function applyStatusChange(
  change: StatusChange,
  parts: StatusParts,
  sha256: Sha256 = portableSha256,
): StatusUpdate {
  checkChange(change);
  const leaves = changedLeaves(change, parts.leaves);
  const size = statusLeafCount(change.after);
  const top = topLevel(size);

  const tiles = new Map<string, Uint8Array>(parts.tiles);
  const written: StatusTile[] = [];
  let row = leaves.map(({ index, bytes }) => ({ index, hash: leafHash(bytes, sha256) }));
  for (let level = 0; level <= top; level++) {
    const above: typeof row = [];
    // A tree that grew taller holds what was its top as the first node of a tile that was not there.
    const grown = topOf(change.before);
    if (grown !== null && grown.level === level - 1 && row[0]?.index !== 0) {
      const hashes = tiles.get(tileKey(grown.level, 0));
      if (hashes !== undefined) row.unshift({ index: 0, hash: lastRow(hashes, sha256) });
    }
    for (let from = 0; from < row.length;) {
      const index = Math.floor(row[from]!.index / STATUS_TILE_WIDTH);
      const hashes = (tiles.get(tileKey(level, index)) ?? zeroTile(level)).slice();
      for (; from < row.length && Math.floor(row[from]!.index / STATUS_TILE_WIDTH) === index; from++) {
        hashes.set(row[from]!.hash, (row[from]!.index % STATUS_TILE_WIDTH) * HASH_BYTES);
      }
      tiles.set(tileKey(level, index), hashes);
      written.push({ level, index, hashes });
      // The node above the top tile belongs to no tile yet.
      if (level < top) above.push({ index, hash: lastRow(hashes, sha256) });
    }
    row = above;
  }
  const root = size === 0 ? EMPTY_ROOT.slice() : new TiledNodes(tiles, sha256).range(0, size);
  return { root, leaves, tiles: written };
}

/** {@link applyStatusChange} with what it needs read from a store, leaves and tiles each in one question. */
export async function updateStatus(
  reader: NodeReader,
  change: StatusChange,
  sha256: Sha256 = portableSha256,
): Promise<StatusUpdate> {
  const needs = statusNeeds(change);
  const [leaves, tiles] = await Promise.all([reader.leaves(needs.leaves), reader.tiles(needs.tiles)]);
  return applyStatusChange(change, { leaves, tiles }, sha256);
}

/** Checks what can be checked without the tree; returns the leaves that change, ascending. */
function checkChange({ before, after, events }: StatusChange): number[] {
  statusLeafCount(after);
  if (!Number.isSafeInteger(before) || before < 0 || after < before) {
    throw new StatusError('bad-size', `records: expected at least the ${before} before this batch, got ${after}`);
  }
  let last = before - 1;
  const leaves = new Set<number>();
  for (const event of events) {
    let problem = eventProblem(event, before);
    if (problem === null && event.ordinal <= last) problem = `expected an ordinal above ${last}`;
    if (problem === null && event.ordinal >= after) problem = `expected an ordinal of this batch, below ${after}`;
    if (problem !== null) throw new StatusError('bad-event', `Event ${event.ordinal}: ${problem}`);
    last = event.ordinal;
    for (let leaf = leafOf(event.first); leaf <= leafOf(event.first + event.count - 1); leaf++) leaves.add(leaf);
  }
  return [...leaves].sort((a, b) => a - b);
}

/** The leaves that events change, as they become, ascending. */
function changedLeaves({ events }: StatusChange, before: ReadonlyMap<number, Uint8Array>): StatusUpdate['leaves'] {
  // By leaf, so that each is read and written once; inside a leaf the events keep their order.
  const byLeaf = new Map<number, StatusEvent[]>();
  for (const event of events) {
    for (let leaf = leafOf(event.first); leaf <= leafOf(event.first + event.count - 1); leaf++) {
      const about = byLeaf.get(leaf);
      if (about === undefined) byLeaf.set(leaf, [event]);
      else about.push(event);
    }
  }
  // One for all: of a hundred thousand, most are untouched before.
  const blank = emptyLeaf();
  return [...byLeaf.entries()]
    .sort(([a], [b]) => a - b)
    .map(([index, about]) => {
      const bytes = before.get(index);
      blank.states.fill(0);
      blank.lastEvents.fill(0);
      const leaf = bytes === undefined ? blank : parseStatusLeaf(bytes);
      const start = index * LEAF_ORDINALS;
      for (const event of about) {
        const to = Math.min(event.first + event.count, start + LEAF_ORDINALS);
        for (let ordinal = Math.max(event.first, start); ordinal < to; ordinal++) {
          applyEvent(leaf, ordinal - start, ordinal, event);
        }
      }
      return { index, bytes: formatStatusLeaf(leaf) };
    });
}

function leafOf(ordinal: number): number {
  return Math.floor(ordinal / LEAF_ORDINALS);
}

/** The tile at the top of the tree for so many records; null for the empty tree. */
function topOf(records: number): StatusTileName | null {
  const level = topLevel(statusLeafCount(records));
  return level < 0 ? null : { level, index: 0 };
}

function lastRow(hashes: Uint8Array, sha256: Sha256): Uint8Array {
  return tileRows(hashes, sha256).at(-1)!;
}
