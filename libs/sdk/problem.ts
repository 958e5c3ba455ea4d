/** The problems that the service names (`code`), as of this version. `apps/api/problems/problem.ts` is held to this list by its type. */
export const PROBLEM_CODES = [
  'bad-request',
  'malformed-json',
  'repeated-member',
  'body-too-complex',
  'digest-mismatch',
  'proposal-not-found',
  'second-key-needed',
  'proposal-closed',
  'too-many-proposals',
  'prefix-too-long',
  'unauthorized',
  'admin-disabled',
  'insufficient-scope',
  'address-not-allowed',
  'not-yours',
  'not-found',
  'record-not-found',
  'proof-not-ready',
  'no-such-status',
  'format-unavailable',
  'batch-not-found',
  'log-empty',
  'tile-not-found',
  'no-such-chain',
  'no-time-stamp-roots',
  'no-such-block',
  'agency-not-found',
  'key-not-found',
  'signing-key-not-found',
  'import-not-found',
  'endpoint-not-found',
  'method-not-allowed',
  'not-acceptable',
  'request-timeout',
  'name-reserved',
  'agency-exists',
  'signing-key-taken',
  'no-registrar',
  'endpoint-disabled',
  'too-many-endpoints',
  'reference-conflict',
  'idempotency-in-progress',
  'import-busy',
  'not-sealed',
  'status-conflict',
  'cursor-gone',
  'body-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'offset-beyond',
  'expectation-failed',
  'invalid-record',
  'invalid-body',
  'idempotency-key-reused',
  'line-differs',
  'no-records',
  'too-many-records',
  'status-not-allowed',
  'successor-not-found',
  'headers-too-large',
  'rate-limited',
  'internal',
  'header-source-unavailable',
  'sources-contradict',
  'evm-source-unavailable',
  'busy',
  'unavailable',
] as const;

/** A problem that this version knows. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

const KNOWN: ReadonlySet<string> = new Set(PROBLEM_CODES);

/** Why the service refused something (RFC 9457). */
export interface Problem {
  /** Of the closed list, or `unknown`: then `type` says what a later service meant. */
  code: ProblemCode | 'unknown';
  /** The problem type as it was sent, a URI. */
  type: string;
  /** HTTP status. */
  status: number;
  title: string;
  /** A sentence for people. */
  detail: string;
  /** Each fault of the request: a JSON pointer into its body, or `/name` of a parameter, and what is wrong. */
  errors: readonly { pointer: string; detail: string }[];
  /** Every member that was sent. */
  members: Readonly<Record<string, unknown>>;
}

/** The problem in a value of an answer with this status; undefined when there is none. */
export function readProblem(value: unknown, status = 0): Problem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof members[name] === 'string' ? members[name] : undefined);
  const type = text('type') ?? 'about:blank';
  // Types of the IANA registry name themselves behind a #, our own behind the last colon.
  const code = text('code') ?? /[:#]([^:#]*)$/.exec(type)?.[1] ?? '';
  if (text('code') === undefined && text('type') === undefined) return undefined;
  const title = text('title') ?? code;
  const errors = Array.isArray(members['errors']) ? members['errors'] : [];
  return {
    code: KNOWN.has(code) ? (code as ProblemCode) : 'unknown',
    type,
    status: typeof members['status'] === 'number' ? members['status'] : status,
    title,
    detail: text('detail') ?? title,
    errors: errors.flatMap((error: unknown) => {
      const { pointer, detail } = (error ?? {}) as { pointer?: unknown; detail?: unknown };
      return typeof pointer === 'string' && typeof detail === 'string' ? [{ pointer, detail }] : [];
    }),
    members,
  };
}

/** A problem in one line: what the service said, its name, and each fault. */
export function describeProblem({ code, detail, errors, members, type }: Problem): string {
  const said = typeof members['code'] === 'string' ? members['code'] : type;
  const faults = errors.map(({ pointer, detail: fault }) => `${pointer || 'the item'}: ${fault}`);
  const name = code === 'unknown' ? said : code;
  return faults.length === 0 ? `${detail} [${name}]` : `${detail} [${name}] (${faults.join('; ')})`;
}
