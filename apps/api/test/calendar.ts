import { parseTimestamp } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { expect } from 'vitest';
import type { TestDatabase } from '#database/testing.js';
import { startService, type TestService } from './service.js';

export const PUBLIC_URL = 'https://notary.example:8443';
export const AGENCY = 'calendar.test.example';
/** No node listens there: what a calendar does with its transactions is tested with a real one in the sandbox's tests. */
export const CALENDAR = {
  OTS_CALENDAR: 'on',
  ANCHORS: 'bitcoin',
  BITCOIN_RPC_URL: 'http://user:password@127.0.0.1:1',
  PUBLIC_URL: `${PUBLIC_URL}/`,
  OTS_CALENDAR_RATE: '100000',
  OTS_CALENDAR_RATE_TOTAL: '1000000',
};
/** Starts a service that is a calendar; `env` overrides settings. */
export const startCalendar = (env: Record<string, string> = {}, database?: TestDatabase) =>
  startService({ ...CALENDAR, ...env }, { portalFolder: '/nowhere', ...(database ? { database } : {}) });
/** Posts what clients post: a digest, from an address. */
export const post = (
  service: TestService,
  body: Buffer | string,
  headers: Record<string, string> = {},
  address = '10.0.0.1',
) => service.app.inject({ method: 'POST', url: '/digest', payload: body, headers, remoteAddress: address });

/** The message and address that an answer to a posted digest promises the rest for. */
export function promised(answer: Uint8Array, digest: Uint8Array): { message: string; uri: string } {
  const found = listAttestations(parseTimestamp(answer, digest, { canonical: true }));
  expect(found).toHaveLength(1);
  const { attestation, message, path } = found[0]!;
  if (attestation.type !== 'pending') throw new Error(`expected a pending attestation, got ${attestation.type}`);
  expect(path).toMatchObject([{ type: 'append' }, { type: 'sha256' }]);
  expect((path[0] as { operand: Uint8Array }).operand.length).toBeGreaterThanOrEqual(16);
  return { message: Buffer.from(message).toString('hex'), uri: attestation.uri };
}
