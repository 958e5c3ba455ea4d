import { EvmError } from '#evm/error.js';
import { blockTimeMs, data, encodeHeader, EVM_HASH_BYTES, quantity } from '#evm/header.js';
import { SourceError } from './error.js';
import type { EvmSource, EvmSourceBlock } from './evm-source.js';
import type { HttpAccess } from './http-answer.js';
import { createJsonRpc, resultOf } from './json-rpc.js';

/** Whether what a node shows of a block is what the block's hash is made of; undefined where it cannot be written out as a header of Ethereum's. */
function hashFits(block: unknown): boolean | undefined {
  try {
    encodeHeader(block);
    return true;
  } catch (error) {
    if (!(error instanceof EvmError)) throw error;
    return error.code === 'other-hash' ? false : undefined;
  }
}

/** Longest answer that is read, in bytes: a block names each of its transactions with 69. */
const MAX_ANSWER_BYTES = 4_194_304;

/**
 * A source that asks a node by JSON-RPC: `eth_chainId`, `eth_getBlockByNumber`, `eth_blockNumber`. `name` unless it is to be its host; the address may hold `user:password@`
 * and a key in its path or query: none of them is ever shown. Throws AddressError.
 */
export function createEvmNodeSource(access: HttpAccess & { name?: string }): EvmSource {
  const rpc = createJsonRpc({ ...access, kind: 'EVM node', version: '2.0', maxBytes: MAX_ANSWER_BYTES });
  const { name } = rpc;
  const call = async (method: string, params: readonly unknown[]): Promise<unknown> =>
    resultOf(name, method, await rpc.call(method, params));

  const read = <T>(what: string, reader: () => T): T => {
    try {
      return reader();
    } catch (cause) {
      // Without the cause: it quotes what the source sent.
      if (!(cause instanceof EvmError)) throw cause;
      throw new SourceError('bad-answer', `${name}: expected ${what}, got something else`);
    }
  };
  const wholeNumber = (what: string, value: unknown): number => {
    const number = read(what, () => quantity(what, value));
    if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(number);
    throw new SourceError('bad-answer', `${name}: expected ${what} below 2^53, got a larger one`);
  };
  const member = (what: string, value: unknown, key: string): unknown => {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      return (value as Record<string, unknown>)[key];
    }
    throw new SourceError('bad-answer', `${name}: expected ${what} with ${key}, got something else`);
  };

  return {
    name,
    chainId: async () => wholeNumber('a chain id', await call('eth_chainId', [])),
    latestNumber: async () => wholeNumber('a block number', await call('eth_blockNumber', [])),
    async block(number): Promise<EvmSourceBlock> {
      if (!Number.isSafeInteger(number) || number < 0) {
        throw new SourceError('no-such-block', `${name}: expected a height from 0 to 2^53, got ${number}`);
      }
      const what = `block ${number}`;
      const block = await call('eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
      if (block === null) throw new SourceError('no-such-block', `${name}: expected ${what}, got none`);
      const got = wholeNumber(`${what}'s number`, member(what, block, 'number'));
      if (got !== number) throw new SourceError('bad-answer', `${name}: expected ${what}, got block ${got}`);
      const hash = read(`${what}'s hash`, () => data('hash', member(what, block, 'hash')));
      if (hash.length !== EVM_HASH_BYTES) {
        throw new SourceError('bad-answer', `${name}: expected a hash of ${what} of 32 bytes, got ${hash.length}`);
      }
      const timeMs = read(`${what}'s time`, () => blockTimeMs(quantity('timestamp', member(what, block, 'timestamp'))));
      return { hash, timeMs, hashFits: hashFits(block) };
    },
    async finalizedNumber() {
      const answer = await rpc.call('eth_getBlockByNumber', ['finalized', false]);
      // A chain without this tag, or one that has no final block yet, says so with an error or with nothing.
      if (answer.error !== undefined || answer.result === null) return null;
      return wholeNumber('a final block number', member('a final block', answer.result, 'number'));
    },
  };
}
