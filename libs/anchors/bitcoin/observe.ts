import { hexToBytes } from '@noble/hashes/utils.js';
import type { NetworkName } from '#bitcoin/network.js';
import { NodeFault } from '../json-rpc.js';
import type { Observed } from '../paying/observed.js';
import type { Stored } from '../paying/paying-anchor.js';
import { attestBlock, findBlock, isInChain } from './block-attestation.js';
import { type CoreRpc, explain } from './core-rpc.js';
import type { BitcoinTransaction } from './progress.js';

/** The chain as the node shows it. */
export interface View {
  readonly rpc: CoreRpc;
  readonly network: NetworkName | undefined;
  readonly finalBlocks: number;
  readonly now: () => Date;
  /** Height of the newest block. */
  readonly height: number;
}

/** Whether the best chain holds one of the transactions. @throws NodeFault */
export async function observe(
  { rpc, network, finalBlocks, now, height }: View,
  { progress, attestation }: Stored<BitcoinTransaction>,
): Promise<Observed<BitcoinTransaction>> {
  const facts = { now: now().toISOString(), height, finalHeight: height - finalBlocks + 1 };
  const doubtful = (remark: string) => ({ ...facts, block: { kind: 'doubtful' }, remarks: [remark] }) as const;
  if (progress.block !== null && attestation !== null && (await isInChain(rpc, progress.block)))
    return { ...facts, block: { kind: 'same' }, remarks: [] };
  try {
    const { block, stray } = await findBlock(rpc, progress.transactions);
    if (block !== null) {
      const mined = await attestBlock(rpc, network, hexToBytes(progress.root), block);
      if (await isInChain(rpc, block)) return { ...facts, block: { kind: 'found', mined }, remarks: [] };
      return doubtful(`block ${block.number} left the chain while it was looked at`);
    }
    const remarks = stray === null ? [] : [strayed(stray.transaction.id, stray.number, stray.hash)];
    return { ...facts, block: { kind: 'none' }, remarks };
  } catch (error) {
    // That the chain has lost the old block is known all the same.
    if (error instanceof NodeFault) return doubtful(explain(error));
    throw error;
  }
}

const strayed = (id: string, number: number, hash: string): string =>
  `the wallet sees transaction ${id} in block ${number} ${hash}, which the node's chain does not have`;
