import type { BitcoinProgress } from './progress.js';

/** A time in a sentence: to the second, UTC. */
const at = (time: string | Date): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** What the sentence is made of, beside the progress. */
export interface DetailParts {
  /** How the chain is called; null when the node has not said. */
  readonly chain: string | null;
  readonly finalBlocks: number;
  /** What kept this attempt from going on; null when nothing did. */
  readonly obstacle: string | null;
  readonly nextTry: Date;
}

/** The sentence that says where a submission stands. */
export function bitcoinDetail(progress: BitcoinProgress, parts: DetailParts): string {
  const { obstacle, finalBlocks, nextTry } = parts;
  const sentence = [...standing(progress, parts.chain ?? 'Bitcoin', finalBlocks)];
  if (obstacle !== null) sentence.push(obstacle, `next try at ${at(nextTry)}`);
  return sentence.join(', ');
}

function standing(
  { block, transactions, round, startedAt }: BitcoinProgress,
  chain: string,
  finalBlocks: number,
): string[] {
  if (block !== null) {
    const fee = transactions.find(({ txid }) => txid === block.txid)?.feeSats ?? 0;
    const depth = block.depth >= finalBlocks ? 'final' : `confirmed (${block.depth} of ${finalBlocks} blocks)`;
    return [
      `${depth} in ${chain} block ${block.height}`,
      `so no later than ${at(block.time)}`,
      `transaction ${block.txid}`,
      `fee ${fee} sat`,
    ];
  }
  const sent = transactions.filter((transaction) => transaction.accepted);
  const last = sent.at(-1);
  if (last === undefined) return [transactions.length > 0 ? 'transaction signed, not sent yet' : 'not submitted yet'];
  const versions = sent.filter((transaction) => transaction.round === round).length;
  return [
    `sent in transaction ${last.txid}`,
    ...(versions > 1 ? [`version ${versions}`] : []),
    `fee ${last.feeSats} sat`,
    `waiting for ${chain} since ${at(sent[0]?.offeredAt ?? startedAt)}`,
  ];
}
