import { bytesToHex } from '@noble/hashes/utils.js';
import { displayHash, equalHashes } from '#bitcoin/block-hash.js';
import type { BlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from './block-source.js';
import { parseHeaderAt } from '#bitcoin/header-place.js';
import { NETWORKS, type NetworkName } from '#bitcoin/network.js';
import { formatPinnedBlock } from '#bitcoin/pinned-block.js';
import { faultOf, once, onceEach, type SeenBlock, type Testimony } from './testimony.js';
import type { BitcoinQuestion } from './question.js';

/** Blocks, the one asked about included, that make a Bitcoin block final. */
export const BITCOIN_FINAL_BLOCKS = 6;

/** What a Bitcoin source says to each question; it is asked once for each thing. Never rejects. */
export function bitcoinWitness(source: BlockSource): (question: BitcoinQuestion) => Promise<Testimony> {
  const { name, anchored } = source;
  const network = once(name, () => source.network?.());
  const tip = once(name, () => source.tip?.());
  const header = onceEach(name, (height) => source.header(height));

  return async ({ height, network: meant, expected }) => {
    const silence = (fault: ReturnType<typeof faultOf>): Testimony => ({ kind: 'silence', source: name, ...fault });
    if (anchored?.status === 'unpinned')
      return silence({
        reason: 'unpinned',
        detail: `begins with block ${formatPinnedBlock(anchored.first)}, and holds no block that is pinned`,
      });
    const served = await network();
    // Of block 0, not of the one asked about.
    if (served.fault?.reason === 'no-such-block') return silence({ ...served.fault, reason: 'unknown-chain' });
    if (served.fault !== undefined) return silence(served.fault);
    if (served.value === undefined || !Object.hasOwn(NETWORKS, served.value))
      return silence({
        reason: 'unknown-chain',
        detail: 'does not tell which network it serves, or serves one that is not known here',
      });
    const on: NetworkName = served.value;
    if (meant !== undefined && on !== meant)
      return silence({ reason: 'other-chain', detail: `serves ${on}, not ${meant}` });

    const [shown, newest] = await Promise.all([header(height), tip()]);
    if (shown.fault !== undefined) return silence(shown.fault);
    let bytes: Uint8Array;
    let read: BlockHeader;
    try {
      bytes = Uint8Array.from(shown.value);
      read = parseHeaderAt(bytes, height, NETWORKS[on]);
    } catch (error) {
      return silence({ ...faultOf(name, error), reason: 'bad-answer' });
    }
    const block: SeenBlock = {
      height,
      hash: displayHash(read.hash),
      merkleRoot: displayHash(read.merkleRoot),
      header: bytesToHex(bytes),
      timeMs: read.time * 1000,
      chain: { kind: 'bitcoin', network: on },
    };
    const depth = newest.fault === undefined ? depthOf(height, newest.value) : null;
    return {
      kind: 'block',
      source: name,
      block,
      expected: isExpected(read, block.hash, expected),
      depth,
      finalHeight: depth === null ? null : height + depth - BITCOIN_FINAL_BLOCKS,
      unsure: newest.fault,
    };
  };
}

/** Blocks from a height to the newest, both included; null when the newest is not known. */
export function depthOf(height: number, newest: unknown): number | null {
  if (!Number.isSafeInteger(newest) || (newest as number) < 0) return null;
  // The newest was asked for once, perhaps before this block came.
  return Math.max(1, (newest as number) - height + 1);
}

function isExpected(header: BlockHeader, hash: string, expected: BitcoinQuestion['expected']): boolean {
  if (expected === null) return true;
  return 'hash' in expected ? expected.hash === hash : equalHashes(expected.merkleRoot, header.merkleRoot);
}
