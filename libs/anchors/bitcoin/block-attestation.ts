import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { parseDisplayHash } from '#bitcoin/block-hash.js';
import { ask } from '#source/ask.js';
import type { BlockSource } from '#source/block-source.js';
import { checkedHeader } from '#source/header-answer.js';
import { merkleBranch } from '#bitcoin/merkle-branch.js';
import { NETWORKS, type NetworkName, networkOfCoreName } from '#bitcoin/network.js';
import { parseTransaction } from '#bitcoin/transaction.js';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { CORE_ERROR, type CoreRpc, NodeError } from './core-rpc.js';
import { Obstacle } from './node-state.js';
import type { BitcoinProgress, SentTransaction } from './progress.js';
import { dataScript } from './unsigned-transaction.js';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const walletTransaction = z.object({ confirmations: z.int(), blockhash: hash.nullish() });
const blockHeader = z.object({ height: z.int().nonnegative() });
const chainInfo = z.object({ chain: z.string() });
const blockIds = z.object({ tx: z.array(hash) });

/** A block of the best chain that holds one of our transactions. */
export type HoldingBlock = Pick<NonNullable<BitcoinProgress['block']>, 'height' | 'hash' | 'txid'>;

/** Where the node has one of our transactions. */
export interface Whereabouts {
  /** In this block of the best chain; null when no block of it holds one. */
  readonly block: HoldingBlock | null;
  /** The block in which the wallet sees one and which the best chain does not have; null when there is none. */
  readonly stray: HoldingBlock | null;
}

/** Looks for the block of the best chain that holds one of these transactions. @throws NodeError */
export async function findBlock(rpc: CoreRpc, transactions: readonly SentTransaction[]): Promise<Whereabouts> {
  let stray: HoldingBlock | null = null;
  for (const { txid } of transactions.toReversed()) {
    const known = await rpc.wallet(walletTransaction, 'gettransaction', txid).catch((error: unknown) => {
      if (error instanceof NodeError && error.number === CORE_ERROR.unknownTransaction) return null;
      throw error;
    });
    if (!known?.blockhash || known.confirmations < 1) continue;
    const { height } = await rpc.node(blockHeader, 'getblockheader', known.blockhash, true);
    const block = { height, hash: known.blockhash, txid };
    if ((await depthOf(rpc, block)) > 0) return { block, stray: null };
    // The wallet hears of a reorganisation a moment after the node. A node that goes on like this contradicts itself.
    stray ??= block;
  }
  return { block: null, stray };
}

/** Blocks from this one to the end of the best chain, both included; 0 when the best chain does not have it. @throws NodeError */
export async function depthOf(rpc: CoreRpc, block: Pick<HoldingBlock, 'height' | 'hash'>): Promise<number> {
  const tip = await rpc.node(z.int(), 'getblockcount');
  if (block.height > tip) return 0;
  return (await rpc.node(hash, 'getblockhash', block.height)) === block.hash ? tip - block.height + 1 : 0;
}

/** The timestamp that leads from the root through the transaction and the block's Merkle tree to the block, canonical, and the block's time.
 * It has been read back and compared with the header that the node gives for that height.
 * @throws NodeError; Obstacle when what the node says about the block does not fit together */
export async function attestBlock(
  rpc: CoreRpc,
  network: NetworkName | undefined,
  root: Uint8Array,
  block: HoldingBlock,
  raw: string,
): Promise<{ attestation: Uint8Array; time: Date }> {
  const doubt = (what: string) =>
    new Obstacle(`what the node says about block ${block.height} does not fit together (${what})`);
  const { tx: ids } = await rpc.node(blockIds, 'getblock', block.hash, 1);
  const index = ids.indexOf(block.txid);
  if (index < 0) throw doubt('the transaction is not in it');
  const { stripped, outputs } = parseTransaction(hexToBytes(raw));
  if (!outputs.some(({ script }) => bytesToHex(script) === bytesToHex(dataScript(root))))
    throw doubt('the transaction does not carry the root');

  const [before, after] = aroundRoot(stripped, root);
  let path = pathFrom(root).prepend(before).append(after).sha256().sha256();
  for (const [level, sibling] of merkleBranch(ids.map(parseDisplayHash), index).entries()) {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    path = (isRight ? path.prepend(sibling) : path.append(sibling)).sha256().sha256();
  }
  const attestation = serializeTimestamp(path.end([{ type: 'bitcoin', height: block.height }]));

  const [attested] = listAttestations(parseTimestamp(attestation, root, { canonical: true }));
  if (attested === undefined) throw doubt('no attestation');
  const sources = { bitcoin: [nodeSource(rpc, network)], evm: [] };
  const expected = { merkleRoot: attested.message };
  const answer = await ask(sources, { chain: 'bitcoin', height: block.height, network, expected });
  if (answer.outcome !== 'shown' || answer.block.hash !== block.hash)
    throw doubt(answer.silent[0]?.detail ?? `the block there is ${answer.outcome}`);
  return { attestation, time: new Date(answer.block.timeMs) };
}

/** The bytes of a transaction on both sides of the root in its data output. */
function aroundRoot(stripped: Uint8Array, root: Uint8Array): [Uint8Array, Uint8Array] {
  // Whole bytes only: an index into the hex text may fall between two of them.
  const at = Buffer.from(stripped).indexOf(dataScript(root)) + dataScript(root).length - root.length;
  return [stripped.slice(0, at), stripped.slice(at + root.length)];
}

/** The node's headers, with their hash and work checked. Fails only as {@link CoreRpc} does. */
function nodeSource(rpc: CoreRpc, network: NetworkName | undefined): BlockSource {
  return {
    name: rpc.name,
    network: async () => networkOfCoreName((await rpc.node(chainInfo, 'getblockchaininfo')).chain)?.name,
    async header(height) {
      const blockHash = await rpc.node(hash, 'getblockhash', height);
      const header = await rpc.node(z.string(), 'getblockheader', blockHash, false);
      return checkedHeader(rpc.name, header, parseDisplayHash(blockHash), network && NETWORKS[network]);
    },
  };
}
