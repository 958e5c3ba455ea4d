import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { displayHash, parseDisplayHash } from './block-hash.js';
import { parseBlockHeader } from './block-header.js';
import { checkHeaderPlace, parseHeaderAt } from './header-place.js';
import { formatHeaderPack, parseHeaderPack } from './header-pack.js';
import { NETWORKS } from './network.js';
import { formatPinnedBlock, knownBlock, parsePinnedBlock, pinnedBlocks } from './pinned-block.js';
import { checkWork } from './proof-of-work.js';
import { mineChain, mineHeader } from './testing/mined-header.js';

const fails = (code: string) => expect.objectContaining({ name: 'BitcoinError', code });
const { regtest, mainnet, testnet } = NETWORKS;
const chain = mineChain([1, 2, 3, 4, 5].map((i) => new Uint8Array(32).fill(i)));
const hashAt = (height: number) => parseBlockHeader(chain[height]!).hash;
const vectors = JSON.parse(readFileSync(new URL('vectors/headers.json', import.meta.url), 'utf8')) as {
  network: string;
  height: number;
  header: string;
}[];
const [block0, block1] = vectors.map(({ header }) => hexToBytes(header)) as [Uint8Array, Uint8Array];

describe('a header that cannot stand where it is said to', () => {
  const first = mineHeader({ previousHash: new Uint8Array(32) });
  const impossible: [string, Uint8Array, number, typeof regtest | undefined][] = [
    ['one that names no block before it, above height 0', first, 7, regtest],
    ['the same where the network is not known', first, 7, undefined],
    ['one that names a block before it, at height 0', chain[3]!, 0, undefined],
    ['a made-up block 0 of a network', first, 0, regtest],
    ['a known block 0 elsewhere', chain[0]!, 1, regtest],
    ["another network's block 0", block0, 0, regtest],
    ['block 1 elsewhere', chain[1]!, 2, regtest],
    ['block 1 of another network', block1, 1, testnet],
    ['block 1 elsewhere where the network is not known', block1, 2, undefined],
    ['a block at a height whose block is known', mineHeader({}), 800_000, mainnet],
  ];

  it.each(impossible)('is refused by code: %s', (_, bytes, height, network) => {
    expect(() => checkHeaderPlace(parseBlockHeader(bytes), height, network)).toThrow(fails('impossible-header'));
  });

  it('is refused when it names itself', () => {
    const header = parseBlockHeader(chain[1]!);
    expect(() => checkHeaderPlace({ ...header, previousHash: header.hash }, 1)).toThrow(fails('impossible-header'));
  });

  it('makes a pack unreadable', () => {
    expect(() => parseHeaderPack(formatHeaderPack('regtest', 7, [first]))).toThrow(fails('impossible-header'));
    expect(() => parseHeaderPack(formatHeaderPack('regtest', 1, chain))).toThrow(fails('impossible-header'));
    expect(() => parseHeaderPack(formatHeaderPack('regtest', 2, chain.slice(1)))).toThrow(fails('impossible-header'));
  });
});

it('headers that stand where they belong are read, with and without their network', () => {
  for (const { network, height, header } of vectors) {
    for (const known of [NETWORKS[network as 'mainnet'], undefined])
      expect(bytesToHex(parseHeaderAt(hexToBytes(header), height, known).hash)).toHaveLength(64);
  }
});

it('networks and pinned blocks stand in the specification as they are here', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const rows = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, ...cells]) => cells);
  const networks = Object.values(NETWORKS);
  expect(rows(/^\| (\w+) +\| `([0-9a-f]{8})` +\| `([0-9a-f]{64})` \| (\w+) +\| (yes|no) +\|/gm)).toEqual(
    networks.map(({ name, powLimitBits, genesisHash, coreName, test }) => [
      name,
      powLimitBits.toString(16),
      displayHash(genesisHash),
      coreName,
      test ? 'yes' : 'no',
    ]),
  );
  const further = networks.flatMap((network) =>
    pinnedBlocks(network)
      .slice(1)
      .map((block) => ({ network, block })),
  );
  expect(rows(/^\| (\w+) +\| (\d+) +\| `([0-9a-f]{64})` \|/gm)).toEqual(
    further.map(({ network, block }) => [network.name, String(block.height), displayHash(block.hash)]),
  );
});

describe('pinned blocks', () => {
  it('are those that bcoin names, at the same heights, and meet their network’s limit', () => {
    const core = createRequire(import.meta.url)('bcoin/lib/protocol/networks.js') as Record<
      string,
      { checkpointMap: Record<number, string>; genesis: { hash: string } }
    >;
    const names = { mainnet: 'main', testnet: 'testnet', regtest: 'regtest' } as const;
    let compared = 0;
    for (const [name, coreName] of Object.entries(names)) {
      const network = NETWORKS[name as keyof typeof names];
      expect(bytesToHex(network.genesisHash)).toBe(core[coreName]!.genesis.hash);
      for (const { height, hash } of pinnedBlocks(network).slice(1)) {
        checkWork(hash, network.powLimitBits, network.powLimitBits);
        const other = core[coreName]!.checkpointMap[height];
        if (other === undefined) continue;
        expect(bytesToHex(hash), `${name} ${height}`).toBe(other);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('are known by their hash alone, lowest first, none twice', () => {
    for (const network of Object.values(NETWORKS)) {
      const blocks = pinnedBlocks(network);
      expect(blocks.map(({ height }) => height)).toEqual(
        [...new Set(blocks.map(({ height }) => height))].toSorted((a, b) => a - b),
      );
      for (const { hash, height } of blocks) expect(knownBlock(hash)).toEqual({ network, height });
    }
    expect(knownBlock(hashAt(1))).toBeUndefined();
  });

  it('are read from HEIGHT:HASH, the hash in either case', () => {
    const text = `${800_000}:${displayHash(pinnedBlocks(mainnet).at(-1)!.hash)}`;
    for (const same of [text, text.toUpperCase()]) expect(formatPinnedBlock(parsePinnedBlock(same))).toBe(text);
    for (const wrong of [
      '',
      '1',
      '1:',
      `01:${'0'.repeat(64)}`,
      `1:${'0'.repeat(63)}`,
      `${2 ** 31}:${'0'.repeat(64)}`,
      ` ${text}`,
    ])
      expect(() => parsePinnedBlock(wrong), wrong).toThrow(fails('bad-pin'));
  });
});

describe('a header pack', () => {
  const pin = (height: number) => ({ height, hash: hashAt(height) });
  const later = formatHeaderPack('regtest', 2, chain.slice(2));

  it('from block 0 hangs on that', () => {
    expect(parseHeaderPack(concatBytes(...chain)).anchored).toEqual({ status: 'pinned', by: 'known', block: pin(0) });
  });

  it('that begins anywhere is unpinned', () => {
    expect(parseHeaderPack(later).anchored).toEqual({ status: 'unpinned', first: pin(2) });
  });

  it('hangs on the highest block that its caller pins, wherever in it that is', () => {
    const pins = [pin(2), pin(4), { height: 900, hash: new Uint8Array(32) }];
    const anchored = { status: 'pinned', by: 'caller', block: pin(4) };
    expect(parseHeaderPack(later, undefined, pins).anchored).toEqual(anchored);
    expect(parseHeaderPack(later, undefined, [pin(1)]).anchored.status).toBe('unpinned');
  });

  it('with another block than the pinned one is of another chain', () => {
    const wrong = { height: 3, hash: parseDisplayHash('11'.repeat(32)) };
    expect(() => parseHeaderPack(later, undefined, [pin(2), wrong])).toThrow(fails('other-chain'));
  });
});
