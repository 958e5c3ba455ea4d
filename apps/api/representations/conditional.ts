import type { FastifyRequest } from 'fastify';

/** Whether who asks has the representation with this entity tag already, by `If-None-Match` (weak comparison, RFC 9110 §13.1.2). */
export function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match'];
  if (known === undefined) return false;
  return known.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
