import { webcrypto } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subtle } from '#tsp/algorithm.js';
import type { Certificate } from '#tsp/certificate.js';
import {
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { craftToken, writeTstInfo } from '#tsp/testing/stamp.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import { type VerifiedToken, verifyTimeStampToken } from '#tsp/verify-token.js';
import { fetchRevocations } from './revocations.js';

const subtle = webcrypto.subtle as unknown as Subtle;
const now = () => new Date();

/** As much of a chain as fetching lists looks at: a signer with these addresses, and a root. */
const chainWith = (...revocationLists: string[]) =>
  [
    { extensions: { revocationLists, responders: [] } },
    { extensions: { revocationLists: [], responders: [] } },
  ] as unknown as Certificate[];
const list = Uint8Array.of(0x30, 0);

/** Fetches with servers that answer each address with a list that is used, or not. */
async function fetched(chain: Certificate[], unusedRevocations: number[] = []) {
  const asked: string[] = [];
  const verify = () => Promise.resolve({ unusedRevocations } as unknown as VerifiedToken);
  const result = await fetchRevocations(chain, verify, {
    fetch: (address) => {
      asked.push(address as string);
      return Promise.resolve(new Response(list));
    },
    timeoutMs: 1000,
    now,
    subtle,
  });
  return { ...result, asked };
}

describe('fetching revocation lists', () => {
  it('passes over what is no address', async () => {
    const malformed = ['http://[', 'http://crl.example:99999/one.crl'];
    const none = { named: false, asked: [], revocations: [], failures: [] };
    expect(await fetched(chainWith(...malformed))).toMatchObject(none);
    const good = 'http://crl.example/one.crl';
    expect(await fetched(chainWith(...malformed, good))).toMatchObject({
      named: true,
      asked: [good],
      revocations: [list],
    });
  });

  it('keeps no list that says nothing for the chain', async () => {
    expect(await fetched(chainWith('http://crl.example/one.crl'), [0])).toMatchObject({
      revocations: [],
      failures: [
        { name: 'crl.example/one.crl', failure: expect.stringContaining('none of the authorities') as string },
      ],
    });
  });
});

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));

describe.skipIf(!withOpenssl)('asking OCSP responders', () => {
  const RESPONDER = 'http://ocsp.example/root';
  const LIST = 'http://crl.example/one.crl';
  const ACCESS = `authorityInfoAccess=OCSP;URI:${RESPONDER}`;
  const message = new TextEncoder().encode('a checkpoint');
  let root: CertificateAuthority;
  beforeAll(async () => {
    root = await createRoot({ commonName: 'Root' });
  });
  afterAll(() => rm(dirname(root.keyFile), { recursive: true, force: true }));

  const issue = (...more: string[]) =>
    root.issue({ commonName: 'Signer', extensions: [...SIGNER_EXTENSIONS, ...more] });

  /** What fetching comes to for a token by this signer, stamped now, with a responder that answers so. */
  async function ask(signer: IssuedCertificate, answer: (request: Uint8Array) => Promise<Uint8Array | number>) {
    const tstInfo = writeTstInfo({ message, genTime: new Date(Date.now() - 5000) });
    const token = await craftToken({ tstInfo, signers: [signer] });
    const trusted = parseTrustedRoots([root.der]);
    const verify = (revocations: readonly Uint8Array[]) =>
      verifyTimeStampToken({ token, certificates: [], revocations, message, trusted, now: now(), subtle });
    const asked: string[] = [];
    const { chain } = await verify([]);
    const result = await fetchRevocations(chain, verify, {
      fetch: async (address, init) => {
        asked.push(`${init?.method} ${address as string}`);
        if (address !== RESPONDER) return new Response(null, { status: 404 });
        expect(new Headers(init?.headers).get('content-type')).toBe('application/ocsp-request');
        const given = await answer(new Uint8Array(init?.body as Uint8Array<ArrayBuffer>));
        return typeof given === 'number' ? new Response(null, { status: given }) : new Response(Uint8Array.from(given));
      },
      timeoutMs: 10_000,
      now,
      subtle,
    });
    return { ...result, asked, status: (await verify(result.revocations)).revocation };
  }

  it('keeps the answer of a responder, which openssl gives to our request, where no list is named', async () => {
    const { revocations, failures, named, status, asked } = await ask(await issue(ACCESS), root.answerOcsp);
    expect({ kept: revocations.length, failures, named, status, asked }).toEqual({
      kept: 1,
      failures: [],
      named: true,
      status: 'good',
      asked: [`POST ${RESPONDER}`],
    });
  });

  it('asks it where the list cannot be had, and not where it can', async () => {
    const signer = await issue(ACCESS, `crlDistributionPoints=URI:${LIST}`);
    expect(await ask(signer, root.answerOcsp)).toMatchObject({
      failures: [],
      status: 'good',
      asked: [`GET ${LIST}`, `POST ${RESPONDER}`],
    });
  });

  it('hears that a certificate was revoked', async () => {
    const signer = await issue(ACCESS);
    await root.revoke(signer, { at: new Date('2024-01-01T00:00:00Z'), reason: 'keyCompromise' });
    expect(await ask(signer, root.answerOcsp)).toMatchObject({
      revoked: expect.stringContaining('revoked at 2024-01-01') as string,
      revocations: [],
    });
  });

  it('keeps nothing of a responder that refuses, does not know, answers about others, too much or nonsense', async () => {
    const signer = await issue(ACCESS);
    const [other, stranger] = [
      await issue(ACCESS),
      await createRoot({ commonName: 'Stranger' }, dirname(root.keyFile)),
    ];
    const cases: [string, (request: Uint8Array) => Promise<Uint8Array | number>][] = [
      ['HTTP 503', () => Promise.resolve(503)],
      ['bad-revocation', () => Promise.resolve(Uint8Array.of(0x30, 3, 10, 1, 6))],
      ['bad-der', () => Promise.resolve(message)],
      ['at most 16384 bytes', () => Promise.resolve(new Uint8Array(16_385))],
      ['does not know', (request) => stranger.answerOcsp(request)],
      ['none of the authorities', () => root.ocspAnswer(other)],
    ];
    for (const [why, answer] of cases) {
      const { revocations, failures, status } = await ask(signer, answer);
      expect({ revocations, status }, why).toEqual({ revocations: [], status: 'unknown' });
      expect(failures, why).toEqual([{ name: 'ocsp.example/root', failure: expect.stringContaining(why) as string }]);
    }
  });
});
