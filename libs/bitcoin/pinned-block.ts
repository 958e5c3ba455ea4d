import { displayHash, equalHashes, parseDisplayHash } from './block-hash.js';
import { BitcoinError } from './error.js';
import { NETWORKS, type Network, type NetworkName } from './network.js';

/** A block that is known to be in a chain: from it headers can be checked in both directions. */
export interface PinnedBlock {
  readonly height: number;
  /** 32 bytes, internal order. */
  readonly hash: Uint8Array;
}

/** What a run of headers hangs on. Without a pinned block it is a chain of its own, made by anybody, and decides nothing. */
export type HeaderAnchoring =
  | { readonly status: 'pinned'; readonly by: 'known' | 'caller'; readonly block: PinnedBlock }
  | { readonly status: 'unpinned'; readonly first: PinnedBlock };

const pinned = (height: number, hash: string): PinnedBlock => ({ height, hash: parseDisplayHash(hash) });

/** Blocks of the main chain that several independent implementations name; the README says which. */
const MAINNET = [
  pinned(11111, '0000000069e244f73d78e8fd29ba2fd2ed618bd6fa2ee92559f542fdb26e7c1d'),
  pinned(105000, '00000000000291ce28027faea320c8d2b054b2e0fe44a773f3eefb151d6bdc97'),
  pinned(210000, '000000000000048b95347e83192f69cf0366076336c639f9b7228e9ba171342e'),
  pinned(250000, '000000000000003887df1f29024b06fc2200b55f8af8f35453d7be294df2d214'),
  pinned(300255, '0000000000000000162804527c6e9b9f0563a280525f9d08c12041def0a0f3b2'),
  pinned(352940, '000000000000000010755df42dba556bb72be6a32f3ce0b6941ce4430152c9ff'),
  pinned(382320, '00000000000000000a8dc6ed5b133d0eb2fd6af56203e4159789b092defd8ab2'),
  pinned(460000, '000000000000000000ef751bbce8e744ad303c47ece06c8d863e4d417efc258c'),
  pinned(490000, '000000000000000000de069137b17b8d5a3dfbd5b145b2dcfb203f15d0c4de90'),
  pinned(550000, '000000000000000000223b7a2298fb1c6c75fb0efc28a4c56853ff4112ec6bc9'),
  pinned(654683, '0000000000000000000b9d2ec5a352ecba0592946514a92f14319dc2b367fc72'),
  pinned(800000, '00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054'),
];

const TESTNET = [
  pinned(546, '000000002a936ca763904c3c35fce2f3556c559c0214345d31b1bcebf76acb70'),
  pinned(100000, '00000000009e2958c15ff9290d571bf9459e93b19765c6801ddeccadbb160a1e'),
  pinned(700000, '000000000000406178b12a4dea3b27e13b3c4fe4510994fd667d7c1e6a3f4dc1'),
];

const MORE: Partial<Record<NetworkName, readonly PinnedBlock[]>> = { mainnet: MAINNET, testnet: TESTNET };

const PINNED: ReadonlyMap<NetworkName, readonly PinnedBlock[]> = new Map(
  Object.values(NETWORKS).map(({ name, genesisHash }) => [
    name,
    [{ height: 0, hash: genesisHash }, ...(MORE[name] ?? [])],
  ]),
);

/** The blocks that are known of a network, lowest first; block 0 of each is among them. */
export const pinnedBlocks = ({ name }: Network): readonly PinnedBlock[] => PINNED.get(name)!;

/** Known blocks by the first four bytes of their hashes: a pack asks for a million that are none. */
const BY_START: ReadonlyMap<number, { network: Network; block: PinnedBlock }> = new Map(
  Object.values(NETWORKS).flatMap((network) =>
    pinnedBlocks(network).map((block) => [startOf(block.hash), { network, block }] as const),
  ),
);

/** The network and height of a block that is known by its hash (32 bytes, internal order); undefined for any other. */
export function knownBlock(hash: Uint8Array): { network: Network; height: number } | undefined {
  const found = BY_START.get(startOf(hash));
  if (found === undefined || !equalHashes(found.block.hash, hash)) return undefined;
  return { network: found.network, height: found.block.height };
}

function startOf(hash: Uint8Array): number {
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}

/** A pin of the caller's own, `HEIGHT:HASH` with the hash as explorers show it, in either case. Throws `bad-pin`. */
export function parsePinnedBlock(text: string): PinnedBlock {
  const [, height, hash] = /^(0|[1-9][0-9]{0,9}):([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (height === undefined || hash === undefined || Number(height) > MAX_HEIGHT)
    throw new BitcoinError(
      'bad-pin',
      `Reading a pinned block: expected HEIGHT:HASH, got ${JSON.stringify(text.slice(0, 100))}`,
    );
  return { height: Number(height), hash: parseDisplayHash(hash.toLowerCase()) };
}

/** Heights are 32-bit numbers with a sign in Bitcoin. */
const MAX_HEIGHT = 0x7fffffff;

/** A pinned block as {@link parsePinnedBlock} reads it. */
export const formatPinnedBlock = ({ height, hash }: PinnedBlock): string => `${height}:${displayHash(hash)}`;
