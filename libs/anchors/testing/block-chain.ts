import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';

/** A header source of a unit test: Merkle roots by height, up to an end. */
export interface TestChain extends BlockSource {
  roots: Map<number, Uint8Array>;
  /** Height of the newest block. */
  end: number;
  down: boolean;
  asked: number;
}

/** A chain whose blocks have a Merkle root of zeros, except where `roots` says otherwise. Block n has the time 1,700,000,000 + 600 n. */
export function testChain(name = 'test chain', end = 1000): TestChain {
  const chain: TestChain = {
    name,
    roots: new Map(),
    end,
    down: false,
    asked: 0,
    header(height) {
      chain.asked++;
      if (chain.down) return Promise.reject(new SourceError('unreachable', `${name}: expected an answer, got none`));
      if (height > chain.end)
        return Promise.reject(new SourceError('no-such-block', `${name}: expected a block at ${height}, got none`));
      const header = Buffer.alloc(80);
      header.writeUInt32LE(4, 0);
      Buffer.from(chain.roots.get(height) ?? new Uint8Array(32)).copy(header, 36);
      header.writeUInt32LE(1_700_000_000 + 600 * height, 68);
      header.writeUInt32LE(0x207fffff, 72);
      return Promise.resolve(new Uint8Array(header));
    },
  };
  return chain;
}
