import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { displayHash } from '#bitcoin/block-hash.js';
import { type Transaction, parseTransaction } from '#bitcoin/transaction.js';
import { isRefusal } from '../json-rpc.js';
import type { Fresh } from '../paying/progress.js';
import { type Coin, outpoint, sumOfCoins } from './coins.js';
import { CORE_ERROR, type CoreRpc } from './core-rpc.js';
import { DUST_SATS, type FeeRates, feeAt, firstFee, raisedFee, toBtc } from './fee.js';
import type { BitcoinTransaction } from './progress.js';
import { carries, virtualBytes, withOutputValue } from './unsigned-transaction.js';

/** Longest transaction without its witnesses, in bytes: stock OpenTimestamps clients name files by the hex of every message of a timestamp,
 * and a system's longest path has 4096 characters. */
const MAX_STRIPPED_BYTES = 1900;

/** Virtual size of the smallest transaction with one input, the root and change, in bytes. */
const LEAST_VIRTUAL_BYTES = 130;

/** Sequence number that allows replacement (BIP 125). */
const REPLACEABLE = 0xfffffffd;

const funded = z.object({ hex: z.string() });
const signedSchema = z.object({
  hex: z.string(),
  complete: z.boolean(),
  errors: z.array(z.object({ error: z.string() })).optional(),
});

/** A version, or why there is none. */
export type Signed = { readonly version: Fresh<BitcoinTransaction> } | { readonly reason: string };

const none = (reason: string): Signed => ({ reason });

/** What identifies the inputs of a transaction, sorted. */
export const outpointsOf = ({ inputs }: Transaction): string[] =>
  inputs.map((input) => outpoint({ txid: displayHash(input.previousTxid), vout: input.previousIndex })).sort();

/** Makes the first transaction that carries the root, out of these coins. @throws NodeFault */
export async function signFirst(
  rpc: CoreRpc,
  root: Uint8Array,
  coins: readonly Coin[],
  rates: FeeRates,
  maxFeeSats: number,
): Promise<Signed> {
  const tooLow = (sats: number) =>
    none(`BITCOIN_MAX_FEE_SATS is too low: the node takes nothing below ${sats} sat, allowed are ${maxFeeSats}`);
  // Asked before the wallet, which gives up a change address for every transaction that it funds.
  if (feeAt(rates.least, LEAST_VIRTUAL_BYTES) > maxFeeSats) return tooLow(feeAt(rates.least, LEAST_VIRTUAL_BYTES));
  const inputs = coins.map(({ txid, vout }) => ({ txid, vout, sequence: REPLACEABLE }));
  const bare = await rpc.node(z.string(), 'createrawtransaction', inputs, [{ data: bytesToHex(root) }]);
  // Funded at the least rate, which shows its size; what it should pay is then taken out of the change.
  const options = { changePosition: 1, feeRate: toBtc(rates.least), replaceable: true, add_inputs: false };
  const draftHex = await rpc.wallet(funded, 'fundrawtransaction', bare, options).catch((error: unknown) => {
    if (isShortOfFunds(error)) return null;
    throw error;
  });
  const total = sumOfCoins(coins);
  if (draftHex === null) return none(`the wallet has too little to spend: ${total} sat confirmed, less than the fee`);
  const draft = parseTransaction(hexToBytes(draftHex.hex));
  const spends = coins.map(outpoint).sort();
  if (!carries(draft.outputs[0]!, root) || draft.outputs.length > 2 || outpointsOf(draft).join() !== spends.join())
    return none('the node funded another transaction than the one it was given');
  const least = total - sumOf(draft);
  if (least > maxFeeSats) return tooLow(least);
  return sign(rpc, draft, total, firstFee(rates, least, maxFeeSats));
}

/** Makes a version of `last` that pays more and spends the same coins. @throws NodeFault */
export async function signRaised(
  rpc: CoreRpc,
  last: BitcoinTransaction,
  rates: FeeRates,
  maxFeeSats: number,
): Promise<Signed> {
  const raw = hexToBytes(last.raw);
  const transaction = parseTransaction(raw);
  const paid = Number(last.cost);
  const total = sumOf(transaction) + paid;
  // A signature may come out two bytes longer than the one before.
  const size = virtualBytes(raw) + 2 * transaction.inputs.length;
  const fee = raisedFee(rates, size, paid, Math.min(maxFeeSats, total - DUST_SATS));
  if (fee === null || transaction.outputs.length < 2)
    return none(`BITCOIN_MAX_FEE_SATS (${maxFeeSats}) or the change allows no more`);
  return sign(rpc, transaction, total, fee);
}

async function sign(rpc: CoreRpc, draft: Transaction, total: number, feeSats: number): Promise<Signed> {
  const change = draft.outputs.length - 1;
  const unsigned = withOutputValue(draft, change, BigInt(change === 0 ? 0 : total - feeSats));
  const answer = await rpc.wallet(signedSchema, 'signrawtransactionwithwallet', bytesToHex(unsigned));
  if (!answer.complete) return none(`the wallet cannot sign: ${answer.errors?.[0]?.error ?? 'it gives no reason'}`);
  const transaction = parseTransaction(hexToBytes(answer.hex));
  if (transaction.stripped.length > MAX_STRIPPED_BYTES)
    return none(
      `the wallet's coins are too small or too complex: spending them takes ${transaction.stripped.length} bytes, a proof holds at most ${MAX_STRIPPED_BYTES}`,
    );
  const wanted = parseTransaction(unsigned);
  const same =
    outpointsOf(transaction).join() === outpointsOf(wanted).join() &&
    transaction.outputs.length === wanted.outputs.length &&
    transaction.outputs.every(
      ({ valueSats, script }, i) =>
        valueSats === wanted.outputs[i]!.valueSats && bytesToHex(script) === bytesToHex(wanted.outputs[i]!.script),
    );
  if (!same) return none('the wallet signed another transaction than the one it was given');
  const cost = String(total - sumOf(transaction));
  return { version: { id: displayHash(transaction.txid), raw: answer.hex, cost } };
}

const sumOf = ({ outputs }: Transaction): number => Number(outputs.reduce((sum, { valueSats }) => sum + valueSats, 0n));

function isShortOfFunds(error: unknown): boolean {
  if (isRefusal(error, CORE_ERROR.insufficientFunds)) return true;
  return isRefusal(error, CORE_ERROR.wallet) && /insufficient|preselected/i.test(error.message);
}
