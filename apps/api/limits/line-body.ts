import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems/problem.js';

/** Media type of lines of JSON. */
export const NDJSON = 'application/x-ndjson';

/** Hands bodies of lines, as they arrive, to the routes that take them. */
export function takeLineBodies(server: FastifyInstance): void {
  server.addContentTypeParser(NDJSON, (request, payload, done) => {
    if (request.routeOptions.config.bodyType === NDJSON) done(null, payload);
    else done(new Problem('unsupported-media-type', `Expected application/json, got ${NDJSON}.`));
  });
}
