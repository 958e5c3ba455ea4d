/**
 * Why EVM data was refused.
 *
 * - `bad-rlp`: not canonical RLP, or beyond its bounds
 * - `bad-header`: a header that is not one, or the fields of a block that do not make one
 * - `bad-transaction`: a serialised transaction of an unknown type, or malformed
 * - `bad-path`: a path of trie nodes that does not lead from the root to the index, or holds anything else
 * - `bad-attestation`: an attestation with a missing, unknown or malformed member
 * - `other-hash`: a header whose Keccak-256 is not the block hash that was named
 * - `other-transaction`: a transaction that is not the one at that index of the block
 * - `other-chain`: a transaction of another chain, or of none
 * - `other-root`: a transaction that does not carry the checkpoint's root, or carries more than it
 */
export type EvmErrorCode =
  | 'bad-rlp'
  | 'bad-header'
  | 'bad-transaction'
  | 'bad-path'
  | 'bad-attestation'
  | 'other-hash'
  | 'other-transaction'
  | 'other-chain'
  | 'other-root';

/** The error class for EVM data. */
export class EvmError extends Error {
  override readonly name = 'EvmError';

  constructor(
    readonly code: EvmErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
