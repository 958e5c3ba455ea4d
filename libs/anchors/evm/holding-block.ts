import { hexToBytes } from '@noble/hashes/utils.js';
import { type Attempt, askOthers, changeTransaction, currentNodes, finalHeight } from './attempt.js';
import { canonicalHash } from './block.js';
import { attestBlock, findMined } from './block-attestation.js';
import { Doubt, Obstacle } from './obstacle.js';
import type { HoldingBlock } from './progress.js';

/** Whether the chain has one of the transactions; the progress then says in which block. What the chain no longer has is forgotten here.
 * @throws RpcError, Doubt; Obstacle when nodes disagree */
export async function lookForBlock(attempt: Attempt): Promise<boolean> {
  const { block } = attempt.progress;
  if (block !== null && attempt.attestation !== null && (await isCanonical(attempt, block))) {
    attempt.progress = { ...attempt.progress, block: { ...block, ...standing(attempt, block.number, block.final) } };
    return true;
  }
  forget(attempt);
  const { transactions } = attempt.progress;
  // It waits anew after a reorganisation: the fee was good enough before.
  const last = transactions.at(-1);
  if (block !== null && last !== undefined)
    changeTransaction(attempt, last.hash, { offeredHeight: attempt.node.height });
  const root = hexToBytes(attempt.progress.root.slice(2));
  const mined = await findMined(attempt.node.rpc, transactions);
  if (mined === null) {
    await heedOthers(attempt, root);
    return false;
  }
  changeTransaction(attempt, mined.transaction.hash, { accepted: true });
  const { attestation, time } = await attestBlock(attempt.node.rpc, mined, attempt.chain, root);
  await agreeOn(attempt, mined.number, mined.hash);
  attempt.attestation = attestation;
  attempt.progress = {
    ...attempt.progress,
    block: {
      number: mined.number,
      hash: mined.hash,
      time: time.toISOString(),
      transaction: mined.transaction.hash,
      paid: mined.paid.toString(),
      ...standing(attempt, mined.number, false),
    },
    nonceGoneAt: null,
  };
  return true;
}

/** Lets the next node do the work when it has in a block what this one does not know. A receipt alone is no reason, as any node can make one up.
 * @throws Doubt */
async function heedOthers(attempt: Attempt, root: Uint8Array): Promise<void> {
  const others = await askOthers(attempt, async (rpc) => {
    const mined = await findMined(rpc, attempt.progress.transactions);
    if (mined !== null) await attestBlock(rpc, mined, attempt.chain, root);
    return mined;
  });
  for (const { name, answer } of others)
    if (answer !== null)
      throw new Doubt(`does not know transaction ${answer.transaction.hash}, which ${name} has in a block`);
}

/** Whether the chain still has a block. @throws RpcError, Doubt; Obstacle when nodes disagree about it */
async function isCanonical(attempt: Attempt, { number, hash, final }: HoldingBlock): Promise<boolean> {
  const { rpc, height } = attempt.node;
  if (number > height) {
    // What was final does not go away because one node is behind; what was not may have been in the shorter of two chains.
    if (final) throw new Doubt(`is behind, at block ${height}`);
    return false;
  }
  const found = await canonicalHash(rpc, number);
  if (found === null) throw new Doubt(`has no block ${number}, though it has block ${height}`);
  if (found === hash) await agreeOn(attempt, number, found);
  return found === hash;
}

/** Compares a block with what the other nodes have at that height. One that has none yet does not count, nor does one whose block is not what
 * its own hash names. @throws Obstacle when they have another one; nothing is attested then */
async function agreeOn(attempt: Attempt, number: number, hash: string): Promise<void> {
  const others = await askOthers(attempt, (rpc) => canonicalHash(rpc, number));
  const other = others.find(({ answer }) => answer !== null && answer !== hash);
  if (other === undefined) return;
  forget(attempt);
  throw new Obstacle(
    `${attempt.node.rpc.name} and ${other.name} disagree about block ${number} (${hash}, ${other.answer}): nothing is confirmed until they agree`,
  );
}

function forget(attempt: Attempt): void {
  attempt.progress = { ...attempt.progress, block: null };
  attempt.attestation = null;
}

/** Final when all nodes say so; where they differ, that is told. */
function standing(attempt: Attempt, number: number, wasFinal: boolean): Pick<HoldingBlock, 'depth' | 'final'> {
  const final = wasFinal || number <= finalHeight(attempt);
  const nodes = currentNodes(attempt);
  const sure = nodes.find((node) => number <= node.finalHeight);
  const unsure = nodes.find((node) => number > node.finalHeight);
  if (!final && sure !== undefined && unsure !== undefined)
    attempt.obstacle = `${sure.rpc.name} calls it final, ${unsure.rpc.name} only blocks up to ${Math.max(unsure.finalHeight, 0)}`;
  return { depth: Math.max(attempt.node.height - number + 1, 1), final };
}
