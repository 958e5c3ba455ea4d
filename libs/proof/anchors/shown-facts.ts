import type { Answer, ShownBlock, Silence } from '#source/answer.js';
import { formatTime } from '#statement/time.js';
import type { ShownFacts, UndecidedReason } from '../finding.js';

/** The facts of an anchoring whose block sources show; `timeMs` where the anchoring itself proves the time. */
export function shownFacts(answer: Extract<Answer, { outcome: 'shown' }>, timeMs = answer.block.timeMs): ShownFacts {
  const { block, depth, finality, silent, standing } = answer;
  const { hash, height, sources } = block;
  return { height, hash, time: formatTime(timeMs), standing, finality, depth, sources, silent };
}

/** The facts of a block that sources did not decide about. */
export function undecidedFacts(answer: Exclude<Answer, { outcome: 'shown' | 'another' }>): {
  reason: UndecidedReason;
  blocks: ShownBlock[];
  silent: Silence[];
} {
  const blocks = answer.outcome === 'contradicted' ? answer.blocks : [];
  return { reason: answer.outcome, blocks, silent: answer.silent };
}
