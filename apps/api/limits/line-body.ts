import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems/problem.js';
import type { BodyCollector } from './body-collector.js';

/** Media type of lines of JSON. */
export const NDJSON = 'application/x-ndjson';

/** Hands bodies of lines to the routes that take them: as they arrive, or, where their sender has signed what the whole body is, when it is there. */
export function takeLineBodies(server: FastifyInstance, bodies: BodyCollector): void {
  server.addContentTypeParser(NDJSON, (request, payload, done) => {
    if (request.routeOptions.config.bodyType !== NDJSON)
      return done(new Problem('unsupported-media-type', `Expected application/json, got ${NDJSON}.`));
    if (request.bodyDigest === null) return done(null, payload);
    bodies.collect(request, payload, (problem, body) => {
      if (problem === null) done(null, Readable.from([body]));
      else done(problem);
    });
  });
}
