import type { Hex } from 'viem';
import { isRefusal, untrue } from '../json-rpc.js';
import type { Refusal } from '../paying/observed.js';
import type { Learned } from '../paying/paying-anchor.js';
import { currentVersions } from '../paying/progress.js';
import { callOf } from './account.js';
import { pendingCount, transactionCount } from './broadcast.js';
import { type EvmRpc, quantity } from './evm-rpc.js';
import { type Fees, firstFees, priceCap, raisedFees, readMarket, tooDear, withGasRoom } from './fee.js';
import { provenCount } from './proven-count.js';
import type { EvmProgress, EvmTransaction } from './progress.js';
import { askOthers, type View } from './view.js';

type Signed = Learned<EvmTransaction>;

const none = (reason: string, remarks: readonly string[] = []): Signed => ({
  signed: { reason },
  remarks,
});

/** Signs the first version of a round, or one with higher fees, and with other gas where that is why none is mined. @throws NodeFault */
export async function sign(
  view: View,
  progress: EvmProgress,
  replaced: EvmTransaction | null,
  refusal: Refusal | null,
): Promise<Signed> {
  const { chain, node } = view;
  const { account } = chain;
  const { rpc } = node;
  if (replaced !== null && replaced.from !== account.address)
    return none(`the key of account ${replaced.from} is not configured any more`);
  const { to, data } = replaced ? callOf(replaced) : { to: chain.to, data: `0x${progress.root}` as const };
  const estimate = await estimateGas(rpc, { from: account.address, to, data });
  if (typeof estimate === 'string') return none(estimate);
  const isOverGas = refusal?.about === 'gas';
  const before = replaced === null ? 0n : BigInt(replaced.gas);
  // What was estimated before may have been too little, and a node that takes such a transaction never has it in a block.
  const gas = isOverGas || estimate > before ? estimate : before;
  if (isOverGas && gas === before) return none(`the node still reckons with ${gas} gas`);

  const market = await readMarket(rpc, node.baseFee);
  const cap = priceCap(chain, gas);
  // What no node has taken need not be outbid.
  const isFirst = replaced === null || (isOverGas && !currentVersions(progress).some(({ accepted }) => accepted));
  const fees = isFirst ? firstFees(market, cap.perGas) : raisedFees(market, feesOf(replaced), cap.perGas);
  if (fees === null) return none(tooDear(market, cap, replaced === null ? 'the least' : 'more than it offers'));
  const needed = gas * fees.perGas;
  const held = await rpc.call(quantity, 'eth_getBalance', account.address, 'latest');
  if (held < needed) {
    const what = held === 0n ? 'is empty' : `holds ${held} wei`;
    return none(`account ${account.address} ${what}, a transaction may need ${needed} wei`);
  }
  const number = replaced === null ? await freeNumber(view, progress.root) : { nonce: replaced.nonce, remarks: [] };
  if ('reason' in number) return none(number.reason, number.remarks);
  const { nonce, remarks } = number;
  const version = await account.sign({ chainId: chain.chainId, nonce, to, data, gas }, fees);
  if (replaced === null) chain.promises.make(progress.root, [String(nonce)]);
  return { signed: { version }, remarks };
}

const feesOf = ({ perGas, tip }: EvmTransaction): Fees => ({
  perGas: BigInt(perGas),
  tip: tip === null ? null : BigInt(tip),
});

/** The number of the account's next transaction. One that is too high would never be mined, so the node's word is compared with what else is
 * known; and nothing is queued behind what waits, which could only be mined later anyway. */
async function freeNumber(
  view: View,
  root: string,
): Promise<{ remarks: readonly string[] } & ({ nonce: number } | { reason: string })> {
  const { chain, node } = view;
  const { address } = chain.account;
  const made = await transactionCount(node.rpc, address, 'latest');
  const proven = await provenCount(node, address);
  if (proven !== null && proven !== made)
    throw untrue(`counts ${made} transactions of account ${address}, block ${node.height} proves ${proven}`);
  const heard = await askOthers(view, (rpc) => transactionCount(rpc, address, 'latest'));
  const current = heard.answers.filter(({ node: other }) => other.counts);
  const refuse = (reason: string, remarks = heard.failures) => ({ reason, remarks });
  if (current.length > 0 && current.every(({ answer }) => answer < made))
    return refuse(
      `${node.rpc.name} counts ${made} transactions of account ${address}, ${current[0]!.node.rpc.name} ${current[0]!.answer}`,
    );
  const { waiting, remarks } = await pendingCount(node.rpc, address);
  const ahead = waiting === null ? 0 : waiting - made;
  if (ahead > 0) {
    const what = ahead === 1 ? '1 transaction' : `${ahead} transactions`;
    const wait = ahead === 1 ? 'waits' : 'wait';
    return refuse(`${what} of account ${address} ${wait} in the node, the next one is made after that`);
  }
  const promised = chain.promises.toOthers(root).find((number) => Number(number) >= made);
  if (promised !== undefined)
    return refuse(`number ${promised} of account ${address} is promised to another checkpoint`);
  return { nonce: made, remarks: [...heard.failures, ...remarks] };
}

/** Gas to offer; or what is in the way. */
async function estimateGas(rpc: EvmRpc, call: { from: Hex; to: Hex; data: Hex }): Promise<bigint | string> {
  try {
    return withGasRoom(await rpc.call(quantity, 'eth_estimateGas', call));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (/insufficient|not enough/i.test(error.message)) return `account ${call.from} is empty`;
    return `the chain would refuse the transaction to ${call.to}: ${error.message}`;
  }
}
