/**
 * Why Bitcoin data was refused.
 *
 * - `bad-header`, `bad-hash`, `bad-bits`, `bad-work`: a header's length, a hash's form, the compact target, the proof of work
 * - `bad-branch`, `bad-transaction`: a Merkle branch, a serialised transaction
 * - `bad-pack`, `broken-chain`, `unknown-network`: a header pack's form, its linkage, its network
 * - `bad-url`: the address of a block source
 */
export type BitcoinErrorCode =
  | 'bad-header'
  | 'bad-hash'
  | 'bad-bits'
  | 'bad-work'
  | 'bad-branch'
  | 'bad-transaction'
  | 'bad-pack'
  | 'broken-chain'
  | 'unknown-network'
  | 'bad-url';

/** The error class for Bitcoin data; what goes wrong with a block source while it is asked is a `BlockSourceError`. */
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
