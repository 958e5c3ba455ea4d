import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DynamicModule, Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '#config/config.js';
import { createLogger } from '#config/logger.js';
import { projectRoot } from '#database/project-root.js';
import { ApiModule } from './api.module.js';
import { Admission } from './auth/admission.js';
import { documentCalendar } from './calendar/calendar-document.js';
import { serveCalendar } from './calendar/calendar-routes.js';
import { heedIdempotencyKeys } from './idempotency/idempotency-hooks.js';
import { IdempotencyService } from './idempotency/idempotency.service.js';
import { BodyCollector } from './limits/body-collector.js';
import { Connections } from './limits/connections.js';
import { takeJsonBodies } from './limits/json-body.js';
import { takeLineBodies } from './limits/line-body.js';
import { MetricsService } from './operations/metrics.service.js';
import { buildDocument } from './openapi/document.js';
import { serveDocument } from './openapi/serve-document.js';
import { servePages } from './pages/site.js';
import { servePortal } from './portal/portal.js';
import { PublishedPages } from './portal/published-pages.service.js';
import { answerClientError } from './problems/client-error.js';
import { logProblem, ProblemFilter, sendProblem, toProblem } from './problems/problem.filter.js';
import { RouteTable } from './problems/route-table.js';
import { ValidationPipe } from './problems/validation.pipe.js';

/** Longest path segment that is routed: a SHA-512 in hex is the longest that means anything. */
const MAX_SEGMENT_LENGTH = 256;

/** Time that a connection may take for one whole request, and for its head. */
const REQUEST_TIMEOUT_MS = 60_000;
const HEAD_TIMEOUT_MS = 15_000;

/** Pause between two looks for connections that take longer. */
const CHECK_CONNECTIONS_EVERY_MS = 2000;

/** An idle connection is kept open this long; longer than the minute that load balancers use. */
const KEEP_ALIVE_MS = 65_000;

/** While the server closes, connections that have become idle are closed this often. */
const CLOSE_IDLE_EVERY_MS = 50;

/** A request that has not wholly arrived and been answered after this time of closing is cut off: it may never end, and Node's own limit on
 * requests rests while a server closes. */
const CLOSE_LIMIT_MS = 5000;

/** Headers of every answer. What is no page may load nothing. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
const DOCS_HEADERS = {
  ...HEADERS,
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
};

/** Anyone may verify from any page: other origins may read, without credentials, and nothing else. */
const READABLE_BY_ALL = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, link, ratelimit, ratelimit-policy, retry-after',
};
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'accept, if-none-match',
  'access-control-max-age': '86400',
};

/** What a caller of {@link createApi} may choose. */
export interface CreateApiOptions {
  /** The root module: by default the API alone, configured by `config`; the standalone application gives its own, which imports {@link ApiModule}. */
  module?: Type | DynamicModule | undefined;
  /** Folder of the built page. */
  portalFolder?: string | undefined;
  /** Filled with every route; a test looks at it. */
  routes?: RouteTable | undefined;
}

/** The HTTP application, initialised and ready for `listen()` or `inject()`. Closing it answers what was accepted and then releases everything. */
export async function createApi(config: Config, options: CreateApiOptions = {}): Promise<NestFastifyApplication> {
  const routes = options.routes ?? new RouteTable();
  let connections: Connections;
  const adapter = new FastifyAdapter({
    bodyLimit: config.bodyLimitBytes,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEAD_TIMEOUT_MS, connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS },
    // Requests that still come in over open connections while the server closes are answered like any other.
    return503OnClosing: false,
    // Nest middleware is not used; without it there is one hook less before every request.
    skipMiddie: true,
    routerOptions: { maxParamLength: MAX_SEGMENT_LENGTH },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, toProblem(error, request, routes, config.bodyLimitBytes)),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket) => {
      // Node has one limit for all requests; one that lasts has its own, in Connections.
      if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !connections.isLasting(socket)) answerClientError(error, socket);
    },
  });
  const server: FastifyInstance = adapter.getInstance();
  server.addHook('onRoute', ({ method, url }) => {
    // The catch-all that answers CORS preflights says nothing about which addresses there are.
    if (url !== '*') routes.add(method, url);
  });
  connections = new Connections(server.server);
  server.addHook('preClose', (done) => {
    connections.closeAfterAnswers();
    if (server.server.listening) endConnections(server.server);
    done();
  });
  server.decorateRequest('agency', null);
  server.decorateRequest('answer', null);
  server.decorateRequest('bodyDigest', null);
  server.decorate('connections', connections);
  server.addHook('onRequest', (request, reply, done) => {
    const headers = request.url.startsWith('/docs') ? DOCS_HEADERS : HEADERS;
    reply.headers(request.method === 'POST' ? headers : { ...headers, ...READABLE_BY_ALL });
    done();
  });
  server.options('*', (_request, reply) =>
    reply
      .code(204)
      .headers({ ...READABLE_BY_ALL, ...PREFLIGHT })
      .send(),
  );

  const app = await NestFactory.create<NestFastifyApplication>(
    options.module ?? ApiModule.forProcess(config),
    adapter,
    {
      logger: createLogger(config),
      abortOnError: false,
      bodyParser: false,
    },
  );
  try {
    await prepare(app, server, connections, config, options, routes);
  } catch (error) {
    // What had started (connections, timers, queues) would keep the process alive.
    await app.close();
    throw error;
  }
  return app;
}

/** Initialises everything behind the server and adds the routes that are not Nest's. */
async function prepare(
  app: NestFastifyApplication,
  server: FastifyInstance,
  connections: Connections,
  config: Config,
  options: CreateApiOptions,
  routes: RouteTable,
): Promise<void> {
  app.useGlobalFilters(new ProblemFilter(routes, config.bodyLimitBytes));
  app.useGlobalPipes(new ValidationPipe());
  // Fastify takes text as well unless told otherwise; this API takes JSON only.
  server.removeContentTypeParser('text/plain');
  const admission = app.get(Admission, { strict: false });
  server.addHook('onRequest', (request, reply, done) => admission.admit(request, reply, connections, routes, done));
  const bodies = new BodyCollector(config.bodyLimitBytes, admission);
  takeJsonBodies(server, bodies);
  takeLineBodies(server, bodies);
  heedIdempotencyKeys(server, app.get(IdempotencyService, { strict: false }));
  app.get(MetricsService, { strict: false }).observe(server);

  await app.init();
  // After init(), so that errors of these routes go through the filter as well.
  const document = buildDocument(app, packageVersion(), config.publicUrl);
  if (config.otsCalendar === 'on') {
    await serveCalendar(app, server, routes);
    documentCalendar(document);
  }
  serveDocument(app, server, document);
  servePages(app, server, (error, request) => {
    const problem = toProblem(error, request, routes, config.bodyLimitBytes);
    if (problem.details.status >= 500) logProblem(new Logger('pages'), problem, request);
    return problem;
  });
  const portal = options.portalFolder ?? join(projectRoot(), 'dist', 'apps', 'portal');
  servePortal(server, portal, app.get(PublishedPages, { strict: false }).serveFrom(portal));
  await server.ready();
}

/** Sees to it that a server which begins to close does close. */
function endConnections(server: FastifyInstance['server']): void {
  // A connection whose last answer went out after closing had begun would stay open until its time-out.
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
  server.once('close', () => {
    clearInterval(idle);
    clearTimeout(limit);
  });
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}
