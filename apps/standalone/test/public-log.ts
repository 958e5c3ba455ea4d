import { bytesToHex } from '@noble/hashes/utils.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { consistencyPath, TILE_WIDTH, type TileSource, treeRoot } from '#merkle/tile.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { formatTilePath } from '#tlog/tile-path.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';

/** An auditor of the log: keeps every checkpoint it is shown and trusts nothing but the public files. */
export class Auditor {
  readonly #seen = new Map<number, Checkpoint>();

  /** Sizes of the checkpoints seen. */
  get sizes(): number[] {
    return [...this.#seen.keys()].sort((a, b) => a - b);
  }

  /** Fetches the newest checkpoint, checks its signature, and keeps it; undefined before the first batch.
   * Throws when another root was seen for its size. */
  async look(url: string): Promise<Checkpoint | undefined> {
    const answer = await fetch(`${url}/v1/log/checkpoint`);
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    const key = parseVerifierKey((await (await fetch(`${url}/v1/log/key`)).text()).trim());
    const note = parseNote(text);
    if (verifyNote(note, [key]).verified.length !== 1) throw new Error(`checkpoint with a wrong signature:\n${text}`);
    const checkpoint = parseCheckpoint(note.text);
    const earlier = this.#seen.get(checkpoint.size);
    if (earlier && bytesToHex(earlier.root) !== bytesToHex(checkpoint.root)) {
      throw new Error(`two roots were signed for size ${checkpoint.size}`);
    }
    this.#seen.set(checkpoint.size, checkpoint);
    return checkpoint;
  }

  /** Checks each checkpoint seen: its root is that of the first tiles of the log, and the next one continues it.
   * Throws at the first that is not so. */
  async verify(url: string): Promise<void> {
    const newest = (await this.look(url))!;
    let previous: Checkpoint | undefined;
    for (const size of this.sizes) {
      const checkpoint = this.#seen.get(size)!;
      const root = await treeRoot(size, publicTiles(url, size));
      if (bytesToHex(root) !== bytesToHex(checkpoint.root))
        throw new Error(`the tiles at size ${size} have another root`);
      if (previous) await assertContinues(previous, checkpoint, url);
      await assertContinues(checkpoint, newest, url);
      previous = checkpoint;
    }
  }
}

async function assertContinues(older: Checkpoint, newer: Checkpoint, url: string): Promise<void> {
  const path = await consistencyPath(older.size, newer.size, publicTiles(url, newer.size));
  if (!verifyConsistency({ size1: older.size, root1: older.root, size2: newer.size, root2: newer.root, path })) {
    throw new Error(`the checkpoint of size ${newer.size} does not continue that of size ${older.size}`);
  }
}

/** The log's tiles as the service publishes them for a log of this size. */
function publicTiles(url: string, size: number): TileSource {
  return {
    async tile(level, index) {
      const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH);
      const answer = await fetch(`${url}/v1/log/${formatTilePath(level, index, width)}`);
      if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}
