/** Where blocks of a chain come from: a node, or a service that runs one. */
export interface EvmSource {
  /** How the source is named in results. Never holds a secret. */
  readonly name: string;
  /** The chain's id. */
  chainId(): Promise<number>;
  /** The canonical block at a height: its hash (32 bytes) and its own time in milliseconds since 1970. */
  block(number: number): Promise<EvmSourceBlock>;
  /** Height up to which the chain calls its blocks final; null where it does not say. */
  finalizedNumber?(): Promise<number | null>;
  /** Height of the newest block. */
  latestNumber?(): Promise<number>;
}

/** A block as a source shows it. */
export interface EvmSourceBlock {
  hash: Uint8Array;
  timeMs: number;
}

/**
 * Why a source gave no answer.
 *
 * - `unreachable`: no answer, or one that says "not now" or "not you" (time-out, refused, HTTP 401, 429, 5xx, an RPC error)
 * - `no-such-block`: the source's chain ends before that height, or the source keeps no block that old
 * - `bad-answer`: an answer that cannot be right (redirect, another height, not hex, too long)
 */
export type EvmSourceErrorCode = 'unreachable' | 'no-such-block' | 'bad-answer';

/** A source's failure; every method of a source rejects with it alone. The message quotes nothing that the source sent and no credentials. */
export class EvmSourceError extends Error {
  override readonly name = 'EvmSourceError';

  constructor(
    readonly code: EvmSourceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
