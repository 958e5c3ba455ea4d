import type { FastifyRequest } from 'fastify';
import type { Actor } from '#database/audit-log.repository.js';

/** Who makes this request, as the audit log names him. Only for routes that need an API key or the admin token. */
export function actorOf({ agency, ip }: Pick<FastifyRequest, 'agency' | 'ip'>): Actor {
  return { name: agency === null ? 'admin-token' : `key:${agency.key.prefix}`, from: ip };
}
