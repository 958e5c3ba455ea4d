import { z } from 'zod';
import { CORE_ERROR, type CoreRpc, NodeError } from './core-rpc.js';

/** Satoshis in a bitcoin. */
const SATS = 100_000_000;

/** Growth of the fee from one version of a transaction to the next, at least. */
const RAISE_FACTOR = 1.25;

/** Most versions of one transaction, the first included: fees cannot be raised without end, whatever the node says. Enough of them to get from
 * the least that nodes relay, a tenth of a satoshi for a byte, to the usual limit when the node never estimates. */
export const MAX_VERSIONS = 40;

const btc = z.number().nonnegative();

/** What the node wants for a transaction, in satoshis for 1000 virtual bytes. */
export interface FeeRates {
  /** Below this it takes no transaction. */
  readonly least: number;
  /** What a replacement must pay on top of what it replaces. */
  readonly increment: number;
  /** For confirmation within the target; `least` when the node cannot tell. */
  readonly wanted: number;
}

/** Bitcoin amounts as JSON has them, in satoshis. Exact for every amount that exists. */
export const toSats = (amount: number): number => Math.round(amount * SATS);

/** Satoshis as Bitcoin Core reads amounts. */
export const toBtc = (sats: number): string => (sats / SATS).toFixed(8);

/** What `rate` comes to for so many virtual bytes, rounded up. */
export const feeAt = (rate: number, virtualBytes: number): number => Math.ceil((rate * virtualBytes) / 1000);

/** Asks the node. `targetBlocks`: blocks within which a transaction should confirm. @throws NodeError */
export async function readFeeRates(rpc: CoreRpc, targetBlocks: number): Promise<FeeRates> {
  const [network, mempool, estimate] = await Promise.all([
    rpc.node(z.object({ relayfee: btc, incrementalfee: btc }), 'getnetworkinfo'),
    rpc.node(z.object({ mempoolminfee: btc }), 'getmempoolinfo'),
    readEstimate(rpc, targetBlocks),
  ]);
  const least = Math.max(toSats(network.relayfee), toSats(mempool.mempoolminfee), 1);
  return {
    least,
    increment: Math.max(toSats(network.incrementalfee), 1),
    wanted: Math.max(least, toSats(estimate)),
  };
}

/** What the node thinks is needed, in bitcoins for 1000 virtual bytes; 0 when it cannot tell. */
async function readEstimate(rpc: CoreRpc, targetBlocks: number): Promise<number> {
  try {
    // Without `feerate` the node has seen too few blocks to tell.
    const estimate = await rpc.node(z.object({ feerate: btc.optional() }), 'estimatesmartfee', targetBlocks);
    return estimate.feerate ?? 0;
  } catch (error) {
    // A node that takes no transactions from its peers (-blocksonly) estimates nothing.
    if (error instanceof NodeError && error.number === CORE_ERROR.internal) return 0;
    throw error;
  }
}

/** The fee of a version that replaces one of `lastSats`, at most `mostSats`; null when no such fee would be taken. */
export function raisedFee(rates: FeeRates, virtualBytes: number, lastSats: number, mostSats: number): number | null {
  const least = Math.max(lastSats + feeAt(rates.increment, virtualBytes), feeAt(rates.least, virtualBytes));
  if (least > mostSats) return null;
  return Math.min(Math.max(least, feeAt(rates.wanted, virtualBytes), Math.ceil(lastSats * RAISE_FACTOR)), mostSats);
}
