import { type Delays, readDelays } from '#words/delays.js';
import { readKey } from './offered-key.js';
import { isObject } from '#source/json-rpc.js';
import { SdkError } from '#sdk/error.js';
import {
  type CandidatePage,
  LOOKUP_PATHS,
  type Lookups,
  type PrefixLengths,
  type ProofPage,
  readCandidatePage,
  readPrefixLengths,
  readProofPage,
} from '#sdk/private-lookup.js';

/** How long one request may take before the service counts as unreachable, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** A block of an EVM chain as the service passes it on. */
export interface EvmBlock {
  /** Hex. */
  hash: string;
  /** RFC 3339. */
  time: string;
  /** Height up to which blocks are final; null when unknown. */
  finalizedNumber: number | null;
}

/** The service gave no usable answer: not reached (`unreachable`), answered something this page cannot read (`bad-answer`), or was told different
 * things by those that it asked itself (`contradicted`). */
export class ServiceError extends Error {
  override name = 'ServiceError';
  constructor(
    readonly code: 'unreachable' | 'bad-answer' | 'contradicted',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The few public read requests that the page makes. Of a digest only the first bits are ever sent. */
export class ServiceClient implements Lookups {
  /** `base`: address of the page, below which `v1/…` lives. */
  constructor(
    readonly base: URL,
    readonly fetchAnswer: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Host name of the service, as the checks name it. */
  get host(): string {
    return this.base.host;
  }

  /** How much of a digest is to be sent. Throws {@link ServiceError}, also when it would be too much. */
  async prefixLengths(signal?: AbortSignal): Promise<PrefixLengths> {
    const answer = await this.get(LOOKUP_PATHS.lengths, 'application/json', signal);
    if (answer.status !== 200) throw unexpected(answer);
    const body = await readJson(answer);
    return asServiceError(() => readPrefixLengths(body));
  }

  /** A page of what is registered under a prefix of binary digits. Throws {@link ServiceError}. */
  async candidates(prefix: string, after: string | undefined, signal?: AbortSignal): Promise<CandidatePage> {
    const path = `${LOOKUP_PATHS.candidates}?${prefixQuery(prefix, after)}`;
    const answer = await this.get(path, 'application/octet-stream', signal);
    if (answer.status !== 200) throw unexpected(answer);
    const bytes = await readBytes(answer);
    return asServiceError(() => readCandidatePage(bytes));
  }

  /** A page of the proofs of what is registered under a prefix of binary digits. Throws {@link ServiceError}. */
  async proofs(prefix: string, after: string | undefined, signal?: AbortSignal): Promise<ProofPage> {
    const path = `${LOOKUP_PATHS.proofs}?${prefixQuery(prefix, after)}`;
    const answer = await this.get(path, 'application/x-ndjson', signal);
    if (answer.status !== 200) throw unexpected(answer);
    return readProofPage(await readText(answer), answer.headers.get('link'));
  }

  /** How long things took there of late. Throws {@link ServiceError}. */
  async delays(signal?: AbortSignal): Promise<Delays> {
    const answer = await this.get('v1/delays', 'application/json', signal);
    if (answer.status !== 200) throw unexpected(answer);
    return readDelays(await readJson(answer));
  }

  /** The log's verifier key (C2SP text), as this service states it. Throws {@link ServiceError}. */
  async logKey(signal?: AbortSignal): Promise<string> {
    const answer = await this.get('v1/log/key', 'text/plain', signal);
    if (answer.status !== 200) throw unexpected(answer);
    // Whoever answers in the service's place, as the sign-in page of a network does, has no key to say.
    const key = readKey(await readText(answer));
    if (key === null) throw badAnswer(answer.url, 'a verifier key');
    return key.text;
  }

  /** A Bitcoin block header, 160 hex digits, or `undefined` when the chain has no such block yet. Throws {@link ServiceError}. */
  async headerHex(height: number, signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.get(`v1/bitcoin/headers/${height}`, 'application/json', signal);
    if (answer.status === 404) {
      const problem = await readJson(answer);
      if (isObject(problem) && problem['code'] === 'no-such-block') return undefined;
    }
    if (answer.status !== 200) throw await unshown(answer);
    const body = await readJson(answer);
    const header = isObject(body) ? body['header'] : undefined;
    if (typeof header !== 'string' || !/^[0-9a-f]{160}$/.test(header))
      throw badAnswer(answer.url, 'a header of 160 hex digits');
    return header;
  }

  /** Height of the newest Bitcoin block. Throws {@link ServiceError}. */
  async tipHeight(signal?: AbortSignal): Promise<number> {
    const answer = await this.get('v1/bitcoin/tip', 'application/json', signal);
    if (answer.status !== 200) throw unexpected(answer);
    const body = await readJson(answer);
    const height = isObject(body) ? body['height'] : undefined;
    if (typeof height !== 'number' || !Number.isSafeInteger(height)) throw badAnswer(answer.url, 'a height');
    return height;
  }

  /** A block of an EVM chain, or why there is none. Throws {@link ServiceError}. */
  async evmBlock(
    chainId: number,
    number: number,
    signal?: AbortSignal,
  ): Promise<EvmBlock | 'no-such-block' | 'no-such-chain'> {
    const answer = await this.get(`v1/evm/${chainId}/blocks/${number}`, 'application/json', signal);
    if (answer.status === 404) {
      const problem = await readJson(answer);
      const code = isObject(problem) ? problem['code'] : undefined;
      if (code === 'no-such-block' || code === 'no-such-chain') return code;
    }
    if (answer.status !== 200) throw await unshown(answer);
    const body = await readJson(answer);
    const { hash, time, finalizedNumber } = isObject(body) ? body : {};
    const isBlock =
      typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) && typeof time === 'string' && !isNaN(Date.parse(time));
    const isHeight = typeof finalizedNumber === 'number' && Number.isSafeInteger(finalizedNumber);
    if (!isBlock || (finalizedNumber !== null && !isHeight)) throw badAnswer(answer.url, 'a block');
    return { hash, time, finalizedNumber };
  }

  /** The roots of time-stamp authorities that the service trusts, PEM; undefined when it trusts none. Throws {@link ServiceError}. */
  async timeStampRoots(signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.get('v1/time-stamp-roots', 'application/x-pem-file', signal);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw unexpected(answer);
    return readText(answer);
  }

  private async get(path: string, accept: string, signal?: AbortSignal): Promise<Response> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.fetchAnswer(new URL(path, this.base), {
        headers: { accept },
        credentials: 'omit',
        cache: 'no-cache',
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new ServiceError('unreachable', `GET ${path}: expected an answer, got none`, { cause });
    }
  }
}

async function readText(answer: Response): Promise<string> {
  try {
    return await answer.text();
  } catch (cause) {
    throw new ServiceError('unreachable', `GET ${answer.url}: expected a whole answer, got a part`, { cause });
  }
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await readText(answer);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError('bad-answer', `GET ${answer.url}: expected JSON, got other text`, { cause });
  }
}

async function readBytes(answer: Response): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch (cause) {
    throw new ServiceError('unreachable', `GET ${answer.url}: expected a whole answer, got a part`, { cause });
  }
}

function prefixQuery(prefix: string, after: string | undefined): string {
  return `prefix=${prefix}${after === undefined ? '' : `&after=${after}`}`;
}

/** What `read` gives; of what a library cannot read, in this page's words. Throws {@link ServiceError}. */
export async function asServiceError<Result>(read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof SdkError)) throw cause;
    throw new ServiceError('bad-answer', cause.message, { cause });
  }
}

function badAnswer(url: string, expected: string): ServiceError {
  return new ServiceError('bad-answer', `GET ${url}: expected ${expected}, got something else`);
}

/** Why the service passes no block on. */
async function unshown(answer: Response): Promise<ServiceError> {
  if (answer.status !== 502) return unexpected(answer);
  const problem = await readJson(answer);
  if (!isObject(problem) || problem['code'] !== 'sources-contradict') return unexpected(answer);
  return new ServiceError(
    'contradicted',
    `GET ${answer.url}: expected one block, got sources that contradict each other`,
  );
}

function unexpected(answer: Response): ServiceError {
  return new ServiceError('unreachable', `GET ${answer.url}: expected status 200, got ${answer.status}`);
}
