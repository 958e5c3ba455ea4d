import type { StatusTileName } from './node.js';

/** Where touched leaves and tiles are read from, as they are at one size of the log. What was never touched is left out of the answers. */
export interface NodeReader {
  /** The bytes of those of the leaves that were ever touched. */
  leaves(indexes: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>>;
  /** The hashes (512 bytes each) of those of the tiles below which something was ever touched, by `tileKey`. */
  tiles(names: readonly StatusTileName[]): Promise<ReadonlyMap<string, Uint8Array>>;
}
