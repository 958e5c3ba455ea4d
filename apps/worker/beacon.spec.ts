import { describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { mineChain } from '#bitcoin/testing/mined-header.js';
import {
  type CannedBitcoinServer,
  type CannedEvmNode,
  type CannedSource,
  cannedSources,
} from '#source/testing/canned-source.js';
import type { BlockSource } from '#source/block-source.js';
import type { EvmSource } from '#source/evm-source.js';
import { readBeacon } from './beacon.js';

const root = (fill: number) => new Uint8Array(32).fill(fill);
const hashOf = (header: Uint8Array) => displayHash(parseBlockHeader(header).hash);

describe('a beacon from Bitcoin', () => {
  /** Heights 0 to 9. */
  const chain = mineChain(Array.from({ length: 9 }, (_, i) => root(i + 1)));
  const reorganised = [
    ...chain.slice(0, 8),
    ...mineChain([...Array.from({ length: 7 }, (_, i) => root(i + 1)), root(0x55), root(0x56)]).slice(8),
  ];
  const other = mineChain(Array.from({ length: 9 }, () => root(0x66)));
  const server = (headers: readonly Uint8Array[], given: Partial<CannedBitcoinServer> = {}): CannedBitcoinServer => ({
    kind: 'esplora',
    network: 'regtest',
    blocks: Object.fromEntries(headers.entries()),
    tip: headers.length - 1,
    ...given,
  });
  const read = (...canned: CannedSource[]) => readBeacon({ kind: 'bitcoin', sources: cannedSources(canned).bitcoin });
  const at = (height: number) => `bitcoin-regtest ${height} ${hashOf(chain[height]!)}`;

  it('is the newest block that all have', async () => {
    expect(await read(server(chain))).toEqual({ beacon: at(9), problems: [] });
    expect((await read(server(chain), server(chain.slice(0, 8)))).beacon).toBe(at(7));
  });

  it('is below a contradiction, where those who disagree agree again', async () => {
    expect((await read(server(chain), server(reorganised))).beacon).toBe(at(7));
  });

  it('is never a block that is contradicted, not even by one of three', async () => {
    const look = await read(server(chain), server(chain), server(other));
    expect(look.beacon).toBeNull();
    expect(look.problems.join()).toContain('the sources disagree about blocks 3 to 9: ');
  });

  it('is none when one of those who disagreed says nothing further down', async () => {
    const blocks = { 0: chain[0]!, 8: reorganised[8]!, 9: reorganised[9]! };
    expect((await read(server(chain), server(reorganised, { blocks }))).beacon).toBeNull();
  });

  it('is never from a source of an unknown network, or of another one than the rest', async () => {
    for (const network of ['strange', 'hidden'] as const) {
      const stranger = server([], { blocks: { 9: other[9]! }, network, tip: 9 });
      const alone = await read(stranger);
      expect(alone.beacon).toBeNull();
      expect(alone.problems).toHaveLength(1);
      expect((await read(stranger, server(chain))).beacon).toBe(at(9));
    }
    const main = server([], { network: 'mainnet', tip: 9 });
    expect(await read(server(chain), main)).toEqual({
      beacon: null,
      problems: [expect.stringContaining('the sources serve different networks: ')],
    });
  });

  it('is never from a pack of headers that hangs on no pinned block', async () => {
    const pack = { kind: 'pack', network: 'regtest', startHeight: 3, headers: chain.slice(3, 6) } as const;
    expect(await read(pack)).toEqual({ beacon: null, problems: [expect.stringContaining('pack 0: ')] });
    expect((await read(pack, server(chain))).beacon).toBe(at(9));
    expect((await read({ ...pack, pins: [`3:${hashOf(chain[3]!)}`] }, server(chain))).beacon).toBe(at(5));
  });

  it('needs one source that answers, and names the others', async () => {
    const look = await read(server(chain, { fails: 'refuses' }), server(chain));
    expect(look).toEqual({ beacon: at(9), problems: [expect.stringContaining('source-0.test')] });
    expect((await read(server(chain, { fails: 'floods' }))).beacon).toBeNull();
    expect(await read()).toEqual({ beacon: null, problems: [] });
  });

  it('is none, and nothing is thrown, when a source throws whatever it likes', async () => {
    const wild: BlockSource = {
      name: 'wild',
      network: () => {
        throw new Error('secret-word');
      },
      header: () => Promise.reject(new Error('secret-word')),
    };
    const look = await readBeacon({ kind: 'bitcoin', sources: [wild] });
    expect(look.beacon).toBeNull();
    expect(look.problems.join()).not.toContain('secret-word');
  });
});

describe('a beacon from an EVM chain', () => {
  const [chainId, genesis] = [31_337, '11'.repeat(32)];
  const block = (height: number, fork = '') => ({
    hash: `${fork}${height.toString(16).padStart(2, '0')}`.padStart(64, 'a'),
    timeMs: 1_772_355_600_000 + height * 1000,
  });
  const blocks = (fork: (height: number) => string = () => '') =>
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [i + 1, block(i + 1, fork(i + 1))]));
  const node = (given: Partial<CannedEvmNode> = {}): CannedEvmNode => ({
    kind: 'evm',
    chainId,
    genesis,
    blocks: blocks(),
    finalized: 9,
    latest: 12,
    ...given,
  });
  const read = (...canned: CannedSource[]) =>
    readBeacon({ kind: 'evm', chainId, genesis, sources: cannedSources(canned).evm });
  const at = (height: number) => `evm-31337 ${height} ${block(height).hash}`;

  it('is the newest block that every source calls final which can tell', async () => {
    expect(await read(node())).toEqual({ beacon: at(9), problems: [] });
    expect((await read(node(), node({ finalized: 6 }))).beacon).toBe(at(6));
    expect((await read(node(), node({ finalized: null }))).beacon).toBe(at(9));
  });

  it('is none when no source tells what is final, or the one that does shows no block', async () => {
    expect(await read(node({ finalized: null }))).toEqual({
      beacon: null,
      problems: ['no source tells its newest final block'],
    });
    const look = await read(node({ finalized: null }), node({ blocks: {} }));
    expect(look.beacon).toBeNull();
    expect(look.problems.join()).toContain('no source that shows block 9 calls it final');
  });

  it('is never a block that is contradicted', async () => {
    expect((await read(node(), node(), node({ blocks: blocks(() => 'f') }))).beacon).toBeNull();
    const forked = node({ blocks: blocks((height) => (height > 7 ? 'f' : '')) });
    expect((await read(node(), forked)).beacon).toBe(at(7));
  });

  it('is never from a node of another chain, or of one that has lost block 0', async () => {
    const strangers = [
      node({ chainId: 1, finalized: 3 }),
      node({ genesis: 'ee'.repeat(32), finalized: 3 }),
      node({ genesis: null, finalized: 3 }),
    ];
    for (const stranger of strangers) {
      expect(await read(stranger)).toEqual({ beacon: null, problems: [expect.stringContaining('source-0.test')] });
      expect((await read(stranger, node())).beacon).toBe(at(9));
    }
  });

  it('is none when a source says that even the first block is not final', async () => {
    const [source] = cannedSources([node()]).evm as [EvmSource];
    const sources = [{ ...source, finalizedNumber: () => Promise.resolve(-1) }];
    expect((await readBeacon({ kind: 'evm', chainId, genesis, sources })).beacon).toBeNull();
  });
});
