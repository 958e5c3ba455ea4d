import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTimeStampRequest } from '#tsp/request.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { verifyWithOpenssl } from '#tsp/testing/stamp.js';
import { startTimeStampAuthority, type TimeStampAuthority } from './time-stamp-authority.js';
import type { TimeStampFault } from './time-stamp-fault.js';

const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);
const message = Buffer.from('log.example\n1\nAAAA\n');
const imprint = new Uint8Array(createHash('sha256').update(message).digest());

const ask = async (url: string) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: Uint8Array.from(writeTimeStampRequest({ imprint, nonce: randomBytes(16) })),
  });
  return { status: response.status, token: new Uint8Array(await response.arrayBuffer()) };
};

describe.skipIf(!withOpenssl)('a time-stamp authority of our own', () => {
  let authority: TimeStampAuthority;
  beforeAll(async () => {
    authority = await startTimeStampAuthority();
  });
  afterAll(() => authority?.stop());

  const judged = async (of: TimeStampAuthority, at?: Date) => {
    const { token } = await ask(of.url);
    return verifyWithOpenssl({ token, response: true, message, roots: [of.root.pem], at });
  };

  it('gives tokens that openssl accepts, asked several at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => judged(authority)));
    expect(all.map(({ accepted }) => accepted)).toEqual([true, true, true]);
  });

  it.each([
    { key: 'rsa-2048', digest: 'sha256', essDigest: 'sha1' },
    { key: 'rsa-2048', digest: 'sha512', essDigest: 'sha256', essChain: true },
    { key: 'p-384', digest: 'sha384', essDigest: 'sha512' },
  ] as const)('does so with $key, $digest and a reference by $essDigest', async (options) => {
    const other = await startTimeStampAuthority(options);
    expect(await judged(other)).toMatchObject({ accepted: true });
    await other.stop();
  });

  it.each<[TimeStampFault, RegExp]>([
    ['wrong-imprint', /message imprint mismatch/],
    ['bad-signature', /signature failure/],
    ['no-certificates', /signer certificate not found|cannot find|FAILED/i],
    ['no-purpose', /unsuitable certificate purpose|unsupported certificate purpose/],
    ['lax-purpose', /unsuitable certificate purpose|unsupported certificate purpose/],
    ['other-authority', /self.signed|unable to get|certificate verify error/],
    ['expired', /certificate has expired/],
    ['rejects', /no time stamp token|no content|FAILED/i],
    ['garbage', /./],
  ])('is refused by openssl with the fault %s', async (fault, words) => {
    authority.fault = fault;
    const answer = await judged(authority);
    authority.fault = null;
    expect(answer).toMatchObject({ accepted: false });
    expect(answer.words).toMatch(words);
  });

  it('can be one whose signer has run out since: openssl accepts at its time only', async () => {
    authority.fault = 'expired';
    const yesterday = new Date(Date.now() - 2 * 86_400_000);
    expect(await judged(authority, yesterday)).toMatchObject({ accepted: true });
    authority.fault = null;
  });

  it('hands out the lists of what is revoked', async () => {
    for (const path of ['crl/root.crl', 'crl/issuer.crl']) {
      const list = await fetch(`${authority.url}${path}`);
      expect(list.headers.get('content-type')).toBe('application/pkix-crl');
      expect((await list.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    authority.listFault = 'error';
    expect((await fetch(`${authority.url}crl/root.crl`)).status).toBe(503);
    authority.listFault = null;
  });
});
