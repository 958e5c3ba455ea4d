import { bytesToHex } from '@noble/hashes/utils.js';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { createBitcoinNodeSource } from '../bitcoin-node-source.js';
import { createEsploraSource } from '../esplora-source.js';
import { createEvmNodeSource } from '../evm-node-source.js';
import { createPackSource } from '../pack-source.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { NETWORKS, type NetworkName } from '#bitcoin/network.js';
import { genesisHeader, type NetworkWithGenesis } from '#bitcoin/testing/genesis-header.js';
import { parsePinnedBlock } from '#bitcoin/pinned-block.js';
import type { Sources } from '../ask.js';

/** How a server fails whatever it is asked; `redirects`, `logs in` (a page with status 200) and `floods` are answers that cannot be right. */
export type Failure = 'refuses' | 'is busy' | 'wants a password' | 'redirects' | 'logs in' | 'floods';

/** An explorer or a node of a Bitcoin network as it answers over HTTP. */
export interface CannedBitcoinServer {
  kind: 'esplora' | 'node';
  /** `strange`: one that nobody knows; `hidden`: it does not tell. */
  network: NetworkWithGenesis | 'strange' | 'hidden';
  /** Height → the bytes that it calls the header there. */
  blocks: Readonly<Record<number, Uint8Array>>;
  /** Its newest height; null when it does not tell. */
  tip: number | null;
  /** Height → the hash that it names instead of the header's own. */
  misnamed?: Readonly<Record<number, string>> | undefined;
  fails?: Failure | undefined;
}

/** A header pack. */
export interface CannedPack {
  kind: 'pack';
  network: NetworkName;
  startHeight: number;
  headers: readonly Uint8Array[];
  /** `HEIGHT:HASH` of blocks that the caller pins. */
  pins?: readonly string[] | undefined;
}

/** A node of an EVM chain as it answers over HTTP. */
export interface CannedEvmNode {
  kind: 'evm';
  chainId: number;
  /** Hash of block 0, hex; null when it does not have it any more. */
  genesis: string | null;
  /** Height → hash in hex and time. */
  blocks: Readonly<Record<number, { hash: string; timeMs: number }>>;
  /** Null: it does not tell. */
  finalized: number | null;
  latest: number | null;
  fails?: Failure | undefined;
}

/** Something that can be asked. */
export type CannedSource = CannedBitcoinServer | CannedPack | CannedEvmNode;

/** The hash of a block 0 that no network here has. */
const STRANGE_GENESIS = 'ab'.repeat(32);

/** Address of the server in the n-th place. */
export const cannedUrl = (index: number): string => `http://source-${index}.test`;

/** A `fetch` before which the n-th source is served at {@link cannedUrl}. It opens no connection. */
export function cannedServers(sources: readonly CannedSource[]): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const { hostname, pathname } = new URL(url);
    const source = sources[Number(/^source-(\d+)\.test$/.exec(hostname)?.[1])];
    if (source === undefined || source.kind === 'pack') throw new Error(`Asking ${hostname}: expected a canned server`);
    if (source.fails !== undefined) return failed(source.fails);
    if (source.kind === 'esplora') return esplora(source, pathname);
    const { method, params, id } = JSON.parse(init.body as string) as Call;
    const answer = source.kind === 'evm' ? evmAnswer(source, method, params) : coreAnswer(source, method, params);
    return Response.json({ jsonrpc: '2.0', id, ...answer });
  };
}

/** These sources, asked through the real clients. */
export function cannedSources(canned: readonly CannedSource[]): Sources {
  const fetch = cannedServers(canned);
  return {
    bitcoin: canned.flatMap((source, i) => {
      const access = { url: cannedUrl(i), fetch };
      if (source.kind === 'esplora') return [createEsploraSource(access)];
      if (source.kind === 'node') return [createBitcoinNodeSource(access)];
      if (source.kind !== 'pack') return [];
      const { network, startHeight, headers, pins = [] } = source;
      const pack = formatHeaderPack(network, startHeight, headers);
      return [createPackSource(pack, { name: `pack ${i}`, pins: pins.map(parsePinnedBlock) })];
    }),
    evm: canned.flatMap((source, i) =>
      source.kind === 'evm' ? [createEvmNodeSource({ url: cannedUrl(i), fetch })] : [],
    ),
  };
}

interface Call {
  id: unknown;
  method: string;
  params: unknown[];
}

type CallAnswer = { result: unknown } | { error: { code: number; message: string } };

function failed(how: Failure): Response {
  switch (how) {
    case 'refuses':
      throw new TypeError('connect ECONNREFUSED');
    case 'is busy':
      return new Response('Try again later', { status: 503 });
    case 'wants a password':
      return new Response('', { status: 401 });
    case 'redirects':
      return new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } });
    case 'logs in':
      return new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } });
    case 'floods':
      return new Response('0'.repeat(8_000_000));
  }
}

/** The bytes that a server has at a height: those that were given to it, and its network's block 0. */
function headerAt(
  { blocks, network }: Pick<CannedBitcoinServer, 'blocks' | 'network'>,
  height: number,
): Uint8Array | undefined {
  const isKnown = network !== 'strange' && network !== 'hidden';
  return blocks[height] ?? (height === 0 && isKnown ? genesisHeader(network) : undefined);
}

/** The block hash that a server names at a height. */
function hashAt({ network, blocks, misnamed }: CannedBitcoinServer, height: number): string | undefined {
  const header = headerAt({ network, blocks }, height);
  if (misnamed?.[height] !== undefined) return misnamed[height];
  if (header !== undefined) return displayHash(parseBlockHeader(header.slice(0, 80)).hash);
  return height === 0 && network === 'strange' ? STRANGE_GENESIS : undefined;
}

/** The bytes that a server gives for a block hash, hex. */
function headerOf(server: CannedBitcoinServer, hash: string): string | undefined {
  const height = [0, ...Object.keys(server.blocks).map(Number)].find((each) => hashAt(server, each) === hash);
  const header = height === undefined ? undefined : headerAt(server, height);
  return header === undefined ? undefined : bytesToHex(header);
}

function esplora(server: CannedBitcoinServer, path: string): Response {
  const [, height] = /^\/block-height\/(\d+)$/.exec(path) ?? [];
  const [, hash] = /^\/block\/([0-9a-f]{64})\/header$/.exec(path) ?? [];
  const text =
    height !== undefined
      ? hashAt(server, Number(height))
      : hash !== undefined
        ? headerOf(server, hash)
        : server.tip?.toString();
  return text === undefined ? new Response('Block not found', { status: 404 }) : new Response(text);
}

function coreAnswer(server: CannedBitcoinServer, method: string, params: unknown[]): CallAnswer {
  const { network, tip } = server;
  const given = (result: unknown): CallAnswer =>
    result === undefined || result === null
      ? { error: { code: -8, message: 'Block height out of range' } }
      : { result };
  if (method === 'getblockhash') return given(hashAt(server, params[0] as number));
  if (method === 'getblockheader') return given(headerOf(server, params[0] as string));
  if (method === 'getblockcount' && tip !== null) return given(tip);
  if (method === 'getblockchaininfo' && network !== 'hidden')
    return given({ chain: network === 'strange' ? 'strangenet' : NETWORKS[network].coreName });
  return { error: { code: -32601, message: 'Method not found' } };
}

function evmAnswer(
  { chainId, genesis, blocks, finalized, latest }: CannedEvmNode,
  method: string,
  params: unknown[],
): CallAnswer {
  const hex = (value: number) => `0x${value.toString(16)}`;
  if (method === 'eth_chainId') return { result: hex(chainId) };
  if (method === 'eth_blockNumber' && latest !== null) return { result: hex(latest) };
  if (method !== 'eth_getBlockByNumber') return { error: { code: -32601, message: 'the method does not exist' } };
  if (params[0] === 'finalized') return { result: finalized === null ? null : { number: hex(finalized) } };
  const number = Number(params[0]);
  const block = number === 0 && genesis !== null ? { hash: genesis, timeMs: 0 } : blocks[number];
  if (block === undefined) return { result: null };
  // Whole seconds as most chains have them, else milliseconds, which numbers of that size are.
  const timestamp = block.timeMs % 1000 === 0 ? block.timeMs / 1000 : block.timeMs;
  return { result: { number: hex(number), hash: `0x${block.hash}`, timestamp: hex(timestamp) } };
}
