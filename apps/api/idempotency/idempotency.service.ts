import { hash, randomBytes } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logSparsely } from '#config/sparse-log.js';
import { type ClaimedRequest, IdempotencyRepository, type RequestName } from '#database/idempotency.repository.js';
import type { Origin } from '#intake/origin.js';
import { Problem } from '../problems/problem.js';
import { parseIdempotencyKey } from './idempotency-key.js';

/** Pause between two looks for what is kept no more. */
const PURGE_EVERY_MS = 60_000;

const JSON_MEDIA_TYPE = 'application/json; charset=utf-8';

/** A request that came with a key and is worked on here. */
export interface NamedRequest {
  name: RequestName;
  claimed: ClaimedRequest;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where the request has no `Idempotency-Key`. */
    named: NamedRequest | null;
  }
}

/** What makes the request's records, where it came with a key. */
export function originOf({ named }: Pick<FastifyRequest, 'named'>): Origin | null {
  if (named === null) return null;
  const { again, createdAt, seed } = named.claimed;
  return { seed, receivedAtMs: createdAt.getTime(), again };
}

/** What a request that came with a key is called in what it stores, the same at each repetition; undefined where it has none. 43 characters. */
export function requestIdOf({ named }: Pick<FastifyRequest, 'named'>): string | undefined {
  return named?.claimed.seed.toString('base64url');
}

/** Sees to it that a request which is repeated under its `Idempotency-Key` is done once, whichever process it comes to. */
@Injectable()
export class IdempotencyService implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('idempotency');
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly requests: IdempotencyRepository) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#purge(), PURGE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Before a request with this header is worked on: claims it, or answers it as it was answered before. @throws Problem */
  async begin(request: FastifyRequest, reply: FastifyReply, header: string): Promise<void> {
    const { method, routeOptions, url, body, agency } = request;
    const name = { agencyId: agency!.id, route: `${method} ${routeOptions.url}`, key: parseIdempotencyKey(header) };
    const fingerprint = hash('sha256', `${url}\n${JSON.stringify(body ?? null)}`, 'buffer');
    const claim = await this.requests.claim(name, fingerprint, randomBytes(32), new Date());
    if (claim === 'other-request')
      throw new Problem(
        'idempotency-key-reused',
        'Expected the request that came with this Idempotency-Key before, got another one.',
      );
    if (claim === 'in-progress') {
      const headers = { 'retry-after': '1' };
      throw new Problem(
        'idempotency-in-progress',
        'The request that came with this Idempotency-Key is being worked on.',
        { headers },
      );
    }
    if ('claimed' in claim) {
      request.named = { name, claimed: claim.claimed };
      return;
    }
    const { answer, location, status } = claim.kept;
    if (location !== null) reply.header('location', location);
    reply.code(status).headers({ 'idempotent-replayed': 'true', 'content-type': JSON_MEDIA_TYPE }).send(answer);
  }

  /** Before the answer goes out: keeps it where the request was done. What is refused is not kept, and its key is free again; what failed may be repeated. */
  async end({ name, claimed }: NamedRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const status = reply.statusCode;
    try {
      if (status >= 500) await this.requests.release(name, claimed);
      else if (status >= 400) await this.requests.forget(name, claimed);
      else {
        const location = (reply.getHeader('location') as string | undefined) ?? null;
        await this.requests.keep(name, claimed, { status, location, answer: Buffer.from(payload as string) });
      }
    } catch (error) {
      // It is done: a repetition finds out what there is.
      logSparsely(this.#logger, 'warn', `an answer was not kept: ${(error as Error).message}`);
    }
  }

  async #purge(): Promise<void> {
    try {
      while (await this.requests.purge());
    } catch (error) {
      logSparsely(this.#logger, 'warn', `old requests were not purged: ${(error as Error).message}`);
    }
  }
}
