/**
 * Why Bitcoin data was refused.
 *
 * - `bad-header`, `bad-hash`, `bad-bits`, `bad-work`: a header's length, a hash's form, the compact target, the proof of work
 * - `bad-branch`, `bad-transaction`: a Merkle branch, a serialised transaction
 * - `impossible-header`: a header that cannot stand at its height, in any chain or in the network's
 * - `bad-pack`, `broken-chain`, `unknown-network`: a header pack's form, its linkage, its network
 * - `bad-pin`, `other-chain`: the form of a pinned block; a pack that has another block there
 */
export type BitcoinErrorCode =
  | 'bad-header'
  | 'bad-hash'
  | 'bad-bits'
  | 'bad-work'
  | 'bad-branch'
  | 'bad-transaction'
  | 'impossible-header'
  | 'bad-pack'
  | 'broken-chain'
  | 'unknown-network'
  | 'bad-pin'
  | 'other-chain';

/** The error class for Bitcoin data. */
export class BitcoinError extends Error {
  override readonly name = 'BitcoinError';

  constructor(
    readonly code: BitcoinErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
