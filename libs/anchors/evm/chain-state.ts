import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { EvmError } from '#evm/error.js';
import { encodeHeader, parseHeader } from '#evm/header.js';
import { isRefusal, NodeFault, untrue } from '../json-rpc.js';
import { count, type EvmRpc, explain, hash, quantity } from './evm-rpc.js';

/** Block times from here on are milliseconds, below seconds: 1973, or the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000n;

/** A node is behind when it lacks as many blocks as this and they took longer than that. */
const LAG_BLOCKS = 5;
const LAG_MS = 30_000;

/** What a chain must be like. Hex with `0x`, lower case. */
export interface ChainSettings {
  readonly chainId: number;
  /** Hash of block 0. */
  readonly genesis: string;
  /** Unit of block times. */
  readonly blockTimeUnit: 's' | 'ms';
  /** When a block is final: under the chain's tag, or with this many blocks, its own included. */
  readonly finality: 'finalized' | 'latest' | { readonly blocks: number };
}

/** A node that can be asked, and how far it is. */
export interface ReadyNode {
  readonly rpc: EvmRpc;
  /** Height of its newest block. */
  readonly height: number;
  /** Root of the state after that block, 32 bytes. */
  readonly stateRoot: Uint8Array;
  /** Base fee of that block, in wei; null on a chain without. */
  readonly baseFee: bigint | null;
  /** Height up to which blocks are final; negative when none is. */
  readonly finalHeight: number;
  /** Whether its word about the end of the chain counts: not when another node is well ahead, nor when it has just failed. */
  readonly counts: boolean;
}

/** What a person should know about the nodes. */
export interface ChainState {
  /** Nodes to ask, best first: those that are behind come last. */
  readonly ready: readonly ReadyNode[];
  /** What is wrong with the others, and with those that are behind: ends of a sentence. */
  readonly problems: readonly string[];
}

const anyBlock = z.looseObject({});
const head = z.object({ number: count, stateRoot: hash, timestamp: quantity, baseFeePerGas: quantity.nullish() });

/** Asks all nodes whether they are on the right chain and ready. Never rejects for what a node does. */
export async function readChainState(rpcs: readonly EvmRpc[], settings: ChainSettings): Promise<ChainState> {
  const problems: string[] = [];
  const nodes = await Promise.all(
    rpcs.map(async (rpc) => {
      try {
        return await readNode(rpc, settings);
      } catch (error) {
        if (!(error instanceof NodeFault)) throw error;
        problems.push(`${rpc.name} ${explain(error)}`);
        return null;
      }
    }),
  );
  const ready = nodes.filter((node) => node !== null);
  const best = ready.reduce<Head | null>((a, b) => (a === null || b.height > a.height ? b : a), null);
  const isBehind = (node: Head) =>
    best !== null && best.height - node.height >= LAG_BLOCKS && best.timeMs - node.timeMs > LAG_MS;
  const behind = ready.filter(isBehind);
  for (const node of behind)
    problems.push(`${node.rpc.name} is behind, at block ${node.height} where another one has block ${best?.height}`);
  const current = ready.filter((node) => !behind.includes(node));
  return { ready: [...current, ...behind.map((node) => ({ ...node, counts: false }))], problems };
}

interface Head extends ReadyNode {
  timeMs: number;
}

async function readNode(rpc: EvmRpc, settings: ChainSettings): Promise<Head> {
  const { chainId, genesis, blockTimeUnit, finality } = settings;
  const block = (at: string) => rpc.call(anyBlock.nullable(), 'eth_getBlockByNumber', at, false);
  const [id, first, shown, syncing] = await Promise.all([
    rpc.call(count, 'eth_chainId'),
    block('0x0'),
    block('latest'),
    rpc.call(z.union([z.literal(false), z.looseObject({})]), 'eth_syncing').catch((error: unknown) => {
      // Not every node has this method.
      if (isRefusal(error)) return false as const;
      throw error;
    }),
  ]);
  if (id !== chainId) throw untrue(`is on the wrong chain: expected chain id ${chainId}, got ${id}`);
  // Only what it is called: chains that hash as Ethereum does may have begun otherwise.
  const begun = hash.safeParse(first?.['hash']).data;
  if (begun !== genesis)
    throw untrue(`is on the wrong chain: expected block 0 to be ${genesis}, got ${begun ?? 'none'}`);
  if (shown === null) throw untrue('has no block');
  const newest = headOf(shown);
  if (syncing !== false) throw untrue(`is still syncing, at block ${newest.number}`);
  const unit = newest.timestamp < MILLISECONDS_FROM ? 's' : 'ms';
  // The first block of many chains has the time 0, which says nothing.
  if (unit !== blockTimeUnit && newest.number > 0)
    throw untrue(
      `counts block times in ${NAMES[unit]}, expected ${NAMES[blockTimeUnit]}: blockTimeUnit of the chain is wrong`,
    );
  return {
    rpc,
    height: newest.number,
    stateRoot: hexToBytes(newest.stateRoot.slice(2)),
    baseFee: newest.baseFeePerGas ?? null,
    finalHeight: typeof finality === 'string' ? await taggedHeight(finality) : newest.number - finality.blocks + 1,
    counts: true,
    timeMs: Number(newest.timestamp) * (unit === 's' ? 1000 : 1),
  };

  async function taggedHeight(tag: 'finalized' | 'latest'): Promise<number> {
    if (tag === 'latest') return newest.number;
    const tagged = await block(tag).catch((cause: unknown) => {
      if (!isRefusal(cause)) throw cause;
      throw untrue(`does not serve the tag ${tag} (${cause.message})`, cause);
    });
    if (tagged === null) throw untrue(`does not serve the tag ${tag}`);
    return Math.min(headOf(tagged).number, newest.number);
  }
}

/** What a block's header says, which must be what the block's hash is made of. Whether attestations can be made of a chain shows in any of its
 * blocks, before anything is paid for. @throws NodeFault `untrue` */
function headOf(block: Record<string, unknown>): z.output<typeof head> {
  try {
    parseHeader(encodeHeader(block));
  } catch (cause) {
    if (!(cause instanceof EvmError)) throw cause;
    throw untrue(`shows a block that no attestation can be made of, so nothing is sent (${cause.message})`, cause);
  }
  const read = head.safeParse(block);
  if (read.success) return read.data;
  throw untrue(`shows a block in another form than Ethereum's (${read.error.issues[0]?.path.join('.')})`);
}

const NAMES = { s: 'seconds', ms: 'milliseconds' } as const;
