import { HASH_BYTES } from '#merkle/hash.js';
import { TILE_BYTES, tileRows } from '#merkle/tile.js';
import type { BatchTree } from './batch-tree.js';
import type { Queryable } from './log-tree.js';
import { nativeSha256 } from './native-sha256.js';

/** A batch of records that are checked at gates. */
export interface GateBatch {
  number: number;
  /** Ordinal of its first entry. */
  first: number;
  /** Until when the last of its records is checked, as the database writes it. */
  gateUntil: string;
  tree: BatchTree;
}

/** Stores what gate packs have of a batch, in the transaction of `client`: the hash over each 256 of its leaves. */
export async function insertGateBatch(client: Queryable, { number, first, gateUntil, tree }: GateBatch): Promise<void> {
  await client.query(
    'INSERT INTO "gate_batch" ("number", "first", "size", "gate_until", "subtrees") VALUES ($1, $2, $3, $4, $5)',
    [number, first, tree.levels[0]!.length / HASH_BYTES, gateUntil, subtreesOf(tree)],
  );
}

/** The hashes over each 256 leaves of a tree, the last over what is left, concatenated. */
export function subtreesOf({ levels }: BatchTree): Uint8Array {
  const [leaves, complete = new Uint8Array(0)] = levels;
  const rest = leaves!.subarray((complete.length / HASH_BYTES) * TILE_BYTES);
  return rest.length === 0 ? complete : Buffer.concat([complete, tileRows(rest, nativeSha256).at(-1)!]);
}
