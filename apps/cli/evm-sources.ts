import type { EvmSource } from '#source/evm-source.js';
import { CliError } from './cli-error.js';
import type { Context } from './context.js';

/** Where `verify` gets blocks of EVM chains. */
export interface EvmOptions {
  evmRpc: string[];
  /** Time for one request, in seconds. */
  timeout: number;
}

/** The sources that the command line, or else `SEALROOT_EVM_RPC`, names; none is asked yet. @throws CliError `usage` */
export async function openEvmSources(context: Context, options: EvmOptions): Promise<EvmSource[]> {
  const urls = options.evmRpc.length > 0 ? options.evmRpc : context.environment.evmRpc;
  if (urls.length === 0) return [];
  const { createEvmNodeSource } = await import('#source/evm-node-source.js');
  return urls.map((url) => {
    try {
      return createEvmNodeSource({ url, fetch: context.fetch, timeoutMs: options.timeout * 1000 });
    } catch (error) {
      // The address itself is not quoted: it may hold a key.
      throw new CliError('usage', 'Reading --evm-rpc: expected an http or https URL, got something else', {
        cause: error,
      });
    }
  });
}
