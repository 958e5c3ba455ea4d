import { hexToBytes } from '@noble/hashes/utils.js';
import type { NetworkName } from '#bitcoin/network.js';
import { ask } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import { NodeFault } from '../json-rpc.js';
import { notShown, unsureSources } from '../paying/block-answer.js';
import type { Observed } from '../paying/observed.js';
import type { Stored } from '../paying/paying-anchor.js';
import type { HoldingBlock } from '../paying/progress.js';
import { attestBlock, findBlock, isInChain } from './block-attestation.js';
import { type CoreRpc, explain } from './core-rpc.js';
import type { BitcoinTransaction } from './progress.js';

/** The chain as the node shows it, and whom else to ask about it. */
export interface View {
  readonly rpc: CoreRpc;
  /** The node as verifiers ask it about blocks. */
  readonly source: BlockSource;
  /** Others that serve blocks; those of another network than the node's do not count. */
  readonly otherSources: readonly BlockSource[];
  /** That of the node; undefined when it is not known here. */
  readonly network: NetworkName | undefined;
  readonly finalBlocks: number;
  readonly now: () => Date;
  /** Height of the newest block. */
  readonly height: number;
}

type Facts = Observed<BitcoinTransaction>;

/** Whether the best chain holds one of the transactions. @throws NodeFault */
export async function observe(view: View, { progress, attestation }: Stored<BitcoinTransaction>): Promise<Facts> {
  const { rpc, source } = view;
  if (progress.block !== null && attestation !== null && (await isInChain(rpc, progress.block)))
    return agreed(view, progress.block, { kind: 'same' });
  try {
    const { block, stray } = await findBlock(rpc, progress.transactions);
    if (block !== null) {
      const mined = await attestBlock(rpc, source, hexToBytes(progress.root), block);
      if (await isInChain(rpc, block)) return agreed(view, { ...mined, final: false }, { kind: 'found', mined });
      return doubtful(view, [`block ${block.number} left the chain while it was looked at`]);
    }
    const remarks = stray === null ? [] : [strayed(stray.transaction.id, stray.number, stray.hash)];
    return facts(view, { kind: 'none' }, ownFinalHeight(view), remarks);
  } catch (error) {
    // That the chain has lost the old block is known all the same.
    if (error instanceof NodeFault) return doubtful(view, [explain(error)]);
    throw error;
  }
}

/** Asks the node and the other sources about the block as a verifier does: what no verifier would call anchored or final is neither here. What
 * once was final stays so. */
async function agreed(
  view: View,
  { number, hash, final }: Pick<HoldingBlock, 'number' | 'hash' | 'final'>,
  block: Facts['block'],
): Promise<Facts> {
  const { network, otherSources, source } = view;
  const sources = { bitcoin: [source, ...otherSources], evm: [] };
  const answer = await ask(sources, { chain: 'bitcoin', network, height: number, expected: { hash } });
  if (answer.outcome !== 'shown') return doubtful(view, notShown(answer, number, hash));
  const finalHeight = Math.min(ownFinalHeight(view), answer.finalHeight ?? -1);
  const remarks = final || number <= finalHeight ? [] : unsureSources(answer);
  return facts(view, block, final ? Math.max(number, finalHeight) : finalHeight, remarks);
}

const ownFinalHeight = ({ height, finalBlocks }: View): number => height - finalBlocks + 1;

const doubtful = (view: View, remarks: readonly string[]): Facts =>
  facts(view, { kind: 'doubtful' }, ownFinalHeight(view), remarks);

function facts(
  { height, now }: View,
  block: Facts['block'],
  finalHeight: number,
  remarks: readonly string[] = [],
): Facts {
  return { now: now().toISOString(), height, finalHeight, block, remarks };
}

const strayed = (id: string, number: number, hash: string): string =>
  `the wallet sees transaction ${id} in block ${number} ${hash}, which the node's chain does not have`;
