import { type Fetch, parseHttpAddress } from '#source/http-answer.js';
import { type Call, createCall, NodeFault } from '../json-rpc.js';
import { CookieFileError } from '../cookie-fetch.js';

/** Longest answer that is read, in bytes: `getblock` with transaction ids, of which no block holds more than 67,000. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Error numbers of Bitcoin Core (`src/rpc/protocol.h`) that mean something to this adapter. */
export const CORE_ERROR = {
  misc: -1,
  wallet: -4,
  unknownTransaction: -5,
  insufficientFunds: -6,
  walletLocked: -13,
  walletNotFound: -18,
  walletNotNamed: -19,
  alreadyInChain: -27,
  warmingUp: -28,
  internal: -32603,
  noSuchMethod: -32601,
} as const;

/** Bitcoin Core's JSON-RPC. Calls reject with {@link NodeFault}. */
export interface CoreRpc {
  /** Host and port, for people. */
  readonly name: string;
  /** Asks the node. */
  readonly node: Call;
  /** Asks the wallet. */
  readonly wallet: Call;
}

/** How the node is reached. */
export interface CoreRpcOptions {
  /** May hold `user:password@`, which is sent as Basic authorization and never shown. */
  readonly url: string;
  /** Wallet for wallet calls; without it the only one that the node has loaded. */
  readonly wallet?: string | undefined;
  readonly fetch: typeof fetch;
  /** Time for one call. */
  readonly timeoutMs: number;
}

/** Connects to nothing yet. @throws AddressError */
export function createCoreRpc({ url, wallet, fetch, timeoutMs }: CoreRpcOptions): CoreRpc {
  const { host } = parseHttpAddress(url);
  const access = { fetch: fetch as Fetch, timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES };
  const node = createCall({ ...access, url });
  const name = `Bitcoin node at ${host}`;
  if (wallet === undefined) return { name, node, wallet: node };
  const ask = createCall({ ...access, url: walletAddress(url, wallet) });
  return {
    name,
    node,
    wallet: (answer, method, ...params) =>
      ask(answer, method, ...params).catch((cause: unknown) => {
        if (!(cause instanceof NodeFault) || cause.status !== 404) throw cause;
        const number = CORE_ERROR.noSuchMethod;
        throw new NodeFault('error', 'no wallet is served there', method, { number, cause });
      }),
  };
}

/** Where the node serves a wallet. */
function walletAddress(node: string, wallet: string): string {
  const url = new URL(node);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/wallet/${encodeURIComponent(wallet)}`;
  return url.href;
}

/** What to tell a person about a call that failed. */
export function explain({ code, method, message, number, cause }: NodeFault): string {
  switch (code) {
    case 'away':
      return cookieFault(cause) ?? 'the node is not reachable';
    case 'refused':
      return 'the node refuses the user and password';
    case 'forbidden':
      return `the node forbids ${method}; rpcallowip and rpcwhitelist in its settings say to whom`;
    case 'bad-answer':
      return `the node gives no usable answer to ${method} (${message})`;
    case 'untrue':
      return message;
    case 'error':
      break;
  }
  switch (number) {
    case CORE_ERROR.warmingUp:
      return `the node is starting up (${message})`;
    case CORE_ERROR.walletNotFound:
      return 'the wallet is not loaded in the node; BITCOIN_WALLET names it';
    case CORE_ERROR.walletNotNamed:
      return 'the node has several wallets; BITCOIN_WALLET must name one';
    case CORE_ERROR.walletLocked:
      return 'the wallet is locked by its passphrase';
    case CORE_ERROR.noSuchMethod:
      return `the node has no ${method}: it runs without a wallet, or is too old`;
    default:
      return method === 'getblock' && /prune/i.test(message)
        ? 'the node has pruned the block that holds the transaction, so that its proof cannot be made'
        : `the node refuses ${method}: ${message}`;
  }
}

/** What is wrong with the cookie file, where that is why nothing was asked. */
function cookieFault(cause: unknown): string | null {
  const reason = cause instanceof Error ? cause.cause : undefined;
  if (!(reason instanceof CookieFileError)) return null;
  return `the node's cookie file cannot be read: the node does not run, or BITCOIN_RPC_COOKIE_FILE names another (${reason.message})`;
}
