import { hexToBytes } from '@noble/hashes/utils.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { type BlockSource, checkHeight } from '#source/block-source.js';
import { SourceError } from '#source/error.js';
import { networkOfGenesis } from '#bitcoin/network.js';
import { ServiceError, type ServiceClient } from './service-client.js';

/** Bitcoin block headers as the page's own service passes them on; named after the service, whose word they are. */
export function createHeaderSource(service: ServiceClient, signal?: AbortSignal): BlockSource {
  const name = service.host;

  async function header(height: number): Promise<Uint8Array> {
    checkHeight(name, height);
    let hex: string | undefined;
    try {
      hex = await service.headerHex(height, signal);
    } catch (cause) {
      if (!(cause instanceof ServiceError)) throw cause;
      throw new SourceError(cause.code, cause.message, { cause });
    }
    if (hex === undefined) throw new SourceError('no-such-block', `block ${height}: expected a header, got none`);
    return hexToBytes(hex);
  }

  return {
    name,
    header,
    async tip() {
      try {
        return await service.tipHeight(signal);
      } catch (cause) {
        if (!(cause instanceof ServiceError)) throw cause;
        throw new SourceError(cause.code, cause.message, { cause });
      }
    },
    // The first block tells the main chain from test chains, whose times prove nothing.
    network: async () => networkOfGenesis(parseBlockHeader(await header(0)).hash)?.name,
  };
}
