import type { Hex } from 'viem';
import { type Call, callOf, type FreshTransaction } from './account.js';
import {
  addTransaction,
  type Attempt,
  askOthers,
  changeTransaction,
  type EvmChainAccount,
  finalHeight,
} from './attempt.js';
import { findMined } from './block-attestation.js';
import { broadcast, knownTransaction, type Refusal, transactionCount } from './broadcast.js';
import { type EvmRpc, quantity, RpcError } from './evm-rpc.js';
import { type Fees, firstFees, inGwei, type Market, raisedFees, readMarket, withGasRoom } from './fee.js';
import { transactionWithNonce } from './nonce-use.js';
import { Doubt, Obstacle } from './obstacle.js';
import { provenCount } from './proven-count.js';
import type { SentTransaction } from './progress.js';

/** Blocks after which a transaction that none of them holds is replaced by one with higher fees. */
const PATIENCE_BLOCKS = 5;

/** Most versions of one transaction, the first included: fees cannot be raised without end, whatever the node says. */
const MAX_VERSIONS = 10;

/** A nonce stays promised to a root for this time; the submission is stored and sent within seconds, and the node knows by itself from then on. */
const PROMISE_MS = 600_000;

/** Makes, sends, sends again, or replaces a transaction: one step, the next one after this one is stored. To be called by one process at a
 * time for an account. @throws RpcError, Doubt, Obstacle */
export async function lookAfterTransactions(attempt: Attempt): Promise<void> {
  const { node, progress } = attempt;
  const { rpc } = node;
  const current = progress.transactions.filter(({ round }) => round === progress.round);
  const last = current.at(-1);
  if (last === undefined) return addTransaction(attempt, await signFirst(attempt));

  const known = await knownTransaction(rpc, current);
  const mined = await transactionCount(rpc, last.from, 'latest');
  if (mined > last.nonce) return leaveNonce(attempt, last);
  attempt.progress = { ...attempt.progress, nonceGoneAt: null };
  const waiting = await transactionCount(rpc, last.from, 'pending');
  const isTaken = known === null && waiting > last.nonce;
  // A node that took ours before may only not show what waits.
  if (isTaken && !current.some(({ accepted }) => accepted))
    throw new Obstacle(
      `number ${last.nonce} of account ${last.from} is taken by another transaction that waits in the node`,
    );

  const refusal = isTaken && last.offeredAt !== null ? null : await offer(attempt, current, known);
  if (refusal === null && last.nonce > waiting)
    attempt.obstacle = `it waits for number ${waiting} of account ${last.from}, which the node does not have`;
  const waited = last.offeredHeight === null ? 0 : node.height - last.offeredHeight;
  if (waited >= PATIENCE_BLOCKS || refusal?.about === 'fee' || refusal?.about === 'gas')
    return raise(attempt, current, last, refusal);
  if (refusal?.about === 'funds') throw await poverty(rpc, last);
  if (refusal !== null) attempt.obstacle = `the node refuses the transaction: ${refusal.reason}`;
}

/** Sees to it that the node has the newest version if it was not sent yet, else any, the newest that it takes. Null when it has, else why it
 * refuses the newest. */
async function offer(
  attempt: Attempt,
  current: readonly SentTransaction[],
  known: SentTransaction | null,
): Promise<Refusal | null> {
  const { chain, node } = attempt;
  const last = current.at(-1)!;
  const sent = { offeredAt: chain.now().toISOString(), offeredHeight: node.height };
  const isNew = last.offeredAt === null;
  if (known !== null && (known === last || !isNew)) {
    changeTransaction(attempt, known.hash, isNew ? { ...sent, accepted: true } : { accepted: true });
    return null;
  }
  let refusal: Refusal | null = null;
  for (const version of isNew ? [last] : current.toReversed()) {
    const answer = await broadcast(node.rpc, version);
    if (isNew) changeTransaction(attempt, version.hash, { ...sent, accepted: answer === null });
    else if (answer === null) changeTransaction(attempt, version.hash, { accepted: true });
    if (answer === null) return null;
    refusal ??= answer;
  }
  return refusal;
}

/** Signs a version with higher fees, and with other gas where that is why none is mined, or says why there is none. */
async function raise(
  attempt: Attempt,
  current: readonly SentTransaction[],
  last: SentTransaction,
  refusal: Refusal | null,
): Promise<void> {
  const { chain, node } = attempt;
  const refused = refusal === null ? '' : `the node refuses the transaction: ${refusal.reason}; `;
  const because = (reason: string) => {
    attempt.obstacle = `${refused}its fee is not raised: ${reason}`;
  };
  if (current.length >= MAX_VERSIONS) return because(`it was ${MAX_VERSIONS - 1} times`);
  if (last.from !== chain.account.address) return because(`the key of account ${last.from} is not configured any more`);
  const call = callOf(last);
  const isOverGas = refusal?.about === 'gas';
  const estimate = await estimateGas(node.rpc, { from: last.from, to: call.to, data: call.data });
  // What was estimated before may have been too little, and a node that takes such a transaction never has it in a block.
  const gas = isOverGas || estimate > call.gas ? estimate : call.gas;
  if (isOverGas && gas === call.gas) return because(`the node still reckons with ${gas} gas`);
  const market = await readMarket(node.rpc, node.baseFee);
  const lastFees: Fees = { perGas: BigInt(last.perGas), tip: last.tip === null ? null : BigInt(last.tip) };
  const most = mostFor(chain, gas);
  // What no node has taken need not be outbid.
  const isFirst = isOverGas && !current.some(({ accepted }) => accepted);
  const fees = isFirst ? firstFees(market, most) : raisedFees(market, lastFees, most);
  if (fees === null) return because(tooDear(chain, gas, market, 'more than it offers'));
  await checkFunds(chain, node.rpc, gas * fees.perGas);
  addTransaction(attempt, await chain.account.sign({ ...call, gas }, fees));
}

async function signFirst(attempt: Attempt): Promise<FreshTransaction> {
  const { chain, node, progress } = attempt;
  const { account, chainId, to } = chain;
  const { rpc } = node;
  const data: Hex = `0x${progress.root.slice(2)}`;
  const gas = await estimateGas(rpc, { from: account.address, to, data });
  const market = await readMarket(rpc, node.baseFee);
  const fees = firstFees(market, mostFor(chain, gas));
  if (fees === null) throw new Obstacle(tooDear(chain, gas, market, 'the least'));
  await checkFunds(chain, rpc, gas * fees.perGas);

  const nonce = await nextNonce(attempt);
  const time = chain.now().getTime();
  const { promised } = chain;
  if (promised !== null && promised.root !== progress.root && promised.until > time && promised.nonce >= nonce)
    throw new Obstacle(`number ${promised.nonce} of account ${account.address} is promised to another checkpoint`);
  const call: Call = { chainId, nonce, to, data, gas };
  const fresh = await account.sign(call, fees);
  chain.promised = { root: progress.root, nonce, until: time + PROMISE_MS };
  return fresh;
}

/** The number of the account's next transaction. One that is too high would never be mined, so the node's word is compared with what else is
 * known; and nothing is queued behind what waits, which could only be mined later anyway. */
async function nextNonce(attempt: Attempt): Promise<number> {
  const { chain, node, problems } = attempt;
  const { address } = chain.account;
  const made = await transactionCount(node.rpc, address, 'latest');
  const proven = await provenCount(node, address);
  if (proven !== null && proven !== made)
    throw new Doubt(`counts ${made} transactions of account ${address}, block ${node.height} proves ${proven}`);
  const counts = await askOthers(attempt, (rpc) => transactionCount(rpc, address, 'latest'));
  const current = counts.filter(({ name }) => !problems.has(name));
  if (current.length > 0 && current.every(({ answer }) => answer < made))
    throw new Obstacle(
      `${node.rpc.name} counts ${made} transactions of account ${address}, ${current[0]!.name} ${current[0]!.answer}`,
    );
  const waiting = (await transactionCount(node.rpc, address, 'pending')) - made;
  if (waiting > 0) {
    const what = waiting === 1 ? '1 transaction' : `${waiting} transactions`;
    const wait = waiting === 1 ? 'waits' : 'wait';
    throw new Obstacle(`${what} of account ${address} ${wait} in the node, the next one is made after that`);
  }
  return made;
}

async function estimateGas(rpc: EvmRpc, call: { from: Hex; to: Hex; data: Hex }): Promise<bigint> {
  const gas = await rpc.call(quantity, 'eth_estimateGas', call).catch((error: unknown) => {
    if (!(error instanceof RpcError) || error.code !== 'error') throw error;
    if (/insufficient|not enough/i.test(error.message)) throw new Obstacle(`account ${call.from} is empty`);
    throw new Obstacle(`the chain would refuse the transaction to ${call.to}: ${error.message}`);
  });
  return withGasRoom(gas);
}

async function checkFunds(chain: EvmChainAccount, rpc: EvmRpc, needed: bigint): Promise<void> {
  const { address } = chain.account;
  const held = await rpc.call(quantity, 'eth_getBalance', address, 'latest');
  if (held >= needed) return;
  const what = held === 0n ? 'is empty' : `holds ${held} wei`;
  throw new Obstacle(`account ${address} ${what}, a transaction may need ${needed} wei`);
}

async function poverty(rpc: EvmRpc, last: SentTransaction): Promise<Obstacle> {
  const held = await rpc.call(quantity, 'eth_getBalance', last.from, 'latest');
  const needed = BigInt(last.gas) * BigInt(last.perGas);
  return new Obstacle(`account ${last.from} holds ${held} wei, the transaction may need ${needed} wei`);
}

const mostFor = ({ mostPerGas, mostWei }: EvmChainAccount, gas: bigint): bigint =>
  gas === 0n || mostWei / gas > mostPerGas ? mostPerGas : mostWei / gas;

function tooDear(chain: EvmChainAccount, gas: bigint, { least }: Market, otherwise: string): string {
  const most = mostFor(chain, gas);
  const asked = least > most ? `${inGwei(least)} gwei` : otherwise;
  const cap = most < chain.mostPerGas ? `, since a transaction of ${gas} gas may cost ${chain.mostWei} wei` : '';
  return `the chain asks ${asked} for a unit of gas, maxFeeGwei allows ${inGwei(most)} gwei${cap}`;
}

/** The nonce is used. When it was by somebody else, and that is final, so that none of ours can be mined any more, a new round with another
 * nonce begins. */
async function leaveNonce(attempt: Attempt, last: SentTransaction): Promise<void> {
  const { node, progress } = attempt;
  const { transactions, round } = progress;
  // Asked after the count, so that a transaction of ours that was mined in between is found.
  if ((await findMined(node.rpc, transactions)) !== null) {
    attempt.goOn = true;
    return;
  }
  const others = await askOthers(attempt, (rpc) => findMined(rpc, transactions));
  const witness = others.find(({ answer }) => answer !== null);
  if (witness !== undefined)
    throw new Doubt(
      `does not know transaction ${witness.answer?.transaction.hash}, which ${witness.name} has in a block`,
    );
  const since = progress.nonceGoneAt ?? node.height;
  attempt.progress = { ...progress, nonceGoneAt: since };
  const { from: account, nonce } = last;
  const usedAt = finalHeight(attempt);
  if (usedAt < since || (await minedAt(node.rpc, account, usedAt)) <= nonce) {
    attempt.obstacle = `another transaction has used number ${nonce} of account ${account}: when that is final, a new one is made`;
    return;
  }
  const first = Math.min(since, ...transactions.flatMap(({ offeredHeight }) => offeredHeight ?? []));
  const search = { account, nonce, unusedAt: Math.max(first - 1, 0), usedAt };
  const user = await transactionWithNonce(node.rpc, search);
  if (transactions.some(({ hash }) => hash === user))
    throw new Doubt(`says that transaction ${user} is in no block, and shows a block that holds it`);
  attempt.progress = { ...progress, round: round + 1, nonceGoneAt: null };
  attempt.goOn = true;
}

/** Transactions of an account up to a height; all of them where the node does not remember so far back, since that is past finality anyway. */
function minedAt(rpc: EvmRpc, account: string, height: number): Promise<number> {
  return transactionCount(rpc, account, height).catch((error: unknown) => {
    if (error instanceof RpcError && error.code === 'error') return transactionCount(rpc, account, 'latest');
    throw error;
  });
}
