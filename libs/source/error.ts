import type { Silence } from './answer.js';

/** Why a source gave no answer: what {@link Silence} calls it, but for what whoever asks finds out alone. */
export type SourceErrorCode = Exclude<Silence['reason'], 'unpinned' | 'unknown-chain'>;

/**
 * A source's failure; every method of a source rejects with it alone. The message may quote what the other side said, in printable
 * characters and not at length; it holds no credentials and nothing of the address but its host.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options: ErrorOptions & { readonly status?: number } = {},
  ) {
    super(message, options);
    this.status = options.status;
  }

  /** HTTP status of the answer, where there was one of no use. */
  readonly status: number | undefined;
}

/** An address that no source can be asked at. The message does not quote it: it may hold a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
  readonly code = 'bad-url';
}
