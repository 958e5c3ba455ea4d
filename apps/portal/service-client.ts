import { PROOF_MEDIA_TYPE } from '#proof/format.js';

/** How long one request may take before the service counts as unreachable, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** Most pages of a lookup that are read, of a hundred records each: nobody chooses among more. */
const MAX_LOOKUP_PAGES = 5;

/** A record as the public lookup lists it. */
export interface FoundRecord {
  id: string;
  agency: string;
  profile: string;
  receivedAt: string;
  stage: string;
}

/** The oldest records of a digest, and whether there are more than those. */
export interface FoundRecords {
  records: FoundRecord[];
  hasMore: boolean;
}

/** A block of an EVM chain as the service passes it on. */
export interface EvmBlock {
  /** Hex. */
  hash: string;
  /** RFC 3339. */
  time: string;
  /** Height up to which blocks are final; null when unknown. */
  finalizedNumber: number | null;
}

/** What a proof request can answer. */
export type ProofAnswer = { state: 'ready'; text: string } | { state: 'not-ready' } | { state: 'no-such-record' };

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

/** The few public read requests that the page makes. Only digests and record ids are ever sent. */
export class ServiceClient {
  /** `base`: address of the page, below which `v1/…` lives. */
  constructor(
    readonly base: URL,
    readonly fetchAnswer: typeof fetch = (input, init) => fetch(input, init),
  ) {}

  /** Host name of the service, as the checks name it. */
  get host(): string {
    return this.base.host;
  }

  /** Records that carry this digest, oldest first; none when there is none. Throws {@link ServiceError}. */
  async lookup(algorithm: string, digestHex: string, signal?: AbortSignal): Promise<FoundRecords> {
    const records: FoundRecord[] = [];
    let after: string | undefined;
    for (let page = 0; page < MAX_LOOKUP_PAGES; page++) {
      const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
      const answer = await this.get(`v1/lookup/${algorithm}/${digestHex}${query}`, 'application/json', signal);
      if (answer.status !== 200) throw unexpected(answer);
      const body = await readJson(answer);
      if (!isObject(body) || !Array.isArray(body['records'])) throw badAnswer(answer.url, 'a list of records');
      records.push(...body['records'].map((record: unknown) => readRecord(record, answer.url)));
      const { next } = body;
      if (next === undefined) return { records, hasMore: false };
      if (typeof next !== 'string') throw badAnswer(answer.url, 'a record id as next');
      after = next;
    }
    return { records, hasMore: true };
  }

  /** The record's JSON proof, as text. Throws {@link ServiceError}. */
  async proof(id: string, signal?: AbortSignal): Promise<ProofAnswer> {
    const path = `v1/records/${encodeURIComponent(id)}/proof`;
    const answer = await this.get(path, PROOF_MEDIA_TYPE, signal);
    if (answer.status === 200) return { state: 'ready', text: await readText(answer) };
    if (answer.status === 404) {
      const problem = await readJson(answer);
      const code = isObject(problem) ? problem['code'] : undefined;
      if (code === 'proof-not-ready') return { state: 'not-ready' };
      if (code === 'record-not-found') return { state: 'no-such-record' };
    }
    throw unexpected(answer);
  }

  /** The log's verifier key (C2SP text), as this service states it. Throws {@link ServiceError}. */
  async logKey(signal?: AbortSignal): Promise<string> {
    const answer = await this.get('v1/log/key', 'text/plain', signal);
    if (answer.status !== 200) throw unexpected(answer);
    return (await readText(answer)).trim();
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

function readRecord(record: unknown, url: string): FoundRecord {
  if (!isObject(record)) throw badAnswer(url, 'a record');
  const text = (name: string): string => {
    const value = record[name];
    if (typeof value !== 'string') throw badAnswer(url, `text in record.${name}`);
    return value;
  };
  return {
    id: text('id'),
    agency: text('agency'),
    profile: text('profile'),
    receivedAt: text('receivedAt'),
    stage: text('stage'),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
