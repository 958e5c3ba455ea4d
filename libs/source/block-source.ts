import type { NetworkName } from '#bitcoin/network.js';
import type { HeaderAnchoring } from '#bitcoin/pinned-block.js';
import { SourceError } from './error.js';

/** Where block headers come from: a node, an explorer, a header pack, or whatever else a caller has. */
export interface BlockSource {
  /** How the source is named in results. Never holds a secret. */
  readonly name: string;
  /** For a source that is a fixed run of headers: what it hangs on. An unpinned one decides nothing, whatever it shows. */
  readonly anchored?: HeaderAnchoring;
  /**
   * The 80 bytes of the header at a height of the source's best chain. Rejects with a SourceError. A source of this
   * library has checked that the header has the hash it was asked for and meets its own target.
   */
  header(height: number): Promise<Uint8Array>;
  /** The headers at `count` consecutive heights in one go, where the source has a faster way than asking for each. As {@link header}, but
   * `unreachable` may also mean that the server does not take such requests. */
  headers?(from: number, count: number): Promise<Uint8Array[]>;
  /** The network the source is on, where it can tell; `undefined` for one that this library does not know. */
  network?(): Promise<NetworkName | undefined>;
  /** Height of the newest block of the source's best chain, where it can tell. Rejects as {@link header}. */
  tip?(): Promise<number>;
}

/** A tip's height as a source gave it. Throws `bad-answer` when no block can have it. */
export function checkedTip(source: string, height: unknown): number {
  if (typeof height === 'number' && Number.isSafeInteger(height) && height >= 0 && height <= 0x7fffffff) return height;
  throw new SourceError('bad-answer', `${source}: expected the height of its newest block, got something else`);
}

/** Throws `no-such-block` unless a height is a whole number that a block can have. */
export function checkHeight(source: string, height: number): void {
  // Heights are 32-bit numbers in Bitcoin; an attestation may claim any integer.
  if (!Number.isSafeInteger(height) || height < 0 || height > 0x7fffffff) {
    throw new SourceError('no-such-block', `${source}: expected a height below 2^31, got ${height}`);
  }
}
