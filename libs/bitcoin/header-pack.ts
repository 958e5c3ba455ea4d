import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { displayHash, equalHashes, type Sha256 } from './block-hash.js';
import { BLOCK_HEADER_BYTES, parseBlockHeader } from './block-header.js';
import { BitcoinError } from './error.js';
import { HeaderChain } from './header-chain.js';
import { type Network, type NetworkName, networkNamed, networkOfGenesis } from './network.js';
import { formatPinnedBlock, type HeaderAnchoring, pinnedBlocks, type PinnedBlock } from './pinned-block.js';

const HEAD_LINE = 'sealroot/headers@1\n';
const HEAD_PATTERN = /^sealroot\/headers@1\n([a-z0-9]+)\n(0|[1-9][0-9]{0,9})\n\n/;
/** Longest head, in bytes: its fixed line, a network's name, a height of ten digits and three line ends. */
const MAX_HEAD_BYTES = 64;

/** Consecutive block headers whose linkage and proof of work were checked. */
export interface HeaderPack {
  readonly network: Network;
  /** Height of the first header. */
  readonly startHeight: number;
  /** The highest pinned block among the headers, the caller's own before known ones: all headers up to it are proved by its hash, those after it
   * by their work. Without one the pack shows a chain that anybody can make, and decides nothing. */
  readonly anchored: HeaderAnchoring;
  /** Number of headers, at least one. */
  readonly count: number;
  /** Hash of the last header, 32 bytes, internal order. */
  readonly tipHash: Uint8Array;
  /** Expected number of hashes that went into these blocks. */
  readonly work: bigint;
  /** The chain of the headers, for the one caller that goes on with it. */
  readonly chain: HeaderChain;
  /** The 80 bytes at a height, or `undefined` outside the pack. */
  header(height: number): Uint8Array | undefined;
}

/** The head to put before concatenated headers. */
export function formatHeaderPackHead(network: NetworkName, startHeight: number): Uint8Array {
  if (!Number.isSafeInteger(startHeight) || startHeight < 0) {
    throw new BitcoinError('bad-pack', `Header pack: expected a height of 0 or more, got ${startHeight}`);
  }
  return utf8ToBytes(`${HEAD_LINE}${network}\n${startHeight}\n\n`);
}

/** A pack from its headers, 80 bytes each. Nothing is checked: `parseHeaderPack` does that. */
export function formatHeaderPack(
  network: NetworkName,
  startHeight: number,
  headers: readonly Uint8Array[],
): Uint8Array {
  return concatBytes(formatHeaderPackHead(network, startHeight), ...headers);
}

/**
 * Reads a header pack and checks every header: its link to the one before, its proof of work, and on networks with strict targets
 * that its target is the one the rules ask for. Throws `bad-pack`, `unknown-network`, `broken-chain`, `bad-work`, `bad-bits`,
 * `impossible-header`; `other-chain` when it has another block where the caller pinned one.
 * `hash` may be a faster SHA-256: a full chain is a million headers. `pins` are blocks that the caller knows, beside those known here.
 */
export function parseHeaderPack(
  bytes: Uint8Array,
  hash: Sha256 = sha256,
  pins: readonly PinnedBlock[] = [],
): HeaderPack {
  const { network: named, startHeight, headers } = splitHeaderPack(bytes);
  if (headers.length === 0 || headers.length % BLOCK_HEADER_BYTES !== 0) {
    throw new BitcoinError(
      'bad-pack',
      `Header pack: expected whole headers of ${BLOCK_HEADER_BYTES} bytes, got ${headers.length} bytes`,
    );
  }
  const count = headers.length / BLOCK_HEADER_BYTES;
  const at = (i: number): Uint8Array => headers.subarray(i * BLOCK_HEADER_BYTES, (i + 1) * BLOCK_HEADER_BYTES);

  const network = named ?? networkOfGenesis(parseBlockHeader(at(0), hash).hash);
  if (network === undefined) {
    throw new BitcoinError(
      'unknown-network',
      'Header pack: expected block 0 of a known network first, got another header',
    );
  }
  const chain = new HeaderChain(network, startHeight, hash);
  for (let i = 0; i < count; i++) chain.append(at(i));
  const hashAt = (height: number): Uint8Array | undefined =>
    height >= startHeight && height < startHeight + count
      ? parseBlockHeader(at(height - startHeight), hash).hash
      : undefined;

  return {
    network,
    startHeight,
    anchored: anchoringOf(network, { hashAt, startHeight, pins }),
    count,
    tipHash: chain.tip!.hash,
    work: chain.work,
    chain,
    header: (height) =>
      height >= startHeight && height < startHeight + count ? at(height - startHeight).slice() : undefined,
  };
}

function anchoringOf(
  network: Network,
  {
    hashAt,
    startHeight,
    pins,
  }: { hashAt: (height: number) => Uint8Array | undefined; startHeight: number; pins: readonly PinnedBlock[] },
): HeaderAnchoring {
  const within = (blocks: readonly PinnedBlock[]) =>
    blocks.filter(({ height }) => hashAt(height) !== undefined).toSorted((a, b) => b.height - a.height);
  const own = within(pins);
  const wrong = own.find(({ height, hash }) => !equalHashes(hashAt(height)!, hash));
  if (wrong !== undefined) {
    throw new BitcoinError(
      'other-chain',
      `Header pack: expected the pinned block ${formatPinnedBlock(wrong)}, got ${displayHash(hashAt(wrong.height)!)}`,
    );
  }
  if (own[0] !== undefined) return { status: 'pinned', by: 'caller', block: own[0] };
  // That these have their hashes was checked header by header.
  const [known] = within(pinnedBlocks(network));
  if (known !== undefined) return { status: 'pinned', by: 'known', block: known };
  return { status: 'unpinned', first: { height: startHeight, hash: hashAt(startHeight)! } };
}

/** A pack's two parts. `network` is undefined for one without head, which its first header tells. `headers` need not be whole. Throws
 * `bad-pack`, `unknown-network`. */
export function splitHeaderPack(bytes: Uint8Array): {
  network: Network | undefined;
  startHeight: number;
  headers: Uint8Array;
} {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, MAX_HEAD_BYTES));
  if (!start.startsWith(HEAD_LINE)) return { network: undefined, startHeight: 0, headers: bytes };
  const head = HEAD_PATTERN.exec(start);
  if (head === null) {
    throw new BitcoinError(
      'bad-pack',
      'Header pack: expected a head of network, start height and an empty line, got another',
    );
  }
  return {
    network: networkNamed(head[1]!),
    startHeight: Number(head[2]),
    headers: bytes.subarray(head[0].length),
  };
}
