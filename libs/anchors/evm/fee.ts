import { isRefusal } from '../json-rpc.js';
import { type EvmRpc, quantity } from './evm-rpc.js';

/** What a replacement must pay more, in eighths of each fee: nodes ask for a tenth more. */
const RAISE_EIGHTHS = 9n;

/** What an estimate of gas is multiplied with, in eighths. */
const GAS_EIGHTHS = 9n;

/** A node's estimate of gas with some room: the state of a chain changes until the transaction runs. */
export const withGasRoom = (estimate: bigint): bigint => (estimate * GAS_EIGHTHS + 7n) / 8n;

/** Gas that one anchoring is reckoned with: what a transaction with 32 bytes costs, and some room. The most that a submission may cost is
 * the cap on the price times this; where gas is counted in smaller units, its price must be lower. */
export const RECKONED_GAS = 30_000n;

/** What one unit of gas is offered, in wei. */
export interface Fees {
  readonly perGas: bigint;
  /** The part of it that the block's maker gets at most; null in a transaction of the old form, which pays all of `perGas`. */
  readonly tip: bigint | null;
}

/** What a chain asks now. */
export interface Market {
  /** Nothing below this gets into the next block, in wei a unit of gas. */
  readonly least: bigint;
  /** Gets into the next block even when the base fee doubles. */
  readonly wanted: Fees;
}

/** Gwei as configured, in wei. */
export const gweiToWei = (gwei: number): bigint => BigInt(Math.round(gwei * 1_000_000_000));

/** Wei in gwei, for people. */
export function inGwei(wei: bigint): string {
  const digits = wei.toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}

/** Asks the node. `baseFee`: of the newest block; null on a chain without. @throws NodeFault */
export async function readMarket(rpc: EvmRpc, baseFee: bigint | null): Promise<Market> {
  if (baseFee === null) {
    const price = await rpc.call(quantity, 'eth_gasPrice');
    return { least: price, wanted: { perGas: price, tip: null } };
  }
  const tip = await rpc.call(quantity, 'eth_maxPriorityFeePerGas').catch(async (error: unknown) => {
    // Not every node has this method.
    if (!isRefusal(error)) throw error;
    const price = await rpc.call(quantity, 'eth_gasPrice');
    return price > baseFee ? price - baseFee : 0n;
  });
  return { least: baseFee, wanted: { perGas: 2n * baseFee + tip, tip } };
}

/** What the first version of a transaction offers, at most `most`; null when that cannot get into a block. */
export function firstFees({ least, wanted }: Market, most: bigint): Fees | null {
  if (least > most || (most === 0n && wanted.perGas > 0n)) return null;
  return limited(wanted, most);
}

/** What a version that replaces one with the fees `last` offers, at most `most`; null when no such version would be taken or mined. */
export function raisedFees({ least, wanted }: Market, last: Fees, most: bigint): Fees | null {
  const perGas = raised(last.perGas);
  if (perGas > most || least > most) return null;
  if (last.tip === null) return limited({ perGas: max(perGas, wanted.perGas), tip: null }, most);
  const tip = raised(last.tip);
  const fees = limited({ perGas: max(perGas, wanted.perGas, tip), tip: max(tip, wanted.tip ?? 0n) }, most);
  return (fees.tip ?? 0n) < tip ? null : fees;
}

/** The most that a unit of gas may cost, and why. */
export interface Cap {
  readonly perGas: bigint;
  /** The end of a sentence where it comes from the most that a transaction may cost; else empty. */
  readonly because: string;
}

/** The cap for a transaction of so much gas, in wei. */
export function priceCap({ mostPerGas, mostWei }: { mostPerGas: bigint; mostWei: bigint }, gas: bigint): Cap {
  if (gas === 0n || mostWei / gas >= mostPerGas) return { perGas: mostPerGas, because: '' };
  return { perGas: mostWei / gas, because: `, since a transaction of ${gas} gas may cost ${mostWei} wei` };
}

/** Why there are no fees within the cap. */
export function tooDear({ least }: Market, { perGas, because }: Cap, otherwise: string): string {
  const asked = least > perGas ? `${inGwei(least)} gwei` : otherwise;
  return `the chain asks ${asked} for a unit of gas, maxFeeGwei allows ${inGwei(perGas)} gwei${because}`;
}

function limited({ perGas, tip }: Fees, most: bigint): Fees {
  const offered = min(perGas, most);
  return { perGas: offered, tip: tip === null ? null : min(tip, offered) };
}

const raised = (wei: bigint): bigint => max((wei * RAISE_EIGHTHS + 7n) / 8n, wei + 1n);
const max = (...values: bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
