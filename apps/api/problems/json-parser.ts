import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Replaces Fastify's parser of JSON bodies by one that refuses bytes that are not UTF-8. Fastify puts U+FFFD in their place, and what was
 * notarised would no longer be what was sent; two different references could become one. */
export function parseJsonStrictly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString('utf8'), done);
    done(new Problem('malformed-json', 'Expected JSON in UTF-8, got bytes that are not.'));
  });
}
