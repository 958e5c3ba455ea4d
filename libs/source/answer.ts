import type { Chain, Standing } from './chain.js';

/** How sure it is that a block stays in its chain. */
export type Finality =
  /** By the rule of its chain. */
  | 'final'
  /** In the chain, but a reorganisation may still remove it. */
  | 'confirmed'
  /** No source could tell. */
  | 'unknown';

/** A source that was asked and contributed nothing, and why. */
export interface Silence {
  source: string;
  /**
   * - `unreachable`: no answer, or one that says "not now" or "not you";
   * - `no-such-block`: its chain ends before that height;
   * - `bad-answer`: an answer that cannot be right, such as a header without its work;
   * - `contradicted`: it asks others itself, and they contradict each other;
   * - `other-chain`: it serves another chain than the one asked about, so it is no witness here;
   * - `unknown-chain`: it cannot tell which chain it serves, or serves one without a name here, so it is no witness here;
   * - `unpinned`: a file of headers that nothing ties to the chain, so it is no witness here.
   */
  reason:
    'unreachable' | 'no-such-block' | 'bad-answer' | 'contradicted' | 'other-chain' | 'unknown-chain' | 'unpinned';
  /** What it said, a sentence of the source's own for people who look into it; holds no credentials. */
  detail: string;
}

/** A block as one or more sources show it, one and the same for all of them. */
export interface ShownBlock {
  height: number;
  /** As explorers show it, hex without `0x`. */
  hash: string;
  /** As explorers show it; of Bitcoin blocks only. */
  merkleRoot?: string;
  /** The 80 bytes, hex; of Bitcoin blocks only. */
  header?: string;
  /** The block's own time, in milliseconds since 1970. */
  timeMs: number;
  chain: Chain;
  /** Names of the sources that show exactly this. */
  sources: string[];
}

/** What the sources together say to a question about a block: one outcome, whoever asks. */
export type Answer =
  /** At least one source shows the block asked about, and no source shows another. */
  | {
      outcome: 'shown';
      block: ShownBlock;
      standing: Standing;
      finality: Finality;
      /** Blocks from this one to the tip, both included, by the source that knows fewest; null where none can tell. */
      depth: number | null;
      /** Height up to which blocks are final, by the source that is least far; null where none can tell. */
      finalHeight: number | null;
      /** Sources that show the block and could not be asked what is final; absent where there are none. */
      unsure?: Silence[];
      silent: Silence[];
    }
  /** Every source that has a block at that height shows one and the same other block. */
  | { outcome: 'another'; block: ShownBlock; standing: Standing; silent: Silence[] }
  /**
   * The sources show different blocks, or different times of one block, or blocks of different chains, so none of them decides anything.
   * `blocks` are all that were shown: fewer than two only where a source says that those it asked contradict each other.
   */
  | { outcome: 'contradicted'; blocks: ShownBlock[]; silent: Silence[] }
  /** Every source of that chain says that it has no block at that height. */
  | { outcome: 'absent'; silent: Silence[] }
  /** Sources of that chain were asked, and at least one of them gave no usable answer; none shows a block. */
  | { outcome: 'no-answer'; silent: Silence[] }
  /** No source was given, or none that is known to serve that chain. */
  | { outcome: 'not-asked'; silent: Silence[] };
