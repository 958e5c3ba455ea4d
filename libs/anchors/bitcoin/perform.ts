import { hexToBytes } from '@noble/hashes/utils.js';
import { parseTransaction } from '#bitcoin/transaction.js';
import type { Refusal, Task } from '../paying/observed.js';
import type { Learned, Stored } from '../paying/paying-anchor.js';
import { currentVersions } from '../paying/progress.js';
import type { Promises } from '../paying/promises.js';
import { areSpent, broadcast, findRival, isAboutFee, isInMempool } from './broadcast.js';
import { chooseCoins, outpoint, readCoins } from './coins.js';
import type { CoreRpc } from './core-rpc.js';
import { readFeeRates } from './fee.js';
import type { BitcoinProgress, BitcoinTransaction } from './progress.js';
import { outpointsOf, signFirst, type Signed, signRaised } from './sign.js';

/** The wallet that pays, and how. */
export interface Payer {
  readonly rpc: CoreRpc;
  /** Most that a transaction may cost, in satoshis. */
  readonly maxFeeSats: number;
  /** Least that the first version pays, in satoshis for a virtual byte. */
  readonly minFeeRate: number;
  /** Blocks within which a transaction should confirm. */
  readonly targetBlocks: number;
  readonly finalBlocks: number;
  /** Outpoints of the wallet's coins. */
  readonly promises: Promises;
  /** One after the other, so that no two transactions choose the same coin. */
  readonly inTurn: <R>(work: () => Promise<R>) => Promise<R>;
}

/** Does one task with the node. @throws NodeFault */
export async function perform(
  payer: Payer,
  task: Task<BitcoinTransaction>,
  { progress }: Stored<BitcoinTransaction>,
): Promise<Learned<BitcoinTransaction>> {
  switch (task.kind) {
    case 'look':
      return look(payer.rpc, progress);
    case 'send':
      return send(payer.rpc, task.versions);
    case 'sign':
      return { signed: await sign(payer, progress, task.replaced) };
    case 'leave':
      // What spent the coins is as deep as ours must be to be final, and nobody but the node is there to be asked.
      return { isLeft: true };
  }
}

const coinsOf = ({ raw }: BitcoinTransaction): string[] => outpointsOf(parseTransaction(hexToBytes(raw)));

async function look(rpc: CoreRpc, progress: BitcoinProgress): Promise<Learned<BitcoinTransaction>> {
  const versions = currentVersions(progress);
  const own = versions.map(({ id }) => id);
  const rival = await findRival(rpc, coinsOf(versions.at(-1)!), own);
  if (rival !== null) return { claim: { kind: 'rival', id: rival } };
  for (const id of own.toReversed()) if (await isInMempool(rpc, id)) return { claim: { kind: 'open', held: id } };
  return { claim: { kind: 'open', held: null } };
}

async function send(rpc: CoreRpc, versions: readonly BitcoinTransaction[]): Promise<Learned<BitcoinTransaction>> {
  let reason: string | null = null;
  for (const version of versions) {
    const words = await broadcast(rpc, version);
    if (words === null) return { sent: { taken: version.id, refusal: null } };
    reason ??= words;
  }
  const isUsed = await areSpent(rpc, coinsOf(versions[0]!));
  const about: Refusal['about'] = isUsed ? 'used' : isAboutFee(reason!) ? 'fee' : 'other';
  return { sent: { taken: null, refusal: { about, reason: `the node refuses the transaction: ${reason}` } } };
}

async function sign(payer: Payer, { root }: BitcoinProgress, replaced: BitcoinTransaction | null): Promise<Signed> {
  const { rpc, maxFeeSats, minFeeRate, targetBlocks, finalBlocks, promises } = payer;
  if (replaced !== null)
    return signRaised(rpc, replaced, await readFeeRates(rpc, targetBlocks, minFeeRate), maxFeeSats);
  return payer.inTurn(async () => {
    const all = await readCoins(rpc);
    if (typeof all === 'string') return { reason: all };
    const purse = { maxFeeSats, safeConfirmations: finalBlocks, promised: promises.toOthers(root) };
    const coins = chooseCoins(all, purse);
    if (typeof coins === 'string') return { reason: coins };
    const rates = await readFeeRates(rpc, targetBlocks, minFeeRate);
    const signed = await signFirst(rpc, hexToBytes(root), coins, rates, maxFeeSats);
    if ('version' in signed) promises.make(root, coins.map(outpoint));
    return signed;
  });
}
