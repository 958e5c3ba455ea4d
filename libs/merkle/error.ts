/**
 * What was wrong with an argument of this library:
 * `bad-hash` not 32 bytes, or not a whole number of 32-byte hashes; `bad-size` not a tree size; `bad-index` no such leaf or
 * node in a tree of that size; `bad-path` a proof whose length does not fit index and size; `bad-tile` a tile narrower than the tree needs.
 */
export type MerkleErrorCode = 'bad-hash' | 'bad-size' | 'bad-index' | 'bad-path' | 'bad-tile';

/** The only error this library throws. */
export class MerkleError extends Error {
  constructor(
    readonly code: MerkleErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'MerkleError';
  }
}
