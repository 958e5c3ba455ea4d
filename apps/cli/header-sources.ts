import type { BlockSource } from '#source/block-source.js';
import type { NetworkName } from '#bitcoin/network.js';
import { parsePinnedBlock, type PinnedBlock } from '#bitcoin/pinned-block.js';
import { CliError, reasonOf } from './cli-error.js';
import type { Context } from './context.js';
import { readInput } from './input-file.js';
import { nativeSha256 } from './native-sha256.js';

/** Where `verify` gets Bitcoin block headers. */
export interface HeaderOptions {
  bitcoinRpc?: string | undefined;
  esplora: string[];
  headers: string[];
  /** Blocks that the caller knows, `HEIGHT:HASH`, on which files of headers may hang. */
  pinBlock?: string[] | undefined;
  /** Time for one request, in seconds. */
  timeout: number;
  /** Refuse headers of any other network. */
  network?: NetworkName | undefined;
}

/**
 * The header sources that the command line (or, for the node, `SEALROOT_BITCOIN_RPC`) names; none is asked yet.
 *
 * @throws CliError `usage` for a wrong address, `no-input` or `bad-data` for a header pack.
 */
export async function openHeaderSources(context: Context, options: HeaderOptions): Promise<BlockSource[]> {
  const sources: BlockSource[] = [];
  const access = { fetch: context.fetch, timeoutMs: options.timeout * 1000, network: options.network };
  const rpcUrl = options.bitcoinRpc ?? context.environment.bitcoinRpc;
  if (rpcUrl !== undefined) {
    const { createBitcoinNodeSource } = await import('#source/bitcoin-node-source.js');
    sources.push(address('--bitcoin-rpc', () => createBitcoinNodeSource({ url: rpcUrl, ...access })));
  }
  if (options.esplora.length > 0) {
    const { createEsploraSource } = await import('#source/esplora-source.js');
    for (const url of options.esplora)
      sources.push(address('--esplora', () => createEsploraSource({ url, ...access })));
  }
  const pins = (options.pinBlock ?? []).map(readPin);
  for (const path of options.headers) sources.push(await openPack(path, options.network, pins));
  return sources;
}

function address<T>(option: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    // The address itself is not quoted: it may hold a password.
    throw new CliError('usage', `Reading ${option}: expected an http or https URL, got something else`, {
      cause: error,
    });
  }
}

function readPin(text: string): PinnedBlock {
  try {
    return parsePinnedBlock(text);
  } catch (error) {
    throw new CliError('usage', `Reading --pin-block: ${reasonOf(error)}`, { cause: error });
  }
}

async function openPack(
  path: string,
  network: NetworkName | undefined,
  pins: readonly PinnedBlock[],
): Promise<BlockSource> {
  const pack = await readInput(path);
  const { createPackSource } = await import('#source/pack-source.js');
  let source: BlockSource;
  try {
    source = createPackSource(new Uint8Array(pack.buffer, pack.byteOffset, pack.length), {
      name: path,
      sha256: nativeSha256,
      pins,
    });
  } catch (error) {
    throw new CliError('bad-data', `Reading ${path}: ${reasonOf(error)}`, { cause: error });
  }
  const found = await source.network?.();
  if (network !== undefined && found !== network)
    throw new CliError(
      'bad-data',
      `Reading ${path}: expected headers of ${network}, got those of ${found ?? 'another chain'}`,
    );
  return source;
}
