import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

const SCHEME = /^bearer +/i;

/** Whether the request carries a bearer token, right or wrong. */
export function hasBearerToken(request: FastifyRequest): boolean {
  return SCHEME.test(request.headers.authorization ?? '');
}

/** The token of `Authorization: Bearer …`.
 * @throws Problem `unauthorized` when there is none */
export function bearerToken(request: FastifyRequest): string {
  const header = request.headers.authorization;
  const scheme = header === undefined ? null : SCHEME.exec(header);
  if (header === undefined || scheme === null) {
    throw unauthorized('Expected an Authorization header with a bearer token.', 'Bearer');
  }
  return header.slice(scheme[0].length);
}

/** The answer to missing or wrong credentials; it never says which part was wrong. */
export function unauthorized(detail: string, challenge = 'Bearer error="invalid_token"'): Problem {
  return new Problem('unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}
