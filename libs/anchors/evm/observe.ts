import { hexToBytes } from '@noble/hashes/utils.js';
import { untrue } from '../json-rpc.js';
import { notShown, silentSources, unsureSources } from '../paying/block-answer.js';
import type { Observed } from '../paying/observed.js';
import type { Stored } from '../paying/paying-anchor.js';
import type { HoldingBlock } from '../paying/progress.js';
import { canonicalHash } from './block.js';
import { attestBlock, findMined } from './block-attestation.js';
import type { EvmTransaction } from './progress.js';
import { askOthers, currentNodes, finalHeightOf, type View } from './view.js';

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
  return facts(view, { kind: 'none' }, finalHeightOf(currentNodes(view, heard)), heard.failures);
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

/** Asks all nodes about the block as a verifier does: what no verifier would call anchored or final is neither here. What once was final
 * stays so. */
async function agreed(
  view: View,
  { number, hash, final }: Pick<HoldingBlock, 'number' | 'hash' | 'final'>,
  block: Facts['block'],
): Promise<Facts> {
  const { chainId, genesis } = view.chain;
  const expected = { hash: hash.slice(2) };
  const answer = await view.ask({
    chain: 'evm',
    chainId,
    genesis: genesis.slice(2),
    height: number,
    expected,
    hashesAsEthereum: true,
  });
  if (answer.outcome !== 'shown')
    return facts(view, { kind: 'doubtful' }, -1, notShown(answer, number, expected.hash, '0x'));
  const finalHeight = final ? number : (answer.finalHeight ?? -1);
  const unsure = final || number <= finalHeight ? [] : [...differing(view, number), ...unsureSources(answer)];
  return facts(view, block, finalHeight, [...unsure, ...silentSources(answer)]);
}

/** Which nodes call a block final and which do not, where they differ. */
function differing({ node, others }: View, number: number): string[] {
  const nodes = [node, ...others.filter(({ counts }) => counts)];
  const sure = nodes.find(({ finalHeight }) => number <= finalHeight);
  const unsure = nodes.find(({ finalHeight }) => number > finalHeight);
  if (sure === undefined || unsure === undefined) return [];
  return [`${sure.rpc.name} calls it final, ${unsure.rpc.name} only blocks up to ${Math.max(unsure.finalHeight, 0)}`];
}

function facts(view: View, block: Facts['block'], finalHeight: number, remarks: readonly string[]): Facts {
  return { now: view.chain.now().toISOString(), height: view.node.height, finalHeight, block, remarks };
}
