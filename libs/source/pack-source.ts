import type { Sha256 } from '#bitcoin/block-hash.js';
import { type HeaderPack, parseHeaderPack } from '#bitcoin/header-pack.js';
import type { PinnedBlock } from '#bitcoin/pinned-block.js';
import { type BlockSource, checkHeight } from './block-source.js';
import { SourceError } from './error.js';

/** Options of a pack source. */
export interface PackSourceOptions {
  /** Blocks that the caller knows to be in the chain, beside those known here. */
  readonly pins?: readonly PinnedBlock[] | undefined;
  /** How results name the source; "header pack" unless given. */
  readonly name?: string | undefined;
  /** A faster SHA-256 for the check on load. */
  readonly sha256?: Sha256 | undefined;
}

/** A source that answers from the bytes of a header pack, which is checked first. Throws what `parseHeaderPack` throws. */
export function createPackSource(pack: Uint8Array, options: PackSourceOptions = {}): BlockSource {
  return sourceOfPack(parseHeaderPack(pack, options.sha256, options.pins), options.name);
}

/** A source that answers from a header pack that was read. */
export function sourceOfPack(parsed: HeaderPack, name = 'header pack'): BlockSource {
  const last = parsed.startHeight + parsed.count - 1;
  return {
    name,
    anchored: parsed.anchored,
    network: () => Promise.resolve(parsed.network.name),
    tip: () => Promise.resolve(last),
    async header(height) {
      checkHeight(name, height);
      const header = parsed.header(height);
      if (header !== undefined) return header;
      throw new SourceError(
        'no-such-block',
        `${name}: expected a height from ${parsed.startHeight} to ${last}, got ${height}`,
      );
    },
  };
}
