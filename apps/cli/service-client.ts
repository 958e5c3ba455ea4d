import { Sealroot, type ClientOptions } from '#sdk/client.js';
import type { Answer } from '#sdk/answer.js';
import { ProblemError, SdkError, type SdkErrorCode } from '#sdk/error.js';
import type { Problem } from '#sdk/problem.js';
import type { Request } from '#sdk/transport.js';
import type { FailureKind } from '#words/command-line.js';
import { CliError } from './cli-error.js';

export type { Request as ServiceRequest } from '#sdk/transport.js';

/** Answers that say "not now", also after the last retry. */
const PASSING_STATUS = new Set([429, 502, 503, 504]);

/** What the client needs from outside. */
export type ServiceClientOptions = ClientOptions & Required<Pick<ClientOptions, 'fetch' | 'sleep'>>;

/** What each error of the SDK is to the command line. */
const KINDS: Record<SdkErrorCode, FailureKind> = {
  'bad-input': 'usage',
  'no-answer': 'unavailable',
  'timed-out': 'unavailable',
  problem: 'refused',
  'bad-answer': 'protocol',
  'does-not-hold': 'protocol',
  'other-terms': 'refused',
  'not-in-time': 'not-ready',
  'bad-webhook': 'bad-data',
};

/** The SDK's client, whose failures are those of the command line. */
export class ServiceClient {
  readonly sdk: Sealroot;

  constructor(options: ServiceClientOptions) {
    this.sdk = new Sealroot(options);
  }

  get url(): string {
    return this.sdk.transport.url;
  }

  /**
   * Sends a request and returns the answer, whatever its status.
   *
   * @throws CliError `unavailable` when no answer came, or only "not now" until the retries were used up; `protocol` for an endless answer
   */
  async send(path: string, request: Request = {}): Promise<Answer> {
    const answer = await asCliErrors(this.sdk.transport.send(path, request));
    if (PASSING_STATUS.has(answer.status)) throw this.refusal(path, answer, request.method);
    return answer;
  }

  /** Sends a request and returns the JSON of a 2xx answer. @throws CliError as {@link send}, and for other answers as {@link refusal} */
  async json(path: string, request: Request = {}): Promise<unknown> {
    const answer = await this.send(path, request);
    if (answer.status < 200 || answer.status > 299) throw this.refusal(path, answer, request.method);
    return asCliErrors(Promise.resolve().then(() => this.sdk.transport.value(path, answer, request.method)));
  }

  /** The error for an answer that is not 2xx: `no-permission` (401, 403), `not-found` (404), `refused` (other 4xx), `unavailable` (429, 5xx), `protocol`. */
  refusal(path: string, answer: Answer, method = 'GET'): CliError {
    const error = this.sdk.transport.refusal(path, answer, method);
    const kind = answer.status === 429 || answer.status >= 500 ? 'unavailable' : kindOf(error);
    return new CliError(kind, error.message, { cause: error });
  }
}

/** What comes of work with the SDK. @throws CliError for each of its errors */
export async function asCliErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw cliErrorOf(error);
  }
}

/** An error of the SDK as one of the command line; others as they are. */
export function cliErrorOf(error: unknown): unknown {
  return error instanceof SdkError ? new CliError(kindOf(error), error.message, { cause: error }) : error;
}

/** The problem that was the cause of an error; undefined when it had another one. */
export function problemBehind(error: unknown): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  return error instanceof CliError && error.cause instanceof ProblemError ? error.cause.problem : undefined;
}

function kindOf(error: SdkError): FailureKind {
  if (!(error instanceof ProblemError)) return KINDS[error.code];
  const { status } = error.problem;
  if (status === 401 || status === 403) return 'no-permission';
  if (status === 404) return 'not-found';
  return status === 429 || status >= 500 ? 'unavailable' : 'refused';
}
