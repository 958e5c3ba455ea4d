import { CliError, reasonOf } from './cli-error.js';

/** Longest answer that is read: a thousand statements take about 2 MB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Answers that say "not now": worth asking again. */
const PASSING_STATUS = new Set([429, 502, 503, 504]);

/** Retries unless the caller chose: enough for a hiccup, soon over for a person who waits. */
const DEFAULT_RETRIES = 2;
/** First wait before a retry; each later one is twice as long, up to {@link MAX_BACKOFF_MS}. */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** A `Retry-After` beyond this is treated as this. */
const MAX_RETRY_AFTER_MS = 300_000;

/** What a problem answer (RFC 9457) said. */
export interface Problem {
  code: string;
  title?: string | undefined;
  detail?: string | undefined;
  errors?: { pointer: string; detail: string }[] | undefined;
}

/** An answer of the service that was received whole. */
export interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  /** The same as text. */
  readonly body: string;
}

/** What the client needs from outside. */
export interface ServiceClientOptions {
  /** Address of the service, with or without a path. */
  url: string;
  fetch: typeof globalThis.fetch;
  sleep: (milliseconds: number) => Promise<void>;
  /** Time for one request, answer included. */
  timeoutMs?: number | undefined;
  /** Retries of a request that may be repeated. */
  retries?: number | undefined;
  /** Called before each retry. */
  onRetry?: ((reason: string, waitMs: number) => void) | undefined;
}

/** One request. */
export interface ServiceRequest {
  method?: 'GET' | 'POST' | 'DELETE' | undefined;
  /** Sent as JSON. */
  body?: unknown;
  token?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** Whether sending it twice does no harm; the default for GET. */
  repeatable?: boolean | undefined;
}

/** HTTP client of the service's interface: time-outs, retries of what may be repeated, problems as errors. */
export class ServiceClient {
  readonly url: string;

  constructor(private readonly options: ServiceClientOptions) {
    this.url = options.url.replace(/\/+$/, '');
  }

  /**
   * Sends a request and returns the answer, whatever its status.
   *
   * @throws CliError `unavailable` when no answer came, or only "not now" until the retries were used up.
   */
  async send(path: string, request: ServiceRequest = {}): Promise<Answer> {
    const method = request.method ?? 'GET';
    const retries = (request.repeatable ?? method === 'GET') ? (this.options.retries ?? DEFAULT_RETRIES) : 0;
    for (let attempt = 0; ; attempt += 1) {
      let reason: string;
      let cause: unknown;
      let askedWaitMs = 0;
      try {
        const answer = await this.#once(method, path, request);
        if (!PASSING_STATUS.has(answer.status)) return answer;
        const problem = problemOf(answer);
        reason = `expected an answer, got ${answer.status}${problem ? ` ${problem.detail ?? problem.title ?? problem.code}` : ''}`;
        askedWaitMs = retryAfterMs(answer.headers);
      } catch (error) {
        if (error instanceof CliError) throw error;
        reason = networkReason(error);
        cause = error;
      }
      if (attempt >= retries) throw new CliError('unavailable', `${method} ${this.url}${path}: ${reason}`, { cause });
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS);
      const waitMs = Math.max(askedWaitMs, backoffMs);
      this.options.onRetry?.(reason, waitMs);
      await this.options.sleep(waitMs);
    }
  }

  /**
   * Sends a request and returns the JSON of a 2xx answer.
   *
   * @throws CliError as {@link ServiceClient.send}, and for other answers as {@link refusal}.
   */
  async json(path: string, request: ServiceRequest = {}): Promise<unknown> {
    return this.parse(path, await this.send(path, request), request.method);
  }

  /** The JSON of a 2xx answer that {@link ServiceClient.send} returned. */
  parse(path: string, answer: Answer, method = 'GET'): unknown {
    if (answer.status < 200 || answer.status > 299) throw this.refusal(path, answer, method);
    if (answer.body === '') return undefined;
    try {
      return JSON.parse(answer.body);
    } catch (error) {
      throw new CliError('protocol', `${method} ${this.url}${path}: expected JSON, got ${preview(answer.body)}`, {
        cause: error,
      });
    }
  }

  /** The error for an answer that is not 2xx: `no-permission` (401, 403), `not-found` (404), `refused` (other 4xx), `unavailable` (5xx), `protocol`. */
  refusal(path: string, answer: Answer, method = 'GET'): CliError {
    const { status } = answer;
    const problem = problemOf(answer);
    const said = problem ? describeProblem(problem) : preview(answer.body);
    const where = `${method} ${this.url}${path}`;
    if (status === 401 || status === 403)
      return new CliError('no-permission', `${where}: refused (${status}): ${said}`);
    if (status === 404 && problem) return new CliError('not-found', `${where}: ${said}`);
    if (status >= 400 && status < 500 && problem)
      return new CliError('refused', `${where}: refused (${status}): ${said}`);
    if (status >= 500) return new CliError('unavailable', `${where}: the service failed (${status}): ${said}`);
    return new CliError('protocol', `${where}: expected an answer of a Sealroot service, got ${status} ${said}`);
  }

  async #once(method: string, path: string, request: ServiceRequest): Promise<Answer> {
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
    if (request.token !== undefined) headers['authorization'] = `Bearer ${request.token}`;
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const response = await this.options.fetch(`${this.url}${path}`, {
      method,
      headers,
      // A redirect could carry the key to another host.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.options.timeoutMs ?? 30_000),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    const bytes = await readBody(response);
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      get body() {
        return bytes.toString('utf8');
      },
    };
  }
}

async function readBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > MAX_ANSWER_BYTES)
      throw new CliError('protocol', `${response.url}: expected at most ${MAX_ANSWER_BYTES} bytes, got more`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** The problem that an answer holds, or undefined when it holds none. */
export function problemOf(answer: Answer): Problem | undefined {
  if (!(answer.headers.get('content-type') ?? '').startsWith('application/problem+json')) return undefined;
  try {
    const value = JSON.parse(answer.body) as Partial<Problem> | null;
    return typeof value?.code === 'string' ? (value as Problem) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A problem in one line. */
export function describeProblem(problem: Problem): string {
  const errors = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer || 'the item'}: ${detail}`);
  const text = problem.detail ?? problem.title ?? problem.code;
  return errors.length === 0 ? `${text} [${problem.code}]` : `${text} [${problem.code}] (${errors.join('; ')})`;
}

function networkReason(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'expected an answer, got none in time';
  return `no answer: ${reasonOf(error)}`;
}

function preview(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line === '' ? 'an empty answer' : JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}

/** The wait that a `Retry-After` in seconds asks for, in milliseconds; 0 when there is none. */
export function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : 0;
}
