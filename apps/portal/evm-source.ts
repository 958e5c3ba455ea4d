import { hexToBytes } from '@noble/hashes/utils.js';
import { SourceError } from '#source/error.js';
import type { EvmSource } from '#source/evm-source.js';
import type { SourceNeed } from '#proof/anchors/kinds.js';
import { ServiceError, type EvmBlock, type ServiceClient } from './service-client.js';

/** Blocks of the EVM chains that are needed, as the page's own service passes them on; named after the service, whose word they are. Chains
 * that the service has no node of are left out. */
export async function createEvmSources(
  service: ServiceClient,
  needs: readonly SourceNeed[],
  signal?: AbortSignal,
): Promise<EvmSource[]> {
  const sources = await Promise.all(
    needs
      .flatMap((need) => (need.source === 'evm' ? [need.chainId] : []))
      .map(async (chainId) => {
        const source = createEvmSource(service, chainId, signal);
        return (await isServed(service, chainId, signal)) ? [source] : [];
      }),
  );
  return sources.flat();
}

async function isServed(service: ServiceClient, chainId: number, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await service.evmBlock(chainId, 0, signal)) !== 'no-such-chain';
  } catch (error) {
    // An outage shows by itself when the block is asked for.
    if (error instanceof ServiceError) return true;
    throw error;
  }
}

function createEvmSource(service: ServiceClient, chainId: number, signal?: AbortSignal): EvmSource {
  const name = service.host;
  async function block(number: number): Promise<EvmBlock> {
    let answer: Awaited<ReturnType<ServiceClient['evmBlock']>>;
    try {
      answer = await service.evmBlock(chainId, number, signal);
    } catch (cause) {
      if (!(cause instanceof ServiceError)) throw cause;
      throw new SourceError(cause.code, cause.message, { cause });
    }
    if (typeof answer === 'object') return answer;
    throw new SourceError('no-such-block', `block ${number} of chain ${chainId}: expected one, got none`);
  }
  return {
    name,
    // The service asks only nodes of that chain.
    chainId: () => Promise.resolve(chainId),
    async block(number) {
      const { hash, time } = await block(number);
      return { hash: hexToBytes(hash), timeMs: Date.parse(time) };
    },
    finalizedNumber: async () => (await block(0)).finalizedNumber,
  };
}
