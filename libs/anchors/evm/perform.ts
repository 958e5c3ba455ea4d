import type { Refusal, Task } from '../paying/observed.js';
import type { Learned, Stored } from '../paying/paying-anchor.js';
import { currentVersions } from '../paying/progress.js';
import { isRefusal, untrue } from '../json-rpc.js';
import { findMined } from './block-attestation.js';
import { broadcast, knownTransaction, pendingCount, transactionCount } from './broadcast.js';
import { type EvmRpc, quantity } from './evm-rpc.js';
import { transactionWithNonce } from './nonce-use.js';
import type { EvmProgress, EvmTransaction } from './progress.js';
import { sign } from './sign.js';
import { askOthers, currentNodes, finalHeightOf, type View } from './view.js';

/** Does one task with the node. To be called by one process at a time for an account. @throws NodeFault */
export async function perform(
  view: View,
  task: Task<EvmTransaction>,
  { progress }: Stored<EvmTransaction>,
): Promise<Learned<EvmTransaction>> {
  switch (task.kind) {
    case 'look':
      return look(view, progress);
    case 'send':
      return send(view, task.versions);
    case 'sign':
      return sign(view, progress, task.replaced, task.refusal);
    case 'leave':
      return { isLeft: await leave(view, progress) };
  }
}

async function look({ node: { rpc } }: View, progress: EvmProgress): Promise<Learned<EvmTransaction>> {
  const versions = currentVersions(progress);
  const { from, nonce } = versions.at(-1)!;
  const known = await knownTransaction(rpc, versions);
  if ((await transactionCount(rpc, from, 'latest')) > nonce) {
    // Asked after the count, so that a transaction of ours that was mined in between is found.
    const mined = await findMined(rpc, progress.transactions);
    return { claim: { kind: mined === null ? 'used' : 'mined' } };
  }
  const { waiting, remarks } = await pendingCount(rpc, from);
  if (known !== null || waiting === null || waiting <= nonce) {
    const gap = waiting !== null && waiting < nonce;
    const missing = `it waits for number ${waiting} of account ${from}, which the node does not have`;
    return { claim: { kind: 'open', held: known?.id ?? null }, remarks: gap ? [missing, ...remarks] : remarks };
  }
  // A node that took ours before may only not show what waits.
  if (versions.some(({ accepted }) => accepted)) return { claim: { kind: 'open', held: 'unshown' } };
  return { claim: { kind: 'rival', id: null } };
}

async function send({ node: { rpc } }: View, versions: readonly EvmTransaction[]): Promise<Learned<EvmTransaction>> {
  let refusal: Refusal | null = null;
  for (const version of versions) {
    const answer = await broadcast(rpc, version);
    if (answer === null) return { sent: { taken: version.id, refusal: null } };
    const { about, words } = answer;
    const isRival = about === 'fee' && /replac/i.test(words) && !versions.some(({ accepted }) => accepted);
    if (isRival && (await pendingCount(rpc, version.from)).waiting === null)
      refusal ??= { about: 'other', reason: takenBy(version, words) };
    refusal ??= {
      about: about === 'fee' || about === 'gas' ? about : 'other',
      reason: about === 'funds' ? await poverty(rpc, version) : `the node refuses the transaction: ${words}`,
    };
  }
  return { sent: { taken: null, refusal: refusal! } };
}

/** At a node that does not say what waits, this refusal does: what is ours it has never taken, so that it must be somebody else's. */
const takenBy = ({ nonce, from }: EvmTransaction, words: string): string =>
  `number ${nonce} of account ${from} is taken by another transaction that waits (${words})`;

async function poverty(rpc: EvmRpc, { from, cost }: EvmTransaction): Promise<string> {
  const held = await rpc.call(quantity, 'eth_getBalance', from, 'latest');
  return `account ${from} holds ${held} wei, the transaction may need ${cost} wei`;
}

/** Whether what used the number is final, so that none of ours can be mined any more: no node has one of ours in a block, and the block that
 * used it, as far as the node remembers, holds another one. @throws NodeFault */
async function leave(view: View, progress: EvmProgress): Promise<boolean> {
  const { rpc, height } = view.node;
  const { transactions } = progress;
  const { from: account, nonce } = currentVersions(progress).at(-1)!;
  const heard = await askOthers(view, (other) => findMined(other, transactions));
  const witness = heard.answers.find(({ answer }) => answer !== null);
  if (witness !== undefined)
    throw untrue(
      `does not know transaction ${witness.answer?.transaction.id}, which ${witness.node.rpc.name} has in a block`,
    );
  const usedAt = finalHeightOf(currentNodes(view, heard));
  const since = progress.usedSince ?? height;
  if (usedAt < since || (await countAt(rpc, account, usedAt)) <= nonce) return false;
  const first = Math.min(since, ...transactions.flatMap(({ offeredHeight }) => offeredHeight ?? []));
  const user = await transactionWithNonce(rpc, { account, nonce, unusedAt: Math.max(first - 1, 0), usedAt });
  if (transactions.some(({ id }) => id === user))
    throw untrue(`says that transaction ${user} is in no block, and shows a block that holds it`);
  return true;
}

/** Transactions of an account up to a height; all of them where the node does not remember so far back, since that is past finality anyway. */
function countAt(rpc: EvmRpc, account: string, height: number): Promise<number> {
  return transactionCount(rpc, account, height).catch((error: unknown) => {
    if (isRefusal(error)) return transactionCount(rpc, account, 'latest');
    throw error;
  });
}
