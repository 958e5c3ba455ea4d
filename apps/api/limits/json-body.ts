import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems/problem.js';
import type { BodyCollector } from './body-collector.js';
import { createJsonReader, shapeFault } from './json-value.js';

/** Takes `application/json` bodies instead of Fastify's parser: bounded for each agency, parsed in its turn. */
export function takeJsonBodies(server: FastifyInstance, bodies: BodyCollector): void {
  const readJson = createJsonReader(server);
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', (request, payload, done) => {
    const { bodyType, maxBodyWidth } = request.routeOptions.config;
    if (bodyType !== undefined)
      return done(new Problem('unsupported-media-type', `Expected ${bodyType}, got application/json.`));
    const take = (problem: Error | null, body: Buffer) => {
      if (problem !== null) return done(problem);
      const read = readJson(body, maxBodyWidth);
      if ('problem' in read) done(read.problem);
      else done(null, read.value);
    };
    bodies.collect(request, payload, take, (start) => shapeFault(start, maxBodyWidth));
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The agency whose API key came with the request; null where there was none. */
    agency: import('#database/agency.repository.js').KeyHolder | null;
    /** What it is answered with; null before it is let in. */
    answer: import('node:http').ServerResponse | null;
  }
}
