import type { Hex } from 'viem';
import type { Account, FreshTransaction } from './account.js';
import type { ChainSettings, ReadyNode } from './chain-state.js';
import type { EvmRpc } from './evm-rpc.js';
import { problemOf } from './obstacle.js';
import type { EvmProgress, SentTransaction } from './progress.js';

/** What stays the same from one attempt to the next. */
export interface EvmChainAccount extends ChainSettings {
  readonly account: Account;
  /** Who gets the transactions. */
  readonly to: Hex;
  /** Most that a unit of gas may cost, in wei. */
  readonly mostPerGas: bigint;
  /** Most that a transaction may cost, in wei. */
  readonly mostWei: bigint;
  readonly now: () => Date;
  /** The nonce that was signed last in this process and may not have been sent yet; null when there is none. */
  promised: { readonly root: string; readonly nonce: number; readonly until: number } | null;
}

/** One attempt with one node: what was known, and what it has learned so far. */
export interface Attempt {
  readonly chain: EvmChainAccount;
  readonly node: ReadyNode;
  /** The other nodes that are ready, to compare with. */
  readonly others: readonly ReadyNode[];
  progress: EvmProgress;
  attestation: Uint8Array | null;
  obstacle: string | null;
  /** Whether there is more to do as soon as this has been stored. */
  goOn: boolean;
  /** What is wrong with the other nodes, by name. */
  readonly problems: Map<string, string>;
}

export function addTransaction(attempt: Attempt, fresh: FreshTransaction): void {
  const { transactions, round } = attempt.progress;
  const unsent = { ...fresh, round, offeredAt: null, offeredHeight: null, accepted: false };
  attempt.progress = { ...attempt.progress, transactions: [...transactions, unsent] };
  attempt.goOn = true;
}

export function changeTransaction(attempt: Attempt, hash: Hex, what: Partial<SentTransaction>): void {
  const transactions = attempt.progress.transactions.map((one) => (one.hash === hash ? { ...one, ...what } : one));
  attempt.progress = { ...attempt.progress, transactions };
}

/** The node and the others that are not behind: those whose word about the end of the chain counts. */
export function currentNodes({ node, others, problems }: Attempt): ReadyNode[] {
  return [node, ...others.filter(({ rpc }) => !problems.has(rpc.name))];
}

/** Height up to which all of these call blocks final: one that lies about it must not make us give anything up. */
export function finalHeight(attempt: Attempt): number {
  return Math.min(...currentNodes(attempt).map((one) => one.finalHeight));
}

/** Asks the other nodes the same; what is wrong with one that cannot answer is kept, and it does not count. */
export async function askOthers<T>(
  attempt: Attempt,
  ask: (rpc: EvmRpc) => Promise<T>,
): Promise<{ name: string; answer: T }[]> {
  const answers = await Promise.all(
    attempt.others.map(async ({ rpc }) => {
      try {
        return { name: rpc.name, answer: await ask(rpc) };
      } catch (error) {
        const problem = problemOf(error);
        if (problem === null) throw error;
        attempt.problems.set(rpc.name, problem);
        return null;
      }
    }),
  );
  return answers.filter((answer) => answer !== null);
}
