import { hexToBytes } from '@noble/hashes/utils.js';
import { untrue } from '../json-rpc.js';
import type { Observed } from '../paying/observed.js';
import type { Stored } from '../paying/paying-anchor.js';
import type { HoldingBlock } from '../paying/progress.js';
import { canonicalHash } from './block.js';
import { attestBlock, findMined } from './block-attestation.js';
import type { EvmTransaction } from './progress.js';
import { type Answers, askOthers, currentNodes, finalHeightOf, type View } from './view.js';

type Facts = Observed<EvmTransaction>;

/** Whether the chain holds one of the transactions: the first node's word, which the others must not contradict. @throws NodeFault */
export async function observe(view: View, { progress, attestation }: Stored<EvmTransaction>): Promise<Facts> {
  const { chain, node } = view;
  const { block, transactions } = progress;
  if (block !== null && attestation !== null && (await isCanonical(view, block)))
    return agreed(view, block, { kind: 'same' });
  const root = hexToBytes(progress.root);
  const mined = await findMined(node.rpc, transactions);
  if (mined !== null) {
    const found = await attestBlock(node.rpc, mined, chain, root);
    return agreed(view, { ...found, final: false }, { kind: 'found', mined: found });
  }
  // The next node does the work when it has in a block what this one does not know. A receipt alone is no reason, as any node can make one up.
  const heard = await askOthers(view, async (rpc) => {
    const other = await findMined(rpc, transactions);
    return other && attestBlock(rpc, other, chain, root);
  });
  for (const { node: other, answer } of heard.answers)
    if (answer !== null)
      throw untrue(`does not know transaction ${answer.transaction}, which ${other.rpc.name} has in a block`);
  return facts(view, heard, { kind: 'none' }, [], -1);
}

/** Whether the node still has the block in its chain. @throws NodeFault */
async function isCanonical({ node }: View, { number, hash, final }: HoldingBlock): Promise<boolean> {
  if (number > node.height) {
    // What was final does not go away because one node is behind; what was not may have been in the shorter of two chains.
    if (final) throw untrue(`is behind, at block ${node.height}`);
    return false;
  }
  const found = await canonicalHash(node.rpc, number);
  if (found === null) throw untrue(`has no block ${number}, though it has block ${node.height}`);
  return found === hash;
}

/** Compares the block with what the other nodes have at that height. One that has none yet does not count, nor does one whose block is not what
 * its own hash names. Final when all say so; what once was stays so. */
async function agreed(
  view: View,
  { number, hash, final }: Pick<HoldingBlock, 'number' | 'hash' | 'final'>,
  block: Facts['block'],
): Promise<Facts> {
  const heard = await askOthers(view, (rpc) => canonicalHash(rpc, number));
  const other = heard.answers.find(({ answer }) => answer !== null && answer !== hash);
  if (other !== undefined) {
    const names = `${view.node.rpc.name} and ${other.node.rpc.name}`;
    const remark = `${names} disagree about block ${number} (${hash}, ${other.answer}): nothing is confirmed until they agree`;
    return facts(view, heard, { kind: 'doubtful' }, [remark], -1);
  }
  const nodes = currentNodes(view, heard);
  const sure = nodes.find((node) => number <= node.finalHeight);
  const unsure = nodes.find((node) => number > node.finalHeight);
  const differ =
    !final && sure !== undefined && unsure !== undefined
      ? [`${sure.rpc.name} calls it final, ${unsure.rpc.name} only blocks up to ${Math.max(unsure.finalHeight, 0)}`]
      : [];
  return facts(view, heard, block, differ, final ? number : -1);
}

function facts(
  view: View,
  heard: Answers<unknown>,
  block: Facts['block'],
  remarks: readonly string[],
  surelyFinal: number,
): Facts {
  const finalHeight = Math.max(finalHeightOf(currentNodes(view, heard)), surelyFinal);
  const now = view.chain.now().toISOString();
  return { now, height: view.node.height, finalHeight, block, remarks: [...remarks, ...heard.failures] };
}
