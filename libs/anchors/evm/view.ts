import type { Hex } from 'viem';
import type { Ask } from '#source/ask.js';
import { NodeFault } from '../json-rpc.js';
import type { Promises } from '../paying/promises.js';
import type { Account } from './account.js';
import type { ChainSettings, ReadyNode } from './chain-state.js';
import { type EvmRpc, explain } from './evm-rpc.js';

/** The chain with the account that pays there. */
export interface EvmChainAccount extends ChainSettings {
  readonly account: Account;
  /** Who gets the transactions. */
  readonly to: Hex;
  /** Most that a unit of gas may cost, in wei. */
  readonly mostPerGas: bigint;
  /** Most that a transaction may cost, in wei. */
  readonly mostWei: bigint;
  readonly now: () => Date;
  /** Numbers of the account. */
  readonly promises: Promises;
}

/** The chain as one node shows it, and the nodes to compare it with. */
export interface View {
  readonly chain: EvmChainAccount;
  readonly node: ReadyNode;
  /** The others that are ready. */
  readonly others: readonly ReadyNode[];
  /** Puts a question about a block to every node of the chain, ready or not, as a verifier would; each thing once. */
  readonly ask: Ask;
}

/** What several nodes say to one question. */
export interface Answers<T> {
  readonly answers: readonly { readonly node: ReadyNode; readonly answer: T }[];
  /** What is wrong with those that cannot answer: ends of a sentence. */
  readonly failures: readonly string[];
}

/** Asks the other nodes the same; one that cannot answer does not count. */
export async function askOthers<T>({ others }: View, ask: (rpc: EvmRpc) => Promise<T>): Promise<Answers<T>> {
  const failures: string[] = [];
  const answers = await Promise.all(
    others.map(async (node) => {
      try {
        return [{ node, answer: await ask(node.rpc) }];
      } catch (error) {
        if (!(error instanceof NodeFault)) throw error;
        failures.push(`${node.rpc.name} ${explain(error)}`);
        return [];
      }
    }),
  );
  return { answers: answers.flat(), failures };
}

/** The nodes whose word about the end of the chain counts: this one, and those others that answered and count. */
export const currentNodes = ({ node }: View, { answers }: Answers<unknown>): ReadyNode[] => [
  node,
  ...answers.flatMap((one) => (one.node.counts ? [one.node] : [])),
];

/** Height up to which all of these call blocks final: one that lies about it must not make us give anything up. */
export const finalHeightOf = (nodes: readonly ReadyNode[]): number =>
  Math.min(...nodes.map(({ finalHeight }) => finalHeight));
