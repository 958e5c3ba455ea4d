import { type Answer, preview, problemIn, readAnswer, readParts } from './answer.js';
import { ProblemError, SdkError } from './error.js';
import { Persistence } from './persistence.js';
import { type Platform, platformWith } from './platform.js';
import { describeProblem } from './problem.js';
import { DEFAULT_RETRIES, isPassing, retryAfterMs, retryDelayMs } from './retry.js';
import { Timer } from './timer.js';

/** For browsers; the types of other platforms know no cache. */
const UNCACHED: object = { cache: 'no-store' };

/** Time for one attempt at a request, its answer included, unless the caller chose. */
const DEFAULT_TIMEOUT_MS = 30_000;

/** How to reach a service. */
export interface TransportOptions extends Partial<Platform> {
  /** Address of the service, with or without a path. */
  url: string;
  /** Sent as bearer token with every request that names no other. */
  apiKey?: string | undefined;
  /** Time for one attempt; of an answer that is read as it comes, for each part. */
  timeoutMs?: number | undefined;
  /** Retries of a request that may be repeated; 3 unless given. */
  retries?: number | undefined;
  /** Told before each retry; `code` is the problem's, where the service said what it was. */
  onRetry?: ((reason: string, waitMs: number, code?: string) => void) | undefined;
  /** Further settings of every request, such as `cache`. */
  init?: RequestInit | undefined;
}

/** One request. */
export interface Request {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | undefined;
  query?: Readonly<Record<string, string | number | undefined>> | undefined;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as NDJSON, instead. */
  lines?: string | undefined;
  accept?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Bearer token instead of the client's key. */
  token?: string | undefined;
  /** Without any key: who asks is nobody's business. */
  anonymous?: boolean | undefined;
  /** Makes the service do it once, however often it is sent. */
  idempotencyKey?: string | undefined;
  /** Whether sending it twice does no harm; so it is with GET, with DELETE, and with an idempotency key. */
  repeatable?: boolean | undefined;
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** What comes of one attempt: a whole answer, or the body of a good one that is read as it comes. */
type Got = Answer | { body: AsyncGenerator<Uint8Array> };

/** Speaks HTTP with a service: time-outs, retries of what may be repeated, problems as typed errors. */
export class Transport {
  /** Address of the service, without a slash at its end. */
  readonly url: string;
  readonly platform: Platform;

  constructor(private readonly options: TransportOptions) {
    this.url = options.url.replace(/\/+$/, '');
    const { fetch, now, randomBytes, sleep, startTimer, userAgent } = options;
    const given = { fetch, now, randomBytes, sleep, startTimer, userAgent };
    this.platform = platformWith(Object.fromEntries(Object.entries(given).filter(([, part]) => part !== undefined)));
  }

  /**
   * Sends a request and returns the answer, whatever its status; one that says "not now" is asked for again as long as there are retries.
   *
   * @throws SdkError `no-answer`, `timed-out`, `bad-answer`; the signal's reason
   */
  async send(path: string, request: Request = {}): Promise<Answer> {
    return (await this.#attempts(path, request, false)) as Answer;
  }

  /** Sends a request and returns the value in the JSON of a 2xx answer, undefined for an empty one. @throws SdkError as {@link send}, ProblemError */
  async json(path: string, request: Request = {}): Promise<unknown> {
    return this.value(path, await this.send(path, request), request.method);
  }

  /** The value in the JSON of an answer, undefined for an empty one. @throws ProblemError, SdkError `bad-answer` */
  value(path: string, answer: Answer, method = 'GET'): unknown {
    if (!isSuccess(answer.status)) throw this.refusal(path, answer, method);
    if (answer.text === '') return undefined;
    try {
      return JSON.parse(answer.text);
    } catch (cause) {
      const message = `${method} ${this.url}${path}: expected JSON, got ${preview(answer.text)}`;
      throw new SdkError('bad-answer', message, { cause });
    }
  }

  /** Sends a request and returns the body of a 2xx answer as it comes; who stops reading (`return`) ends the request. Before the first part it is retried.
   * @throws as {@link json}, also from the body */
  async stream(path: string, request: Request = {}): Promise<AsyncGenerator<Uint8Array>> {
    const got = await this.#attempts(path, request, true);
    if ('body' in got) return told(got.body, this.#where(path, request), request.signal);
    throw this.refusal(path, got, request.method);
  }

  /** The error for an answer that is not 2xx. */
  refusal(path: string, answer: Answer, method = 'GET'): SdkError {
    const where = `${method} ${this.url}${path}`;
    const problem = problemIn(answer);
    if (problem === undefined) {
      const got = `${answer.status} ${preview(answer.text)}`;
      return new SdkError('bad-answer', `${where}: expected an answer of a Sealroot service, got ${got}`);
    }
    const what = answer.status < 500 ? 'refused' : 'the service failed';
    const message = `${where}: ${what} (${answer.status}): ${describeProblem(problem)}`;
    return new ProblemError(message, problem, retryAfterMs(answer.headers, this.platform.now()));
  }

  /** How often what goes on after an answer that broke off is begun again. */
  persistence(): Persistence {
    return new Persistence(this.platform, this.options.retries, this.options.onRetry);
  }

  async #attempts(path: string, request: Request, asItComes: boolean): Promise<Got> {
    const { idempotencyKey, method = 'GET', repeatable = method === 'GET' || method === 'DELETE', signal } = request;
    const retries = repeatable || idempotencyKey !== undefined ? (this.options.retries ?? DEFAULT_RETRIES) : 0;
    const { now, sleep } = this.platform;
    for (let attempt = 0; ; attempt++) {
      let got: Got | undefined;
      let error: SdkError | undefined;
      let askedMs = 0;
      let reason: string;
      let code: string | undefined;
      try {
        got = await this.#attempt(path, request, asItComes);
        if ('body' in got || !isPassing(got)) return got;
        askedMs = retryAfterMs(got.headers, now());
        const problem = problemIn(got);
        code = problem?.code;
        reason = `expected an answer, got ${got.status} ${problem?.detail ?? ''}`.trim();
      } catch (thrown) {
        error = failure(this.#where(path, request), thrown, signal);
        if (error.code === 'bad-answer') throw error;
        reason = error.message;
      }
      const waitMs = attempt < retries ? retryDelayMs(attempt, askedMs, this.platform) : null;
      if (waitMs === null) {
        if (error !== undefined) throw error;
        return got!;
      }
      this.options.onRetry?.(reason, waitMs, code);
      await sleep(waitMs, signal);
      signal?.throwIfAborted();
    }
  }

  async #attempt(path: string, request: Request, asItComes: boolean): Promise<Got> {
    const { init, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const { json, lines, method = 'GET', signal } = request;
    const body = lines ?? (json === undefined ? undefined : JSON.stringify(json));
    const where = this.#where(path, request);
    const timer = new Timer(this.platform, request.timeoutMs ?? timeoutMs, signal);
    const settings: RequestInit = {
      ...UNCACHED,
      credentials: 'omit',
      // A redirect could carry the key to another host.
      redirect: 'manual',
      ...init,
      method,
      headers: this.#headers(request),
      signal: timer.signal,
      ...(body === undefined ? {} : { body }),
    };
    timer.start();
    try {
      const response = await this.platform.fetch(this.url + path + queryOf(request.query), settings);
      if (asItComes && isSuccess(response.status)) return { body: readParts(response, timer, where) };
      return await readAnswer(response, timer, where);
    } catch (cause) {
      timer.stop();
      if (!timer.elapsed || cause instanceof SdkError) throw cause;
      throw new SdkError('timed-out', `${where}: expected an answer, got none in time`, { cause });
    }
  }

  #headers({ accept = 'application/json', anonymous, headers, idempotencyKey, json, lines, token }: Request) {
    const { userAgent } = this.platform;
    const bearer = anonymous === true ? undefined : (token ?? this.options.apiKey);
    const contentType = lines === undefined ? 'application/json' : 'application/x-ndjson';
    return {
      accept,
      ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(json === undefined && lines === undefined ? {} : { 'content-type': contentType }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': `"${idempotencyKey}"` }),
      ...headers,
    };
  }

  #where(path: string, { method = 'GET' }: Request): string {
    return `${method} ${this.url}${path}`;
  }
}

async function* told(body: AsyncGenerator<Uint8Array>, where: string, signal: AbortSignal | undefined) {
  try {
    yield* body;
  } catch (error) {
    throw failure(where, error, signal);
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** What a failed attempt is told as. @throws the signal's reason when the caller gave up */
function failure(where: string, error: unknown, signal: AbortSignal | undefined): SdkError {
  signal?.throwIfAborted();
  if (error instanceof SdkError) return error;
  return new SdkError('no-answer', `${where}: no answer: ${reasonOf(error)}`, { cause: error });
}

/** The innermost reason of a failure, such as `connect ECONNREFUSED 127.0.0.1:3000`; fetch hides it in `cause`. */
function reasonOf(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error && current.cause instanceof Error; depth++)
    current = current.cause;
  if (current instanceof AggregateError && current.errors.length > 0) return reasonOf(current.errors[0]);
  if (!(current instanceof Error)) return String(current);
  return current.message || (current as { code?: string }).code || current.name;
}

function queryOf(query: Request['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? '' : `?${given.join('&')}`;
}
