import { at } from '../at.js';
import { currentVersions, type Progress, type Version } from './progress.js';

/** How a chain is spoken of. */
export interface ChainWords {
  /** Such as `Bitcoin`. */
  readonly chain: string;
  /** The unit of its amounts. */
  readonly unit: string;
  /** Blocks to finality; null where the chain has a rule of its own. */
  readonly finalBlocks: number | null;
}

/** The sentence that says where a submission stands. `notes`: what is in the way, or should be known beside. */
export function payingDetail(
  progress: Progress<Version>,
  words: ChainWords,
  notes: readonly string[],
  nextTry: Date,
): string {
  const end = notes.length > 0 ? [...notes, `next try at ${at(nextTry)}`] : [];
  return [...standing(progress, words), ...end].join(', ');
}

function standing(progress: Progress<Version>, { chain, unit, finalBlocks }: ChainWords): string[] {
  const { block, transactions, startedAt } = progress;
  if (block !== null) {
    const blocks = finalBlocks === null ? `${block.depth}` : `${block.depth} of ${finalBlocks}`;
    const depth = block.final ? 'final' : `confirmed (${blocks} ${blocks === '1' ? 'block' : 'blocks'})`;
    return [
      `${depth} in ${chain} block ${block.number}`,
      `so no later than ${at(block.time)}`,
      `transaction ${block.transaction}`,
      `fee ${block.paid} ${unit}`,
    ];
  }
  const sent = transactions.filter(({ accepted }) => accepted);
  const last = sent.at(-1);
  if (last === undefined) return [transactions.length > 0 ? 'transaction signed, not sent yet' : 'not submitted yet'];
  const versions = currentVersions(progress).filter(({ accepted }) => accepted).length;
  return [
    `sent in transaction ${last.id}`,
    ...(versions > 1 ? [`version ${versions}`] : []),
    `fee at most ${last.cost} ${unit}`,
    `waiting for ${chain} since ${at(sent[0]?.offeredAt ?? startedAt)}`,
  ];
}
