import { bytesToHex } from '@noble/hashes/utils.js';
import { createBitcoinSources } from '#anchors/sources.js';
import { displayHash } from '#bitcoin/block-hash.js';
import { checkProofOfWork, parseBlockHeader } from '#bitcoin/block-header.js';
import type { BlockSource } from '#source/block-source.js';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import type { EvmSource } from '#source/evm-source.js';
import { NETWORKS, type NetworkName } from '#bitcoin/network.js';
import type { Config } from '#config/config.js';
import type { EvmChainSettings } from '#config/evm-chains.js';
import { chainLabel } from '#source/chain-label.js';

/** One source of a beacon: it names the newest block that it would vouch for. Whatever fails is thrown, with a message that holds no secret. */
export interface BeaconSource {
  readonly name: string;
  /** The chain as beacons name it, and the height of the newest block that may serve. */
  newest(): Promise<{ chain: string; height: number }>;
  /** Hash of the block at a height, as the chain's explorers show it, without 0x. */
  hash(height: number): Promise<string>;
}

/** The sources of the configured beacon; empty for none, and when the configuration names no source of that chain. */
export function createBeaconSources(config: Config): BeaconSource[] {
  if (config.beacon === 'bitcoin') return createBitcoinSources(config).map(bitcoinBeaconSource);
  const chain = config.evmChains.find(({ name }) => config.beacon === `evm:${name}`);
  if (chain === undefined) return [];
  const access = { fetch, timeoutMs: config.evmTimeoutMs };
  return chain.rpcUrls.map((url) => evmBeaconSource(createEvmNodeSource({ url, ...access }), chain));
}

/** Bitcoin's newest block as `source` shows it. A source that cannot tell its network or its height is none. */
export function bitcoinBeaconSource(source: BlockSource): BeaconSource {
  let network: NetworkName | undefined;
  return {
    name: source.name,
    async newest() {
      network = await source.network?.();
      if (network === undefined) throw new Error(`${source.name} does not tell its network`);
      if (source.tip === undefined) throw new Error(`${source.name} does not tell its newest block`);
      return { chain: chainLabel({ kind: 'bitcoin', network }), height: await source.tip() };
    },
    async hash(height) {
      const header = parseBlockHeader(await source.header(height));
      // Asked after newest(), which has set it: a block of that network has that network's work.
      checkProofOfWork(header, NETWORKS[network!]);
      return displayHash(header.hash);
    },
  };
}

/** The newest block of an EVM chain that its rule of finality holds for, so that no reorganisation removes it, as `source` shows it. */
export function evmBeaconSource(
  source: EvmSource,
  { chainId, genesis, finality }: Pick<EvmChainSettings, 'chainId' | 'genesis' | 'finality'>,
): BeaconSource {
  let isRightChain = false;
  const latest = async (): Promise<number> => {
    if (source.latestNumber === undefined) throw new Error(`${source.name} does not tell its newest block`);
    return source.latestNumber();
  };
  const height = async (): Promise<number> => {
    if (finality === 'latest') return latest();
    if (typeof finality === 'object') return Math.max(0, (await latest()) - finality.blocks + 1);
    // For `safe` as well: a block that is final is safe.
    const final = await source.finalizedNumber?.();
    if (final === undefined || final === null) throw new Error(`${source.name} does not tell its newest final block`);
    return final;
  };
  return {
    name: source.name,
    async newest() {
      if (!isRightChain) {
        const [id, first] = await Promise.all([source.chainId(), source.block(0)]);
        if (id !== chainId || `0x${bytesToHex(first.hash)}` !== genesis)
          throw new Error(`${source.name} is on another chain (id ${id}) than the configured one (id ${chainId})`);
        isRightChain = true;
      }
      return { chain: `evm-${chainId}`, height: await height() };
    },
    hash: async (number) => bytesToHex((await source.block(number)).hash),
  };
}
