import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Config } from '#config/config.js';
import { limited } from '../limits/limited.js';

/** Time over which requests are counted. */
const WINDOW_MS = 60_000;

/** Addresses that are counted at a time, about 200 bytes each; when there are more, the one not heard of for longest is forgotten. */
const MAX_ADDRESSES = 10_000;

/** The limits of a calendar's requests, each kept in this process's memory. */
export interface CalendarLimits {
  /** Counts a request of an address (IPv6: of its /64). @throws Problem `rate-limited` */
  countRequest(request: FastifyRequest): Promise<void>;
  /** Counts a posted digest, whoever posts it. @throws Problem `rate-limited` */
  countDigest(request: FastifyRequest): Promise<void>;
}

/** Sets up the limits within `scope`, and only there. */
export async function createCalendarLimits(
  scope: FastifyInstance,
  config: Pick<Config, 'otsCalendarRate' | 'otsCalendarRateTotal'>,
): Promise<CalendarLimits> {
  await scope.register(rateLimit, { global: false, cache: MAX_ADDRESSES });
  const count = async (limit: Limit, request: FastifyRequest, name: string, whose: string) => {
    const result = await limit(request);
    if (result.isAllowed || !result.isExceeded) return;
    const detail = `too many requests, expected at most ${result.max} a minute ${whose}`;
    const policy = { name, most: result.max, windowSeconds: WINDOW_MS / 1000 };
    throw limited(policy, detail, { retryAfterSeconds: result.ttlInSeconds });
  };
  const options = { timeWindow: WINDOW_MS, cache: MAX_ADDRESSES };
  const ofAddress = scope.createRateLimit({ ...options, max: config.otsCalendarRate });
  const ofAll = scope.createRateLimit({ ...options, max: config.otsCalendarRateTotal, keyGenerator: () => 'all' });
  return {
    countRequest: (request) => count(ofAddress, request, 'address', 'from one address'),
    countDigest: (request) => count(ofAll, request, 'digests', 'in all'),
  };
}

type Limit = ReturnType<FastifyInstance['createRateLimit']>;
