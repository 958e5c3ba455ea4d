import { AddressError, SourceError } from '#source/error.js';
import { type Fetch, parseHttpAddress, requestBytes } from '#source/http-answer.js';
import { requestFailure } from '../request-failure.js';

/** What became of one request: the body of a 200, or in a few words why there is none. */
export type BoundedAnswer = { bytes: Uint8Array } | { failure: string };

/** Limits of one request. */
export interface RequestBounds {
  /** From its start to the last byte of its answer. */
  timeoutMs: number;
  maxBytes: number;
}

/** Requests an address: bounded in time and size, no redirects, never throwing for what the other side does. A user and password in the
 * address become an Authorization header. */
export async function boundedRequest(
  fetcher: typeof fetch,
  address: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
  { timeoutMs, maxBytes }: RequestBounds,
): Promise<BoundedAnswer> {
  try {
    const { headers, host, href } = parseHttpAddress(address);
    const request = { ...init, headers: { 'user-agent': 'sealroot', ...init.headers, ...headers } };
    const access = { fetch: fetcher as Fetch, timeoutMs };
    const { bytes, status } = await requestBytes(host, access, href, request, maxBytes);
    return status === 200 ? { bytes } : { failure: `answered HTTP ${status}` };
  } catch (error) {
    if (error instanceof SourceError) return { failure: requestFailure(error, timeoutMs) };
    if (error instanceof AddressError) return { failure: 'has an address that cannot be asked' };
    throw error;
  }
}

/** An address that a certificate names, as it may be shown and stored: no user, no password, no query. */
export function publicName(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
