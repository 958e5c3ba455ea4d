import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { displayHash } from '#bitcoin/block-hash.js';
import { type Transaction, parseTransaction } from '#bitcoin/transaction.js';
import { CORE_ERROR, type CoreRpc, NodeError } from './core-rpc.js';
import { type FeeRates, feeAt, raisedFee, toBtc, toSats } from './fee.js';
import { Obstacle } from './node-state.js';
import type { SentTransaction } from './progress.js';
import { carries, virtualBytes, withOutputValue } from './unsigned-transaction.js';

/** Smallest change that is left over, in satoshis: below it nodes call an output dust, whatever its type. */
const DUST_SATS = 546;

/** Most coins that one transaction spends: a small wallet full of dust must not make a large transaction. */
const MAX_INPUTS = 20;

/** Longest transaction without its witnesses, in bytes: stock OpenTimestamps clients name files by the hex of every message of a timestamp,
 * and a system's longest path has 4096 characters. */
const MAX_STRIPPED_BYTES = 1900;

/** Virtual size of the smallest transaction with one input, the root and change, in bytes. */
const LEAST_VIRTUAL_BYTES = 130;

/** Sequence number that allows replacement (BIP 125). */
const REPLACEABLE = 0xfffffffd;

const coinSchema = z.object({
  txid: z.string().regex(/^[0-9a-f]{64}$/),
  vout: z.int().nonnegative(),
  amount: z.number().nonnegative(),
  confirmations: z.int(),
  // Newer nodes list only coins that they can spend, and mean to drop this.
  spendable: z.boolean().default(true),
});
const funded = z.object({ hex: z.string() });
const signed = z.object({
  hex: z.string(),
  complete: z.boolean(),
  errors: z.array(z.object({ error: z.string() })).optional(),
});

/** An unspent output of the wallet. */
export type Coin = z.output<typeof coinSchema>;

/** What a transaction spends, `txid:index`, displayed. */
export const outpoint = ({ txid, vout }: Pick<Coin, 'txid' | 'vout'>): string => `${txid}:${vout}`;

/** What identifies the inputs of a transaction, sorted. */
export const outpointsOf = ({ inputs }: Transaction): string[] =>
  inputs.map((input) => outpoint({ txid: displayHash(input.previousTxid), vout: input.previousIndex })).sort();

/** How much a transaction may cost and which coins it may spend. */
export interface Purse {
  /** Most that all versions of a transaction may pay, in satoshis: the last one pays what it pays in all. */
  readonly maxFeeSats: number;
  /** Confirmations that make a coin preferable: it will not go away with a reorganisation. */
  readonly safeConfirmations: number;
  /** Whether a coin is promised to another transaction of ours. */
  readonly isTaken: (coin: Coin) => boolean;
}

/** A signed transaction that nobody has been told of. */
export type FreshTransaction = Pick<SentTransaction, 'txid' | 'raw' | 'feeSats'>;

/** Coins for one transaction: confirmed ones only, since what spends an unconfirmed coin dies with it when its fee is raised.
 * @throws Obstacle when there are none; NodeError */
export async function chooseCoins(rpc: CoreRpc, purse: Purse): Promise<Coin[]> {
  const all = await rpc.wallet(z.array(coinSchema), 'listunspent', 0, 9_999_999, [], false);
  const own = all.filter(({ spendable }) => spendable);
  const ready = own.filter((coin) => coin.confirmations > 0 && !purse.isTaken(coin));
  if (own.length === 0)
    throw new Obstacle(
      'the wallet has nothing to spend: it is empty, or what it has is locked or was mined less than 101 blocks ago',
    );
  if (ready.length === 0) {
    const sats = own.reduce((sum, { amount }) => sum + toSats(amount), 0);
    throw new Obstacle(`the wallet has nothing to spend yet: its ${sats} sat wait for a confirmation`);
  }
  const enough = purse.maxFeeSats + DUST_SATS;
  const isSafe = ({ confirmations }: Coin) => confirmations >= purse.safeConfirmations;
  // The smallest coin that suffices keeps the large ones free for other checkpoints.
  const single = ready
    .filter(({ amount }) => toSats(amount) >= enough)
    .sort((a, b) => Number(isSafe(b)) - Number(isSafe(a)) || a.amount - b.amount)[0];
  if (single) return [single];
  const chosen: Coin[] = [];
  let sum = 0;
  for (const coin of ready.sort((a, b) => b.amount - a.amount).slice(0, MAX_INPUTS)) {
    if (sum >= enough) break;
    chosen.push(coin);
    sum += toSats(coin.amount);
  }
  return chosen;
}

/** Makes the first transaction that carries the root, out of these coins. @throws Obstacle, NodeError */
export async function makeTransaction(
  rpc: CoreRpc,
  root: Uint8Array,
  coins: readonly Coin[],
  rates: FeeRates,
  maxFeeSats: number,
): Promise<FreshTransaction> {
  const tooLow = (sats: number) =>
    new Obstacle(
      `BITCOIN_MAX_FEE_SATS is too low: the node takes nothing below ${sats} sat, allowed are ${maxFeeSats}`,
    );
  // Asked before the wallet, which gives up a change address for every transaction that it funds.
  if (feeAt(rates.least, LEAST_VIRTUAL_BYTES) > maxFeeSats) throw tooLow(feeAt(rates.least, LEAST_VIRTUAL_BYTES));
  const inputs = coins.map(({ txid, vout }) => ({ txid, vout, sequence: REPLACEABLE }));
  const bare = await rpc.node(z.string(), 'createrawtransaction', inputs, [{ data: bytesToHex(root) }]);
  // Funded at the least rate, which shows its size; what it should pay is then taken out of the change.
  const options = { changePosition: 1, feeRate: toBtc(rates.least), replaceable: true, add_inputs: false };
  const { hex } = await rpc.wallet(funded, 'fundrawtransaction', bare, options).catch((error: unknown) => {
    if (!isShortOfFunds(error)) throw error;
    const sats = coins.reduce((sum, { amount }) => sum + toSats(amount), 0);
    throw new Obstacle(`the wallet has too little to spend: ${sats} sat confirmed, less than the fee`);
  });
  const draft = parseTransaction(hexToBytes(hex));
  const total = BigInt(coins.reduce((sum, { amount }) => sum + toSats(amount), 0));
  const spends = coins.map(outpoint).sort();
  if (!carries(draft.outputs[0]!, root) || draft.outputs.length > 2 || outpointsOf(draft).join() !== spends.join())
    throw new Obstacle('the node funded another transaction than the one it was given');
  const least = Number(total - sumOf(draft));
  if (least > maxFeeSats) throw tooLow(least);
  const size = Math.ceil((least * 1000) / rates.least);
  return sign(rpc, draft, total, Math.min(Math.max(least, feeAt(rates.wanted, size)), maxFeeSats));
}

/** Makes a version of `last` that pays more and spends the same coins; null when none may be made within `maxFeeSats` and the change.
 * @throws Obstacle, NodeError */
export async function raiseFee(
  rpc: CoreRpc,
  last: FreshTransaction,
  rates: FeeRates,
  maxFeeSats: number,
): Promise<FreshTransaction | null> {
  const raw = hexToBytes(last.raw);
  const transaction = parseTransaction(raw);
  const total = sumOf(transaction) + BigInt(last.feeSats);
  if (transaction.outputs.length < 2) return null;
  // A signature may come out two bytes longer than the one before.
  const size = virtualBytes(raw) + 2 * transaction.inputs.length;
  const fee = raisedFee(rates, size, last.feeSats, Math.min(maxFeeSats, Number(total) - DUST_SATS));
  return fee === null ? null : sign(rpc, transaction, total, fee);
}

async function sign(rpc: CoreRpc, draft: Transaction, total: bigint, feeSats: number): Promise<FreshTransaction> {
  const change = draft.outputs.length - 1;
  const spend = change === 0 ? 0n : total - BigInt(feeSats);
  const unsigned = withOutputValue(draft, change, spend);
  const { hex, complete, errors } = await rpc.wallet(signed, 'signrawtransactionwithwallet', bytesToHex(unsigned));
  if (!complete) throw new Obstacle(`the wallet cannot sign: ${errors?.[0]?.error ?? 'it gives no reason'}`);
  const transaction = parseTransaction(hexToBytes(hex));
  if (transaction.stripped.length > MAX_STRIPPED_BYTES)
    throw new Obstacle(
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
  if (!same) throw new Obstacle('the wallet signed another transaction than the one it was given');
  return { txid: displayHash(transaction.txid), raw: hex, feeSats: Number(total - sumOf(transaction)) };
}

const sumOf = ({ outputs }: Transaction): bigint => outputs.reduce((sum, { valueSats }) => sum + valueSats, 0n);

function isShortOfFunds(error: unknown): boolean {
  if (!(error instanceof NodeError) || error.code !== 'error') return false;
  const { number, message } = error;
  return (
    number === CORE_ERROR.insufficientFunds ||
    (number === CORE_ERROR.wallet && /insufficient|preselected/i.test(message))
  );
}
