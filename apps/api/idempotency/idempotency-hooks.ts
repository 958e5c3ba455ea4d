import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IdempotencyService, NamedRequest } from './idempotency.service.js';

/** Watches over the requests with an `Idempotency-Key` to the routes that take one; others pass. */
export function heedIdempotencyKeys(server: FastifyInstance, service: IdempotencyService): void {
  server.decorateRequest('named', null);
  server.addHook('preHandler', (request, reply, done) => {
    const header = request.headers['idempotency-key'];
    if (header === undefined || request.routeOptions.config.idempotent !== true) return done();
    void begin(service, request, reply, String(header), done);
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (request.named === null) return done(null, payload);
    void end(service, request.named, reply, payload, done);
  });
}

async function begin(
  service: IdempotencyService,
  request: FastifyRequest,
  reply: FastifyReply,
  header: string,
  done: (error?: Error) => void,
): Promise<void> {
  try {
    await service.begin(request, reply, header);
  } catch (error) {
    return done(error as Error);
  }
  if (!reply.sent) done();
}

async function end<T>(
  service: IdempotencyService,
  named: NamedRequest,
  reply: FastifyReply,
  payload: T,
  done: (error: null, payload: T) => void,
): Promise<void> {
  await service.end(named, reply, payload);
  done(null, payload);
}
