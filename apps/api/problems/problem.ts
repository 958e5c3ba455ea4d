import { STATUS_REFUSALS } from '#intake/status-decision.js';

/** Registry of problem types that are everybody's. */
const HTTP_PROBLEM_TYPES = 'https://iana.org/assignments/http-problem-types';

/** Every problem that the API answers with: its HTTP status and its title, and its type where that is not our own. The key is the `code`. */
export const PROBLEMS = {
  ...STATUS_REFUSALS,
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'repeated-member': { status: 400, title: 'The body names a member of an object twice' },
  'body-too-complex': { status: 400, title: 'The body is nested too deeply or too wide' },
  'prefix-too-long': { status: 400, title: 'The prefix says more of a digest than is needed' },
  'digest-mismatch': { status: 400, title: 'The body is not the one that was signed' },
  unauthorized: { status: 401, title: 'The credentials are missing or wrong' },
  'admin-disabled': { status: 403, title: 'The admin routes are switched off' },
  'insufficient-scope': { status: 403, title: 'The API key is not good for this' },
  'address-not-allowed': { status: 403, title: 'The API key may not be used from this address' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'proof-not-ready': { status: 404, title: 'There is no such proof yet' },
  'no-such-status': { status: 404, title: 'The status of the record cannot be shown like that' },
  'format-unavailable': { status: 404, title: 'The proof does not exist in this format' },
  'batch-not-found': { status: 404, title: 'There is no such batch' },
  'log-empty': { status: 404, title: 'Nothing was sealed yet' },
  'tile-not-found': { status: 404, title: 'The log has no such tile' },
  'no-such-chain': { status: 404, title: 'The service has no node of this chain' },
  'no-time-stamp-roots': { status: 404, title: 'The service trusts no time-stamp authority' },
  'no-such-block': { status: 404, title: 'The chain has no such block' },
  'agency-not-found': { status: 404, title: 'There is no such agency' },
  'key-not-found': { status: 404, title: 'There is no such API key' },
  'signing-key-not-found': { status: 404, title: 'There is no such signing key' },
  'proposal-not-found': { status: 404, title: 'There is no such proposal' },
  'import-not-found': { status: 404, title: 'There is no such import' },
  'endpoint-not-found': { status: 404, title: 'There is no such webhook endpoint' },
  'second-key-needed': { status: 403, title: 'Another key must confirm it' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'not-acceptable': { status: 406, title: 'The proof has none of the accepted media types' },
  'request-timeout': { status: 408, title: 'The request took too long' },
  'name-reserved': { status: 409, title: 'The name is the service’s own' },
  'agency-exists': { status: 409, title: 'The agency exists already' },
  'signing-key-taken': { status: 409, title: 'The signing key is registered for another agency' },
  'no-registrar': { status: 409, title: 'The service cannot say in its log whose a key is' },
  'proposal-closed': { status: 409, title: 'The proposal is open no more' },
  'too-many-proposals': { status: 409, title: 'As many proposals wait as may' },
  'endpoint-disabled': { status: 409, title: 'The webhook endpoint is disabled' },
  'too-many-endpoints': { status: 409, title: 'The agency has as many webhook endpoints as it may' },
  'reference-conflict': { status: 409, title: 'The reference is taken' },
  'idempotency-in-progress': { status: 409, title: 'The request is being worked on' },
  'import-busy': { status: 409, title: 'Another request writes this import' },
  'cursor-gone': { status: 410, title: 'The events after this cursor are not kept' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'The body has a media type that is not taken here' },
  'offset-beyond': { status: 416, title: 'The import has not come as far as that' },
  'expectation-failed': { status: 417, title: 'The request expects what is not done here' },
  'invalid-record': { status: 422, title: 'The record is not valid' },
  'invalid-body': { status: 422, title: 'The body breaks a rule' },
  'idempotency-key-reused': { status: 422, title: 'Another request came with this key' },
  'line-differs': { status: 422, title: 'The line is another one than was taken before' },
  'no-records': { status: 422, title: 'The array is empty' },
  'too-many-records': { status: 422, title: 'The array holds too many records' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  'rate-limited': { status: 429, title: 'A quota is used up', type: `${HTTP_PROBLEM_TYPES}#quota-exceeded` },
  internal: { status: 500, title: 'The service failed' },
  'header-source-unavailable': { status: 502, title: 'No source of block headers could be reached' },
  'sources-contradict': { status: 502, title: 'The sources of blocks contradict each other' },
  'evm-source-unavailable': { status: 502, title: 'No node of the chain could be reached' },
  busy: {
    status: 503,
    title: 'The service has too much to do at the moment',
    type: `${HTTP_PROBLEM_TYPES}#temporary-reduced-capacity`,
  },
  unavailable: { status: 503, title: 'The service cannot work at the moment' },
} as const satisfies Record<string, { status: number; title: string; type?: string }>;

/** The stable machine name of a problem. */
export type ProblemCode = keyof typeof PROBLEMS;

interface ProblemKind {
  status: number;
  title: string;
  type?: string;
}

/** One fault of a request: where (JSON pointer into the body, or `/name` of a parameter) and what. */
export interface ProblemItem {
  pointer: string;
  detail: string;
}

/** The body of an error answer (RFC 9457). */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: ProblemItem[];
  /** How the record stands that the request is about, where that is why. */
  standing?: Readonly<Record<string, unknown>>;
  /** Names of the limits that it would go beyond. */
  'violated-policies'?: string[];
  /** When it makes sense to come again, where no header can say it. */
  retryAfterSeconds?: number;
}

/** Media type of {@link ProblemDetails}. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** The body for a problem; the status is the code's own unless another is given. */
export function problemDetails(code: ProblemCode, detail: string, errors?: ProblemItem[]): ProblemDetails {
  const { status, title, type = `urn:sealroot:problem:${code}` }: ProblemKind = PROBLEMS[code];
  return { type, title, status, detail, code, ...(errors ? { errors } : {}) };
}

/** What a service or a guard throws when the answer is a problem; the filter writes it. */
export class Problem extends Error {
  readonly details: ProblemDetails;
  /** Further response headers, such as `retry-after`. */
  readonly headers: Record<string, string>;

  constructor(
    readonly code: ProblemCode,
    detail: string,
    options: {
      errors?: ProblemItem[];
      standing?: Readonly<Record<string, unknown>>;
      violated?: string[];
      retryAfterSeconds?: number;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.details = problemDetails(code, detail, options.errors);
    if (options.standing !== undefined) this.details.standing = options.standing;
    if (options.violated !== undefined) this.details['violated-policies'] = options.violated;
    if (options.retryAfterSeconds !== undefined) this.details.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
  }
}
