import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { parseDisplayHash } from '#bitcoin/block-hash.js';
import { ask } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import { merkleBranch } from '#bitcoin/merkle-branch.js';
import { parseTransaction } from '#bitcoin/transaction.js';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { isRefusal, untrue } from '../json-rpc.js';
import type { MinedVersion } from '../paying/observed.js';
import { CORE_ERROR, type CoreRpc } from './core-rpc.js';
import type { BitcoinTransaction } from './progress.js';
import { dataScript } from './unsigned-transaction.js';

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const walletTransaction = z.object({ confirmations: z.int(), blockhash: hashSchema.nullish() });
const blockHeader = z.object({ height: z.int().nonnegative() });
const blockIds = z.object({ tx: z.array(hashSchema) });

/** A block that holds one of our transactions. */
export interface Holder {
  readonly number: number;
  readonly hash: string;
  readonly transaction: BitcoinTransaction;
}

/** The block of the best chain that holds one of these transactions; null when none does. `stray`: the block in which the wallet sees one and
 * which the best chain does not have. @throws NodeFault */
export async function findBlock(
  rpc: CoreRpc,
  transactions: readonly BitcoinTransaction[],
): Promise<{ block: Holder | null; stray: Holder | null }> {
  let stray: Holder | null = null;
  for (const transaction of transactions.toReversed()) {
    const known = await rpc.wallet(walletTransaction, 'gettransaction', transaction.id).catch((error: unknown) => {
      if (isRefusal(error, CORE_ERROR.unknownTransaction)) return null;
      throw error;
    });
    if (!known?.blockhash || known.confirmations < 1) continue;
    const { height } = await rpc.node(blockHeader, 'getblockheader', known.blockhash, true);
    const block = { number: height, hash: known.blockhash, transaction };
    if (await isInChain(rpc, block)) return { block, stray: null };
    // The wallet hears of a reorganisation a moment after the node. A node that goes on like this contradicts itself.
    stray ??= block;
  }
  return { block: null, stray };
}

/** Whether the node's best chain has the block. @throws NodeFault */
export async function isInChain(rpc: CoreRpc, { number, hash }: { number: number; hash: string }): Promise<boolean> {
  const tip = await rpc.node(z.int(), 'getblockcount');
  return number <= tip && (await rpc.node(hashSchema, 'getblockhash', number)) === hash;
}

/** The block with its own time and the timestamp, canonical, that leads from the root through the transaction and the block's Merkle tree to it.
 * It has been read back and compared with the header that the node, as `source`, gives for that height.
 * @throws NodeFault, `untrue` when what the node says about the block does not fit together */
export async function attestBlock(
  rpc: CoreRpc,
  source: BlockSource,
  root: Uint8Array,
  { number, hash, transaction }: Holder,
): Promise<MinedVersion> {
  const doubt = (what: string) => untrue(`what the node says about block ${number} does not fit together (${what})`);
  const { tx: ids } = await rpc.node(blockIds, 'getblock', hash, 1);
  const index = ids.indexOf(transaction.id);
  if (index < 0) throw doubt('the transaction is not in it');
  const { stripped, outputs } = parseTransaction(hexToBytes(transaction.raw));
  if (!outputs.some(({ script }) => bytesToHex(script) === bytesToHex(dataScript(root))))
    throw doubt('the transaction does not carry the root');

  const [before, after] = aroundRoot(stripped, root);
  let path = pathFrom(root).prepend(before).append(after).sha256().sha256();
  for (const [level, sibling] of merkleBranch(ids.map(parseDisplayHash), index).entries()) {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    path = (isRight ? path.prepend(sibling) : path.append(sibling)).sha256().sha256();
  }
  const attestation = serializeTimestamp(path.end([{ type: 'bitcoin', height: number }]));

  const [attested] = listAttestations(parseTimestamp(attestation, root, { canonical: true }));
  if (attested === undefined) throw doubt('no attestation');
  const expected = { merkleRoot: attested.message };
  const answer = await ask({ bitcoin: [source], evm: [] }, { chain: 'bitcoin', height: number, expected });
  if (answer.outcome !== 'shown' || answer.block.hash !== hash)
    throw doubt(answer.silent[0]?.detail ?? `the block there is ${answer.outcome}`);
  const time = new Date(answer.block.timeMs).toISOString();
  return { number, hash, time, transaction: transaction.id, paid: transaction.cost, attestation };
}

/** The bytes of a transaction on both sides of the root in its data output. */
function aroundRoot(stripped: Uint8Array, root: Uint8Array): [Uint8Array, Uint8Array] {
  // Whole bytes only: an index into the hex text may fall between two of them.
  const at = Buffer.from(stripped).indexOf(dataScript(root)) + dataScript(root).length - root.length;
  return [stripped.slice(0, at), stripped.slice(at + root.length)];
}
