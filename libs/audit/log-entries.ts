import { Frontier } from '#merkle/frontier.js';
import { equalHashes, HASH_BYTES, leafHash, type Sha256 } from '#merkle/hash.js';
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from '#merkle/tile.js';
import { AuditError } from './error.js';
import type { ServedFinding } from './finding.js';
import { type ReadHead, readTiles, tilesAt } from './head.js';
import type { LogSource } from './log-source.js';
import { readBundle } from './public-entry.js';

/** A stretch of the log inside one entry bundle, and what its entries must come to. */
interface Stretch {
  /** Of the bundle. */
  index: number;
  /** Batches `from` up to, not including, `to`. */
  from: number;
  to: number;
  /** Of a whole bundle the root over its 256 entries, of a part the hash of each entry; 32 bytes each. */
  expected: Uint8Array;
}

/** Entries of the log that are those of the signed tree, from batch `from` on. */
export interface LogEntries {
  from: number;
  entries: Uint8Array[];
}

/**
 * Reads the entries of the log from where `log` ends up to a signed head. First come the tiles, which must lead from the one to the other: so an entry
 * is held against what was signed before anything is concluded from it. Yields a finding, and ends, where what is served is not what was signed.
 *
 * @throws AuditError `unreadable`, or what the source throws
 */
export async function* readLogEntries(
  log: Frontier,
  head: ReadHead,
  source: LogSource,
  sha256?: Sha256,
): AsyncGenerator<LogEntries | ServedFinding> {
  const grown = log.copy();
  const stretches = await readStretches(grown, head.size, source);
  if (!equalHashes(grown.root(), head.root)) {
    yield { check: 'log-tiles', size: head.size, note: head.note };
    return;
  }
  let next = stretches.length > 0 ? bundleOf(stretches[0]!, source) : null;
  for (const [i, stretch] of stretches.entries()) {
    const bytes = await next!;
    // One ahead: while the batches of this bundle are replayed, the next one comes.
    next = i + 1 < stretches.length ? bundleOf(stretches[i + 1]!, source) : null;
    next?.catch(() => undefined);
    const { from, index, to } = stretch;
    const bundle = readBundle(bytes, 'an entry bundle of the log');
    if (bundle.length !== to - index * TILE_WIDTH)
      throw new AuditError(
        'unreadable',
        `Reading entry bundle ${index}: expected ${to - index * TILE_WIDTH} entries, got ${bundle.length}`,
      );
    const entries = bundle.slice(from - index * TILE_WIDTH);
    const hashes = entries.map((entry) => leafHash(entry, sha256));
    if (!comesTo(hashes, stretch, sha256)) {
      yield { check: 'log-entry', batch: from + (await firstOther(hashes, stretch, head.size, source)) };
      return;
    }
    yield { from, entries };
  }
}

/** Appends to `log` what the tiles hold from its end to `size`; whole bundles by their roots. */
function readStretches(log: Frontier, size: number, source: LogSource): Promise<Stretch[]> {
  const tiles = tilesAt(size, source);
  const hashesOf = async (level: number, index: number) => {
    const hashes = await tiles.tile(level, index);
    const bytes = tileWidth(level, index, size) * HASH_BYTES;
    if (hashes.length === bytes) return hashes;
    throw new AuditError('unreadable', `Reading tile ${level}/${index}: expected ${bytes} bytes, got ${hashes.length}`);
  };
  return readTiles(async () => {
    const stretches: Stretch[] = [];
    let roots = null as { index: number; hashes: Uint8Array } | null;
    while (log.size < size) {
      const from = log.size;
      const index = Math.floor(from / TILE_WIDTH);
      const to = Math.min(size, (index + 1) * TILE_WIDTH);
      if (to - from === TILE_WIDTH) {
        const above = Math.floor(index / TILE_WIDTH);
        if (roots?.index !== above) roots = { index: above, hashes: await hashesOf(1, above) };
        const expected = hashAt(roots.hashes, index % TILE_WIDTH);
        log.append(expected, TILE_HEIGHT);
        stretches.push({ index, from, to, expected });
        continue;
      }
      const expected = (await hashesOf(0, index)).slice((from - index * TILE_WIDTH) * HASH_BYTES);
      for (let i = 0; i < to - from; i++) log.append(hashAt(expected, i));
      stretches.push({ index, from, to, expected });
    }
    return stretches;
  });
}

function bundleOf({ index, to }: Stretch, source: LogSource): Promise<Uint8Array> {
  return source.bundle(index, to - index * TILE_WIDTH);
}

function comesTo(hashes: readonly Uint8Array[], { expected }: Stretch, sha256?: Sha256): boolean {
  if (hashes.length !== TILE_WIDTH) return hashes.every((hash, i) => equalHashes(hash, hashAt(expected, i)));
  const tree = new Frontier(0, [], sha256);
  for (const hash of hashes) tree.append(hash);
  return equalHashes(tree.root(), expected);
}

/** Which of the entries is the first that is not in the tree; the first of all where the tiles do not tell. */
async function firstOther(
  hashes: readonly Uint8Array[],
  { expected, index }: Stretch,
  size: number,
  source: LogSource,
): Promise<number> {
  const leaves = hashes.length === TILE_WIDTH ? await tilesAt(size, source).tile(0, index) : expected;
  const other = hashes.findIndex((hash, i) => !equalHashes(hash, hashAt(leaves, i)));
  return Math.max(other, 0);
}

function hashAt(hashes: Uint8Array, index: number): Uint8Array {
  return hashes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}
