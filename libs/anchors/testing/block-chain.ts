import { mineHeader } from '#bitcoin/testing/mined-header.js';
import type { BlockSource } from '#source/block-source.js';
import { SourceError } from '#source/error.js';

/** A header source of a unit test: Merkle roots by height, up to an end. */
export interface TestChain extends BlockSource {
  roots: Map<number, Uint8Array>;
  /** Height of the newest block. */
  end: number;
  down: boolean;
  /** How often it was asked for a header. */
  asked: number;
}

/** A regtest chain whose blocks have a Merkle root of zeros, except where `roots` says otherwise. Block n has the time 1,700,000,000 + 600 n. */
export function testChain(name = 'test chain', end = 1000): TestChain {
  const up = <T>(value: () => T): Promise<T> =>
    chain.down
      ? Promise.reject(new SourceError('unreachable', `${name}: expected an answer, got none`))
      : Promise.resolve(value());
  const chain: TestChain = {
    name,
    roots: new Map(),
    end,
    down: false,
    asked: 0,
    network: () => up(() => 'regtest' as const),
    tip: () => up(() => chain.end),
    header: async (height) => {
      chain.asked++;
      await up(() => undefined);
      if (height > chain.end)
        throw new SourceError('no-such-block', `${name}: expected a block at ${height}, got none`);
      return mineHeader({ merkleRoot: chain.roots.get(height), time: 1_700_000_000 + 600 * height });
    },
  };
  return chain;
}
