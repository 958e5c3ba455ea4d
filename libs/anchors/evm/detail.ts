import { chainName } from '#evm/chain.js';
import { type EvmProgress, spentOn } from './progress.js';

/** What a sentence needs beside the progress. */
export interface DetailParts {
  /** What kept this attempt from going on; null when nothing did. */
  readonly obstacle: string | null;
  /** What is wrong with nodes, by name. */
  readonly problems: ReadonlyMap<string, string>;
  readonly nextTry: Date;
  /** Hash of the chain's block 0, hex with `0x`. */
  readonly genesis: string;
}

const seconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
const at = (time: string): string => seconds(new Date(time));

/** The sentence that says where a submission stands. */
export function evmDetail(progress: EvmProgress, { obstacle, problems, nextTry, genesis }: DetailParts): string {
  const sentence = [...standing(progress, genesis)];
  if (obstacle !== null) sentence.push(obstacle);
  for (const [name, problem] of problems) sentence.push(`${name} ${problem}`);
  if (obstacle !== null || problems.size > 0) sentence.push(`next try at ${seconds(nextTry)}`);
  return sentence.join(', ');
}

function standing(progress: EvmProgress, genesis: string): string[] {
  const { block, transactions, round, chainId, startedAt } = progress;
  const chain = chainName(chainId, genesis);
  const spent = spentOn(progress).amount;
  if (block !== null) {
    const depth = block.final ? 'final' : `confirmed (${block.depth} ${block.depth === 1 ? 'block' : 'blocks'})`;
    return [
      `${depth} in ${chain} block ${block.number}`,
      `so no later than ${at(block.time)}`,
      `transaction ${block.transaction}`,
      `fee ${spent} wei`,
    ];
  }
  const sent = transactions.filter((transaction) => transaction.accepted);
  const last = sent.at(-1);
  if (last === undefined) return [transactions.length > 0 ? 'transaction signed, not sent yet' : 'not submitted yet'];
  const versions = sent.filter((transaction) => transaction.round === round).length;
  return [
    `sent in transaction ${last.hash}`,
    ...(versions > 1 ? [`version ${versions}`] : []),
    `fee at most ${spent} wei`,
    `waiting for ${chain} since ${at(sent[0]?.offeredAt ?? startedAt)}`,
  ];
}
