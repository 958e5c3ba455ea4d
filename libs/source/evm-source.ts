/** Where blocks of an EVM chain come from: a node, or a service that runs one. Every method rejects with a SourceError. */
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
  /** Whether the hash is Ethereum's of the header that was shown; undefined where that cannot be told. */
  hashFits?: boolean | undefined;
}
