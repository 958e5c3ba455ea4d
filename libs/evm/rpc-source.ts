import { base64 } from '@scure/base';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { EvmError } from './error.js';
import { EvmSourceError, type EvmSource, type EvmSourceBlock } from './evm-source.js';
import { blockTimeMs, data, EVM_HASH_BYTES, quantity } from './header.js';
import { requestJson, type EvmHttpAccess } from './http-answer.js';

/** Longest answer that is read, in bytes: a block names each of its transactions with 69. */
const MAX_ANSWER_BYTES = 4_194_304;

/** Settings of an RPC source. `url` may hold `user:password@` and a key in its path or query: none of them is ever shown. */
export type EvmRpcOptions = EvmHttpAccess;

/** A source that asks a node by JSON-RPC: `eth_chainId`, `eth_getBlockByNumber`, `eth_blockNumber`. Throws EvmError `bad-url`. */
export function createEvmRpcSource(options: EvmRpcOptions): EvmSource {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hash !== '') {
    throw new EvmError('bad-url', 'EVM source: expected an http or https address without fragment, got another');
  }
  const name = `EVM node at ${url.host}`;
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (url.username !== '' || url.password !== '') {
    headers['authorization'] = `Basic ${base64.encode(utf8ToBytes(credentials(url)))}`;
    url.username = '';
    url.password = '';
  }

  const call = async (method: string, params: readonly unknown[]): Promise<RpcAnswer> => {
    const init = { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) };
    const { status, value } = await requestJson(name, options, url.href, init, MAX_ANSWER_BYTES);
    const answer = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    // Some servers send RPC errors with an HTTP status of failure, so the body is looked at first.
    if (answer !== undefined && 'error' in answer && answer.error !== null && answer.error !== undefined) {
      return { error: errorCode(answer.error) };
    }
    if (status !== 200) throw new EvmSourceError('unreachable', `${name}: expected HTTP status 200, got ${status}`);
    if (answer === undefined || !('result' in answer)) {
      throw new EvmSourceError('bad-answer', `${name}: expected a JSON-RPC answer to ${method}, got something else`);
    }
    return { result: answer.result };
  };
  const result = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const answer = await call(method, params);
    if (!('error' in answer)) return answer.result;
    throw new EvmSourceError('unreachable', `${name}: expected an answer to ${method}, got RPC error ${answer.error}`);
  };
  const read = <T>(what: string, reader: () => T): T => {
    try {
      return reader();
    } catch (cause) {
      // Without the cause: it quotes what the source sent.
      if (!(cause instanceof EvmError)) throw cause;
      throw new EvmSourceError('bad-answer', `${name}: expected ${what}, got something else`);
    }
  };
  const wholeNumber = (what: string, value: unknown): number => {
    const number = read(what, () => quantity(what, value));
    if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(number);
    throw new EvmSourceError('bad-answer', `${name}: expected ${what} below 2^53, got a larger one`);
  };
  const member = (what: string, value: unknown, key: string): unknown => {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, key)) {
      return (value as Record<string, unknown>)[key];
    }
    throw new EvmSourceError('bad-answer', `${name}: expected ${what} with ${key}, got something else`);
  };

  return {
    name,
    chainId: async () => wholeNumber('a chain id', await result('eth_chainId', [])),
    latestNumber: async () => wholeNumber('a block number', await result('eth_blockNumber', [])),
    async block(number): Promise<EvmSourceBlock> {
      if (!Number.isSafeInteger(number) || number < 0) {
        throw new EvmSourceError('no-such-block', `${name}: expected a height from 0 to 2^53, got ${number}`);
      }
      const what = `block ${number}`;
      const block = await result('eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
      if (block === null) throw new EvmSourceError('no-such-block', `${name}: expected ${what}, got none`);
      const got = wholeNumber(`${what}'s number`, member(what, block, 'number'));
      if (got !== number) throw new EvmSourceError('bad-answer', `${name}: expected ${what}, got block ${got}`);
      const hash = read(`${what}'s hash`, () => data('hash', member(what, block, 'hash')));
      if (hash.length !== EVM_HASH_BYTES) {
        throw new EvmSourceError('bad-answer', `${name}: expected a hash of ${what} of 32 bytes, got ${hash.length}`);
      }
      const timeMs = read(`${what}'s time`, () => blockTimeMs(quantity('timestamp', member(what, block, 'timestamp'))));
      return { hash, timeMs };
    },
    async finalizedNumber() {
      const answer = await call('eth_getBlockByNumber', ['finalized', false]);
      // A chain without this tag, or one that has no final block yet, says so with an error or with nothing.
      if ('error' in answer || answer.result === null) return null;
      return wholeNumber('a final block number', member('a final block', answer.result, 'number'));
    },
  };
}

/** What a call gave: a result, or the number of an error. */
type RpcAnswer = { result: unknown } | { error: string };

function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? String(code) : 'without number';
}

function credentials(url: URL): string {
  try {
    return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  } catch {
    // Without the cause: it quotes the credentials.
    throw new EvmError('bad-url', 'EVM source: expected percent-encoded credentials in the address, got others');
  }
}
