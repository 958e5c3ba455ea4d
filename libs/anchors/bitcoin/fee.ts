import { z } from 'zod';
import { isRefusal } from '../json-rpc.js';
import { CORE_ERROR, type CoreRpc } from './core-rpc.js';

/** Satoshis in a bitcoin. */
const SATS = 100_000_000;

/** Smallest change that is left over, in satoshis: below it nodes call an output dust, whatever its type. */
export const DUST_SATS = 546;

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
  /** For confirmation within the target, as far as the node can tell; never below the least that is configured. */
  readonly wanted: number;
}

/** Bitcoin amounts as JSON has them, in satoshis. Exact for every amount that exists. */
export const toSats = (amount: number): number => Math.round(amount * SATS);

/** Satoshis as Bitcoin Core reads amounts. */
export const toBtc = (sats: number): string => (sats / SATS).toFixed(8);

/** What `rate` comes to for so many virtual bytes, rounded up. */
export const feeAt = (rate: number, virtualBytes: number): number => Math.ceil((rate * virtualBytes) / 1000);

/** Asks the node. `targetBlocks`: blocks within which a transaction should confirm; `minFeeRate`: the least that is configured, in satoshis for
 * a virtual byte. @throws NodeFault */
export async function readFeeRates(rpc: CoreRpc, targetBlocks: number, minFeeRate: number): Promise<FeeRates> {
  const [network, mempool, estimate] = await Promise.all([
    rpc.node(z.object({ relayfee: btc, incrementalfee: btc }), 'getnetworkinfo'),
    rpc.node(z.object({ mempoolminfee: btc }), 'getmempoolinfo'),
    readEstimate(rpc, targetBlocks),
  ]);
  const least = Math.max(toSats(network.relayfee), toSats(mempool.mempoolminfee), 1);
  return {
    least,
    increment: Math.max(toSats(network.incrementalfee), 1),
    wanted: Math.max(least, toSats(estimate), minFeeRate * 1000),
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
    if (isRefusal(error, CORE_ERROR.internal)) return 0;
    throw error;
  }
}

/** The fee of the first version, whose fee at the least rate is `leastSats`, at most `mostSats`. */
export function firstFee(rates: FeeRates, leastSats: number, mostSats: number): number {
  const virtualBytes = Math.ceil((leastSats * 1000) / rates.least);
  return Math.min(Math.max(leastSats, feeAt(rates.wanted, virtualBytes)), mostSats);
}

/** The fee of a version that replaces one of `lastSats`, at most `mostSats`; null when no such fee would be taken. */
export function raisedFee(rates: FeeRates, virtualBytes: number, lastSats: number, mostSats: number): number | null {
  const least = Math.max(lastSats + feeAt(rates.increment, virtualBytes), feeAt(rates.least, virtualBytes));
  if (least > mostSats) return null;
  return Math.min(Math.max(least, feeAt(rates.wanted, virtualBytes), Math.ceil(lastSats * RAISE_FACTOR)), mostSats);
}
