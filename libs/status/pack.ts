import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { EMPTY_ROOT, leafHash, nodeHash, type Sha256 } from '#merkle/hash.js';
import { ByteReader, ByteWriter } from './byte-string.js';
import { StatusError } from './error.js';
import { emptyLeaf, formatStatusLeaf, LEAF_ORDINALS, NIBBLE_BYTES, parseStatusLeaf } from './leaf.js';
import { statusLeafCount, zeroNode } from './node.js';
import { UNTOUCHED } from './state.js';

/** First line of a pack. */
const PACK_FORMAT = 'sealroot/status-pack@1\n';

/** Largest number of a batch, and largest ordinal, in a pack: the distance of two, with its sign, is then an exact number everywhere. */
const MAX_EVENT = 2 ** 52 - 1;

/** Many leaves of the status vector: all that were ever touched, or all that were since some batch. */
export interface StatusPack {
  /** Number of the batch after which the leaves are so. */
  batch: number;
  /** Entries of the log up to it, it included. */
  records: number;
  /** Number of the batch after which they were touched; null when it is all that ever were. */
  since: number | null;
  /** The bytes of leaves by index, ascending. */
  leaves: ReadonlyMap<number, Uint8Array>;
}

/** A pack as one byte string. Runs of ordinals with one state and one event are written once, so that a range costs a few bytes for each leaf.
 * @throws StatusError `bad-leaf`, `bad-size`, `bad-state` */
export function formatStatusPack({ batch, records, since, leaves }: StatusPack): Uint8Array {
  if (!isWhole(batch, MAX_EVENT) || !isWhole(records - 1, MAX_EVENT) || !(since === null || isWhole(since, batch))) {
    throw new StatusError(
      'bad-size',
      `Writing a status pack: expected a batch, its records and an earlier batch, got ${batch}, ${records} and ${since}`,
    );
  }
  const out = new ByteWriter();
  for (const character of PACK_FORMAT) out.byte(character.charCodeAt(0));
  out.varint(batch);
  out.varint(records);
  out.varint(since === null ? 0 : since + 1);
  const end = statusLeafCount(records);
  let last = -1;
  let event = 0;
  for (const [index, bytes] of leaves) {
    if (!Number.isSafeInteger(index) || index <= last || index >= end)
      throw new StatusError(
        'bad-leaf',
        `Writing a status pack: expected an index above ${last} and below ${end}, got ${index}`,
      );
    const runs = runsOf(bytes, records);
    out.varint(index - last - 1);
    out.varint(runs.length);
    for (const run of runs) {
      out.varint(run.skip);
      out.varint(run.length);
      out.byte(run.state);
      out.signed(run.event - event);
      event = run.event;
    }
    last = index;
  }
  return out.written();
}

/** Reads what {@link formatStatusPack} wrote, and nothing else.
 * @throws StatusError `bad-leaf`, `bad-state` */
export function parseStatusPack(bytes: Uint8Array): StatusPack {
  const input = new ByteReader(
    bytes,
    (expected, got, at) =>
      new StatusError('bad-leaf', `Reading a status pack at byte ${at}: expected ${expected}, got ${got}`),
  );
  const head = String.fromCharCode(...bytes.subarray(0, PACK_FORMAT.length));
  if (head !== PACK_FORMAT) throw input.refuse(JSON.stringify(PACK_FORMAT), JSON.stringify(head));
  input.bytes(PACK_FORMAT.length);
  const batch = input.varint(MAX_EVENT);
  const records = input.varint(MAX_EVENT + 1);
  const since = input.varint(batch + 1) - 1;
  if (records === 0) throw input.refuse('at least one record', records);
  const leaves = new Map<number, Uint8Array>();
  const maxIndex = statusLeafCount(records) - 1;
  let index = -1;
  let event = 0;
  while (!input.ended) {
    index += input.varint(maxIndex) + 1;
    if (index > maxIndex) throw input.refuse(`a leaf up to ${maxIndex}`, index);
    const leaf = emptyLeaf();
    let k = 0;
    let before = null as { state: number; event: number } | null;
    for (let runs = input.varint(LEAF_ORDINALS); runs > 0; runs--) {
      const skip = input.varint(LEAF_ORDINALS);
      const length = input.varint(LEAF_ORDINALS);
      const state = input.byte();
      event += input.signed(MAX_EVENT);
      if (state === UNTOUCHED || event < 0 || event >= records) throw input.refuse('a state and its event', event);
      k += skip;
      if (length === 0 || k + length > LEAF_ORDINALS) throw input.refuse('a run inside the leaf', length);
      // Of two ways to write one leaf only the shorter is taken.
      if (skip === 0 && before?.state === state && before.event === event) throw input.refuse('one run', 'two');
      leaf.states.fill(state, k, k + length);
      leaf.lastEvents.fill(event, k, k + length);
      k += length;
      before = { state, event };
    }
    if (before === null) throw input.refuse('a leaf that was touched', 'none');
    leaves.set(index, formatStatusLeaf(leaf));
  }
  return { batch, records, since: since === -1 ? null : since, leaves };
}

function isWhole(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= most;
}

/**
 * The status root of a log of so many records, of whose leaves these were touched and no others: what tells a whole pack from one that lacks
 * something. 32 bytes. @throws StatusError `bad-size`, `bad-leaf`
 */
export function rootOfLeaves(
  leaves: ReadonlyMap<number, Uint8Array>,
  records: number,
  sha256: Sha256 = portableSha256,
): Uint8Array {
  let width = statusLeafCount(records);
  let row = [...leaves].map(([index, bytes]) => ({ index, hash: leafHash(bytes, sha256) }));
  row.sort((a, b) => a.index - b.index);
  if (row.some(({ index }) => index >= width))
    throw new StatusError(
      'bad-leaf',
      `Rebuilding the status root: expected leaves below ${width}, got ${row.at(-1)!.index}`,
    );
  if (width === 0) return EMPTY_ROOT.slice();
  // The right edge is no complete subtree, whose hash would be a constant: it is always among the row.
  if (row.at(-1)?.index !== width - 1)
    row.push({ index: width - 1, hash: leafHash(new Uint8Array(NIBBLE_BYTES), sha256) });
  for (let height = 0; width > 1; height++, width = Math.ceil(width / 2)) {
    const above: typeof row = [];
    for (let at = 0; at < row.length; at++) {
      const { index, hash } = row[at]!;
      const parent = Math.floor(index / 2);
      if (index % 2 === 1) {
        above.push({ index: parent, hash: nodeHash(zeroNode(height), hash, sha256) });
      } else if (index + 1 === width) {
        above.push({ index: parent, hash });
      } else {
        const right = row[at + 1]?.index === index + 1 ? row[++at]!.hash : zeroNode(height);
        above.push({ index: parent, hash: nodeHash(hash, right, sha256) });
      }
    }
    row = above;
  }
  return row[0]!.hash;
}

interface Run {
  /** Untouched ordinals before it, from the run before or the leaf's begin. */
  skip: number;
  length: number;
  state: number;
  event: number;
}

function runsOf(bytes: Uint8Array, records: number): Run[] {
  const { states, lastEvents } = parseStatusLeaf(bytes);
  const runs: Run[] = [];
  let skip = 0;
  for (let k = 0; k < LEAF_ORDINALS; k++) {
    const state = states[k]!;
    const event = lastEvents[k]!;
    const last = runs.at(-1);
    if (event >= records)
      throw new StatusError('bad-leaf', `Writing a status pack: expected events below ${records}, got ${event}`);
    if (state === UNTOUCHED) {
      skip++;
    } else if (skip === 0 && last?.state === state && last.event === event) {
      last.length++;
    } else {
      runs.push({ skip, length: 1, state, event });
      skip = 0;
    }
  }
  if (runs.length === 0) throw new StatusError('bad-leaf', 'Writing a status pack: expected leaves that were touched');
  return runs;
}
