import { z } from 'zod';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import { AddressError } from '#source/error.js';
import type { EvmSource } from '#source/evm-source.js';
import type { Fetch } from '#source/http-answer.js';
import { AnchorError } from '../error.js';
import { type Call, createCall, NodeFault } from '../json-rpc.js';

/** Longest answer that is read, in bytes: a full block with all its transactions as JSON. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** A number as JSON-RPC has it, `0x` hex. */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((text) => BigInt(text));

/** A number that fits JavaScript's, as heights and counts do. */
export const count = quantity
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'a number above 2^53')
  .transform(Number);

/** Bytes as JSON-RPC has them, lower case. */
export const bytes = z
  .string()
  // Digits one by one: an expression that repeats pairs runs out of stack on the longest answers.
  .regex(/^0x[0-9a-fA-F]*$/)
  .refine((text) => text.length % 2 === 0, 'an odd number of digits')
  .transform((text) => text.toLowerCase() as `0x${string}`);

/** A block or transaction hash, lower case. */
export const hash = bytes.refine((text) => text.length === 66, 'not 32 bytes');

/** The JSON-RPC of one EVM node. Calls reject with {@link NodeFault}. */
export interface EvmRpc {
  /** Host and port, for people. */
  readonly name: string;
  readonly call: Call;
  /** The same node as verifiers ask it about blocks. */
  readonly source: EvmSource;
}

/** How nodes are reached. */
export interface EvmRpcAccess {
  readonly fetch: typeof fetch;
  /** Time for one call. */
  readonly timeoutMs: number;
}

/** One for each address, in their order; a number tells apart those at the same host. Path, query and `user:password@` of an address may hold
 * an access key and are never shown. Connects to nothing yet. @throws AnchorError `bad-settings` */
export function createEvmRpcs(urls: readonly string[], access: EvmRpcAccess): EvmRpc[] {
  const named = new Map<string, number>();
  return urls.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/.test(url.protocol))
      throw new AnchorError('bad-settings', 'EVM anchor: expected http or https addresses of nodes, got another');
    const position = (named.get(url.host) ?? 0) + 1;
    named.set(url.host, position);
    const name = position === 1 ? `RPC ${url.host}` : `RPC ${url.host} (${position})`;
    const node = { url: text, fetch: access.fetch as Fetch, timeoutMs: access.timeoutMs };
    try {
      const call = createCall({ ...node, maxAnswerBytes: MAX_ANSWER_BYTES });
      return { name, call, source: createEvmNodeSource({ ...node, name }) };
    } catch (cause) {
      if (!(cause instanceof AddressError)) throw cause;
      throw new AnchorError('bad-settings', `EVM anchor: ${cause.message}`, { cause });
    }
  });
}

/** What to tell a person about a node that is of no use now. */
export function explain({ code, method, message }: NodeFault): string {
  if (code === 'error') return `refuses ${method}: ${message}`;
  return code === 'bad-answer' ? `gives no usable answer to ${method} (${message})` : message;
}
