import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from './conditional.js';

/** Something large that is kept as gzip has it. */
export interface Packed {
  gzipped: Buffer;
  /** Of what is packed. */
  etag: string;
}

/** Answers with what is packed, unpacked for whoever does not take it so, or with 304 where it is there already. */
export async function sendPacked(
  request: FastifyRequest,
  reply: FastifyReply,
  { etag, gzipped }: Packed,
): Promise<void> {
  reply.headers({ vary: 'accept-encoding', etag });
  if (isKnown(request, etag)) return void reply.code(304).send();
  if (negotiate(request.headers['accept-encoding'] ?? '', ['gzip']) === null)
    return void reply.send(await promisify(gunzip)(gzipped));
  reply.header('content-encoding', 'gzip').send(gzipped);
}
