import type { Answer, Finality, ShownBlock, Silence } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import { formatTime } from '#statement/time.js';

/** Why something that names a block was not decided by sources. */
export type UndecidedReason = 'contradicted' | 'absent' | 'no-answer' | 'not-asked';

/** Facts of an anchoring whose block is shown. */
export interface ShownFacts {
  height: number;
  /** As explorers show it, hex without `0x`. */
  hash: string;
  /** The block's own time (RFC 3339). */
  time: string;
  standing: Standing;
  finality: Finality;
  /** Blocks from this one to the tip, where a source can tell. */
  depth: number | null;
  sources: string[];
  silent: Silence[];
}

/** Facts of a block that sources did not decide about. */
export interface UndecidedFacts {
  reason: UndecidedReason;
  /** The blocks that contradict each other. */
  blocks: ShownBlock[];
  silent: Silence[];
}

/** The facts of an anchoring whose block sources show; `timeMs` where the anchoring itself proves the time. */
export function shownFacts(answer: Extract<Answer, { outcome: 'shown' }>, timeMs = answer.block.timeMs): ShownFacts {
  const { block, depth, finality, silent, standing } = answer;
  const { hash, height, sources } = block;
  return { height, hash, time: formatTime(timeMs), standing, finality, depth, sources, silent };
}

/** The facts of a block that sources did not decide about. */
export function undecidedFacts(answer: Exclude<Answer, { outcome: 'shown' | 'another' }>): UndecidedFacts {
  const blocks = answer.outcome === 'contradicted' ? answer.blocks : [];
  return { reason: answer.outcome, blocks, silent: answer.silent };
}
