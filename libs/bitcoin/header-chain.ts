import { sha256 } from '@noble/hashes/sha2.js';
import { equalHashes, type Sha256 } from './block-hash.js';
import { type BlockHeader, checkProofOfWork, parseBlockHeader } from './block-header.js';
import { BitcoinError } from './error.js';
import { checkHeaderPlace } from './header-place.js';
import type { Network } from './network.js';
import { nextBits, RETARGET_BLOCKS, targetFromBits, workOfTarget } from './proof-of-work.js';

/** A span of time that makes a retarget as easy as the rules allow, in seconds. */
const LONGEST_PERIOD_SECONDS = 0x7fffffff;

/**
 * Checks consecutive headers one after the other: the link to the one before, the proof of work, the place, and on networks with strict
 * targets that the target is the one the rules ask for. Keeps no header but the few it needs.
 */
export class HeaderChain {
  #tip: BlockHeader | undefined;
  /** The first header of the running retarget period, once it was seen. */
  #periodStart: BlockHeader | undefined;
  #work = 0n;
  #count = 0;

  /** `hash` may be a faster SHA-256: a full chain is a million headers. */
  constructor(
    readonly network: Network,
    readonly startHeight: number,
    private readonly hash: Sha256 = sha256,
  ) {}

  /** Number of headers so far. */
  get count(): number {
    return this.#count;
  }

  /** The newest header; undefined before the first. */
  get tip(): BlockHeader | undefined {
    return this.#tip;
  }

  /** Expected number of hashes that went into the headers so far. */
  get work(): bigint {
    return this.#work;
  }

  /** The same headers so far, in a chain that goes on by itself. */
  copy(): HeaderChain {
    const copy = new HeaderChain(this.network, this.startHeight, this.hash);
    copy.#tip = this.#tip;
    copy.#periodStart = this.#periodStart;
    copy.#work = this.#work;
    copy.#count = this.#count;
    return copy;
  }

  /** Takes the 80 bytes that follow. Throws `bad-header`, `broken-chain`, `bad-work`, `bad-bits` or `impossible-header`; the chain is then as before. */
  append(bytes: Uint8Array): BlockHeader {
    const { network } = this;
    const header = parseBlockHeader(bytes, this.hash);
    const height = this.startHeight + this.#count;
    const previous = this.#tip;
    if (height === 0 && !equalHashes(header.hash, network.genesisHash)) {
      throw new BitcoinError(
        'broken-chain',
        `Header pack: expected block 0 of ${network.name} first, got another header`,
      );
    }
    if (previous !== undefined && !equalHashes(header.previousHash, previous.hash)) {
      throw new BitcoinError(
        'broken-chain',
        `Header pack: expected block ${height} to name the block before it, got another hash`,
      );
    }
    checkProofOfWork(header, network);
    checkHeaderPlace(header, height, network);
    if (network.strictTargets && previous !== undefined) {
      checkTarget(height, header, previous, this.#periodStart, network);
    }
    if (height % RETARGET_BLOCKS === 0) this.#periodStart = header;
    this.#work += workOfTarget(targetFromBits(header.bits));
    this.#tip = header;
    this.#count++;
    return header;
  }
}

/** Throws `bad-work` unless a header's target follows from the headers before it, as far as they are known. */
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
    // The period began before the first header: the exact target is unknown, but not how easy it can have become.
    fits = targetFromBits(header.bits) <= targetFromBits(nextBits(previous.bits, 0, LONGEST_PERIOD_SECONDS, limit));
  }
  if (!fits) {
    throw new BitcoinError(
      'bad-work',
      `Header pack: expected block ${height} to have the target that follows from its chain, got another`,
    );
  }
}
