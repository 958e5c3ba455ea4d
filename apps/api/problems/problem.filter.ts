import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError, describeRootCause, logSparsely, rootCause } from '#config/sparse-log.js';
import { IntakeError } from '#intake/error.js';
import { PoolBusyError } from '#database/busy-pool.js';
import { overloaded } from '../limits/limited.js';
import { leaveUnread } from '../limits/unread-body.js';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.js';
import { RouteTable } from './route-table.js';

/** What errors of other layers look like: Fastify, Node, PostgreSQL and Prisma all put a string code on them. */
interface CodedError {
  code?: unknown;
  statusCode?: unknown;
  /** Where Prisma keeps PostgreSQL's own code, under one of its own that only says that there is another. */
  meta?: { driverAdapterError?: { cause?: { originalCode?: unknown } } };
}

/** Connection errors of Node and of PostgreSQL (class 08, 28, 57P, 53; 3D000, there is none of that name): the database is away, not the request wrong. */
const DATABASE_AWAY =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|08\w{3}|28\w{3}|3D000|57P\w{2}|53\w{3}|P1000|P1001|P1002|P1003|P1008|P1010|P1017|P2024)$/;

/** Turns whatever was thrown into a {@link Problem}. Faults of the service keep their cause and say nothing of it. */
export function toProblem(
  error: unknown,
  request: FastifyRequest,
  routes: RouteTable,
  bodyLimitBytes: number,
): Problem {
  if (error instanceof Problem) return error;
  const cause = error instanceof HttpException ? error.cause : error;
  const code = codeOf(cause as CodedError | undefined);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const got = request.headers['content-type'];
    return new Problem(
      'unsupported-media-type',
      `Expected application/json, got ${got ? JSON.stringify(got) : 'none'}.`,
    );
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Problem('body-too-large', `Expected at most ${bodyLimitBytes} bytes.`);
  }
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return new Problem('malformed-json', 'Expected JSON, got an empty body.');
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new Problem('uri-too-long', 'A segment of the path is too long.');
  if (
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    (cause instanceof SyntaxError && (cause as CodedError).statusCode === 400)
  ) {
    return new Problem(
      'malformed-json',
      'Expected JSON, got something else (or a forbidden member such as "__proto__").',
    );
  }
  if (cause instanceof IntakeError && cause.code === 'overloaded') return overloaded('intake', cause.message, cause);
  if (cause instanceof IntakeError) {
    return new Problem('unavailable', cause.message, {
      cause,
      headers: { 'retry-after': String(cause.retryAfterSeconds) },
    });
  }
  if (error instanceof HttpException && error.getStatus() === 404 && cause === undefined) {
    return routes.unknown(request);
  }
  const status = error instanceof HttpException ? error.getStatus() : (cause as CodedError | undefined)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('bad-request', (error as Error).message, { cause });
  }
  if (cause instanceof PoolBusyError)
    return overloaded('connections', 'All database connections for this kind of request are in use.', cause);
  if (DATABASE_AWAY.test(code) || /timeout exceeded when trying to connect|Connection terminated/.test(String(cause))) {
    return new Problem('unavailable', 'The database cannot be reached.', { cause, headers: { 'retry-after': '1' } });
  }
  return new Problem('internal', 'An error was logged; nothing more is known here.', { cause });
}

const logger = new Logger('api');
const NO_ROUTES = new RouteTable();

/** The same for an error while an answer is under way, which is told in it; a fault of the service is logged. */
export function toStreamProblem(error: unknown, request: FastifyRequest): Problem {
  const problem = toProblem(error, request, NO_ROUTES, 0);
  if (problem.details.status >= 500) logProblem(logger, problem, request);
  return problem;
}

function codeOf(error: CodedError | undefined): string {
  const code = error?.meta?.driverAdapterError?.cause?.originalCode ?? error?.code;
  return typeof code === 'string' ? code : '';
}

/** Sends a problem as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, problem: Problem): void {
  leaveUnread(reply.request, reply);
  reply
    .code(problem.details.status)
    .headers({ 'cache-control': 'no-store', ...problem.headers, 'content-type': PROBLEM_MEDIA_TYPE })
    .send(JSON.stringify(problem.details));
}

/** The one place where errors become answers. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly bodyLimitBytes: number,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(error, request, this.routes, this.bodyLimitBytes);
    if (problem.details.status >= 500) logProblem(logger, problem, request);
    if (reply.sent) return;
    sendProblem(reply, problem);
  }
}

/** Logs why a request was answered with a problem of the service's own: the root cause, once a minute for each route. */
export function logProblem(logger: Logger, problem: Problem, request: FastifyRequest): void {
  const cause = problem.cause instanceof Error ? problem.cause : problem;
  // The route, not the address: what a client writes into an address has no place in a log.
  const route = `${request.method} ${request.routeOptions?.url ?? '(no route)'}: ${problem.code}`;
  // Only a fault of the service itself needs the place where it arose; something else being away does not.
  if (problem.code === 'internal') return logger.error(`${route}: ${describeRootCause(cause)}`, cause.stack);
  logSparsely(logger, 'warn', `${route}: ${describeError(cause)}`, `${route} ${rootCause(cause).code}`);
}
