import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalHashes, type Sha256 } from './block-hash.js';
import { BLOCK_HEADER_BYTES, type BlockHeader, checkProofOfWork, parseBlockHeader } from './block-header.js';
import { type BlockSource, BlockSourceError, checkHeight } from './block-source.js';
import { BitcoinError } from './error.js';
import { type Network, type NetworkName, networkNamed, networkOfGenesis } from './network.js';
import { nextBits, RETARGET_BLOCKS, targetFromBits, workOfTarget } from './proof-of-work.js';

const HEAD_LINE = 'sealroot/headers@1\n';
const HEAD_PATTERN = /^sealroot\/headers@1\n([a-z0-9]+)\n(0|[1-9][0-9]{0,9})\n\n/;
/** Longest head, in bytes: its fixed line, a network's name, a height of ten digits and three line ends. */
const MAX_HEAD_BYTES = 64;
/** A span of time that makes a retarget as easy as the rules allow, in seconds. */
const LONGEST_PERIOD_SECONDS = 0x7fffffff;

/** Consecutive block headers whose linkage and proof of work were checked. */
export interface HeaderPack {
  readonly network: Network;
  /** Height of the first header. Above 0, the pack proves nothing about the chain before it: its origin is trusted. */
  readonly startHeight: number;
  /** Number of headers, at least one. */
  readonly count: number;
  /** Hash of the last header, 32 bytes, internal order. */
  readonly tipHash: Uint8Array;
  /** Expected number of hashes that went into these blocks. */
  readonly work: bigint;
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
 * that its target is the one the rules ask for. Throws `bad-pack`, `unknown-network`, `broken-chain`, `bad-work`, `bad-bits`.
 * `hash` may be a faster SHA-256: a full chain is a million headers.
 */
export function parseHeaderPack(bytes: Uint8Array, hash: Sha256 = sha256): HeaderPack {
  const { network: named, startHeight, headers } = splitPack(bytes);
  if (headers.length === 0 || headers.length % BLOCK_HEADER_BYTES !== 0) {
    throw new BitcoinError(
      'bad-pack',
      `Header pack: expected whole headers of ${BLOCK_HEADER_BYTES} bytes, got ${headers.length} bytes`,
    );
  }
  const count = headers.length / BLOCK_HEADER_BYTES;
  const at = (i: number): Uint8Array => headers.subarray(i * BLOCK_HEADER_BYTES, (i + 1) * BLOCK_HEADER_BYTES);

  const first = parseBlockHeader(at(0), hash);
  const network = named ?? networkOfGenesis(first.hash);
  if (network === undefined) {
    throw new BitcoinError(
      'unknown-network',
      'Header pack: expected block 0 of a known network first, got another header',
    );
  }
  if (startHeight === 0 && !equalHashes(first.hash, network.genesisHash)) {
    throw new BitcoinError(
      'broken-chain',
      `Header pack: expected block 0 of ${network.name} first, got another header`,
    );
  }

  let previous: BlockHeader | undefined;
  // The first header of the running retarget period, once the pack holds it.
  let periodStart: BlockHeader | undefined;
  let work = 0n;
  for (let i = 0; i < count; i++) {
    const height = startHeight + i;
    const header = i === 0 ? first : parseBlockHeader(at(i), hash);
    if (previous !== undefined && !equalHashes(header.previousHash, previous.hash)) {
      throw new BitcoinError(
        'broken-chain',
        `Header pack: expected block ${height} to name the block before it, got another hash`,
      );
    }
    checkProofOfWork(header, network);
    if (network.strictTargets && previous !== undefined) checkTarget(height, header, previous, periodStart, network);
    if (height % RETARGET_BLOCKS === 0) periodStart = header;
    work += workOfTarget(targetFromBits(header.bits));
    previous = header;
  }

  return {
    network,
    startHeight,
    count,
    tipHash: previous!.hash,
    work,
    header: (height) =>
      height >= startHeight && height < startHeight + count ? at(height - startHeight).slice() : undefined,
  };
}

/** Options of a pack source. */
export interface PackSourceOptions {
  /** How results name the source; "header pack" unless given. */
  readonly name?: string | undefined;
  /** A faster SHA-256 for the check on load. */
  readonly sha256?: Sha256 | undefined;
}

/** A source that answers from the bytes of a header pack, which is checked first. Throws what `parseHeaderPack` throws. */
export function createPackSource(pack: Uint8Array, options: PackSourceOptions = {}): BlockSource {
  const parsed = parseHeaderPack(pack, options.sha256);
  const name = options.name ?? 'header pack';
  const last = parsed.startHeight + parsed.count - 1;
  return {
    name,
    network: () => Promise.resolve(parsed.network.name),
    tip: () => Promise.resolve(last),
    async header(height) {
      checkHeight(name, height);
      const header = parsed.header(height);
      if (header !== undefined) return header;
      throw new BlockSourceError(
        'no-such-block',
        `${name}: expected a height from ${parsed.startHeight} to ${last}, got ${height}`,
      );
    },
  };
}

function splitPack(bytes: Uint8Array): { network: Network | undefined; startHeight: number; headers: Uint8Array } {
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

/** Throws `bad-work` unless a header's target follows from the headers before it, as far as the pack holds them. */
function checkTarget(
  height: number,
  header: BlockHeader,
  previous: BlockHeader,
  periodStart: BlockHeader | undefined,
  network: Network,
): void {
  const limit = network.powLimitBits;
  let fits: boolean;
  if (height % RETARGET_BLOCKS !== 0) {
    fits = header.bits === previous.bits;
  } else if (periodStart !== undefined) {
    fits = header.bits === nextBits(previous.bits, periodStart.time, previous.time, limit);
  } else {
    // The period began before the pack: the exact target is unknown, but not how easy it can have become.
    fits = targetFromBits(header.bits) <= targetFromBits(nextBits(previous.bits, 0, LONGEST_PERIOD_SECONDS, limit));
  }
  if (!fits) {
    throw new BitcoinError(
      'bad-work',
      `Header pack: expected block ${height} to have the target that follows from its chain, got another`,
    );
  }
}
