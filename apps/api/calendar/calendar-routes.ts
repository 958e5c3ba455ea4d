import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { Problem } from '../problems/problem.js';
import { logProblem, toProblem } from '../problems/problem.filter.js';
import type { RouteTable } from '../problems/route-table.js';
import { CalendarHealth } from './calendar-health.js';
import { createCalendarLimits } from './calendar-limits.js';
import { answerStatus } from './calendar-status.js';
import { MAX_DIGEST_BYTES } from './calendar-timestamp.js';
import { CalendarService } from './calendar.service.js';

/** Media type of a timestamp without its message. */
export const TIMESTAMP_MEDIA_TYPE = 'application/vnd.opentimestamps.v1';

const TEXT = 'text/plain; charset=utf-8';

const logger = new Logger('calendar');

/** A final answer stays as it is. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const CHANGES = 'no-cache';

/** Time for a posted digest to arrive and be committed: it is one packet, so who needs longer only holds a connection. */
const DIGEST_TIMEOUT_MS = 10_000;

/** Pages of other origins may post, as the public calendars allow; credentials are of no use here. */
const CROSS_ORIGIN = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
const PREFLIGHT = {
  ...CROSS_ORIGIN,
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'accept, content-type',
  'access-control-max-age': '86400',
};

/** Adds the routes that OpenTimestamps clients expect of a calendar. They take and give bytes and plain text, not JSON, so they are not
 * Nest's: a scope of their own keeps their parsers, limits and errors away from all other routes.
 * @throws ConfigError when the service cannot be a calendar */
export async function serveCalendar(
  app: NestFastifyApplication,
  server: FastifyInstance,
  routes: RouteTable,
): Promise<void> {
  const config = app.get<Config>(CONFIG, { strict: false });
  const calendar = app.get(CalendarService, { strict: false });
  const health = app.get(CalendarHealth, { strict: false });
  logger.log(`an OpenTimestamps calendar at ${await calendar.prepare()}`);

  await server.register(async (scope) => {
    const limits = await createCalendarLimits(scope, config);
    takeAnyBody(scope);
    scope.setErrorHandler((error: FastifyError, request, reply) => sendText(error, request, reply, routes));
    scope.addHook('onRequest', async (request, reply) => {
      reply.headers({ ...CROSS_ORIGIN, 'cache-control': CHANGES });
      if (request.method !== 'OPTIONS') await limits.countRequest(request);
      if (request.method === 'POST') await limits.countDigest(request);
    });

    scope.options('/digest', (_request, reply) => reply.code(204).headers(PREFLIGHT).send());
    scope.post<{ Body: Buffer | undefined }>(
      '/digest',
      { bodyLimit: MAX_DIGEST_BYTES, config: { takesBody: true }, handlerTimeout: DIGEST_TIMEOUT_MS },
      async ({ body }, reply) => {
        if (!body?.length) throw new Problem('bad-request', `expected a digest of 1 to ${MAX_DIGEST_BYTES} bytes`);
        const timestamp = await calendar.submit(body);
        return reply.type(TIMESTAMP_MEDIA_TYPE).send(Buffer.from(timestamp));
      },
    );

    scope.get<{ Params: { commitment: string } }>('/timestamp/:commitment', async ({ params }, reply) => {
      const message = parseHex(params.commitment);
      if (message === null) throw new Problem('bad-request', 'commitment must be hex-encoded bytes');
      const answer = await calendar.find(message);
      if (answer.complete === null) return reply.code(404).type(TEXT).send(answer.reason);
      const headers = { 'content-type': TIMESTAMP_MEDIA_TYPE, 'cache-control': FOR_EVER };
      return reply.headers(headers).send(Buffer.from(answer.complete));
    });

    scope.get('/tip', async (_request, reply) => {
      const tip = await calendar.tip();
      if (tip === null) return reply.code(204).send();
      return reply.type('application/octet-stream').send(Buffer.from(tip));
    });
  });

  answerStatus(server, calendar, health);
}

/** Takes a body as bytes whatever a client calls it: stock ones say that it is a form, or nothing. */
function takeAnyBody(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  scope.addHook('onRequest', (request, _reply, done) => {
    // Also what is no media type at all.
    delete request.headers['content-type'];
    done();
  });
}

/** Bytes of hex in either case; null when it is none. */
function parseHex(text: string): Uint8Array | null {
  return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? Buffer.from(text, 'hex') : null;
}

/** Answers an error in plain words: that is what OpenTimestamps clients show. */
function sendText(error: FastifyError, request: FastifyRequest, reply: FastifyReply, routes: RouteTable): void {
  const problem = explain(error, request, routes);
  const { status, detail } = problem.details;
  if (status >= 500) logProblem(logger, problem, request);
  // What is left of a body that was too long or late is not waited for.
  if (!request.raw.complete) reply.header('connection', 'close');
  reply
    .code(status)
    .headers({ ...problem.headers, 'content-type': TEXT })
    .send(detail);
}

function explain(error: FastifyError, request: FastifyRequest, routes: RouteTable): Problem {
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Problem('bad-request', `digest too long, expected at most ${MAX_DIGEST_BYTES} bytes`);
  if (error.code === 'FST_ERR_HANDLER_TIMEOUT') {
    return request.raw.complete
      ? new Problem('unavailable', 'the digest could not be stored in time', { headers: { 'retry-after': '1' } })
      : new Problem('request-timeout', 'the digest did not arrive in time');
  }
  return toProblem(error, request, routes, MAX_DIGEST_BYTES);
}
