import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { limitSignatures } from './algorithm.js';
import { TspError } from './error.js';
import { writeTimeStampRequest } from './request.js';
import { checkAnswers, parseTimeStampResponse, writeTimeStampResponse } from './response.js';
import {
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from './testing/certificate-authority.js';
import { withFlippedBits } from './testing/flipped-bits.js';
import { hasOpenssl } from './testing/openssl.js';
import { replyWithOpenssl, verifyWithOpenssl } from './testing/stamp.js';
import { IMPRINT, MESSAGE, NONCE, STAMPED_AT, useTokenTrial } from './testing/token-trial.js';
import { parseTimeStampToken } from './token.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));
const { subtle } = globalThis.crypto;

describe.skipIf(!withOpenssl)('verifying a time-stamp token', () => {
  const trial = useTokenTrial();
  const { info, craft, verify, refusal, openssl } = trial;
  let root: CertificateAuthority;
  let issuer: CertificateAuthority;
  let signer: IssuedCertificate;
  beforeAll(() => void ({ root, issuer, signer } = trial));

  describe('a good one', () => {
    it.each([
      { key: 'rsa-2048', digest: 'sha256', essDigest: 'sha1' },
      { key: 'rsa-2048', digest: 'sha384', essDigest: 'sha256', essChain: true },
      { key: 'p-256', digest: 'sha256', essDigest: 'sha256' },
      { key: 'p-384', digest: 'sha384', essDigest: 'sha384', essChain: true },
      { key: 'p-521', digest: 'sha512', essDigest: 'sha512' },
    ] as const)('by openssl ts with $key, $digest, a reference by $essDigest', async ({ key, ...options }) => {
      const by = await issuer.issue({ commonName: `Signer ${key}`, key, extensions: SIGNER_EXTENSIONS });
      const query = writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE });
      // The root comes along where the signed references name the whole chain.
      const chain = 'essChain' in options ? [issuer, root] : [issuer];
      const response = await replyWithOpenssl(query, { signer: by, chain, ...options });
      const token = parseTimeStampResponse(response);
      checkAnswers(token, { imprint: IMPRINT, nonce: NONCE });
      const verified = await verify(token.der, { now: new Date() });
      expect(verified).toMatchObject({
        status: 'trusted',
        accuracyMs: 1500,
        authority: `O=Sealroot tests, CN=Signer ${key}`,
        expiredNow: false,
        revocation: 'unknown',
        top: { selfIssued: true, fingerprint: createHash('sha256').update(root.der).digest('hex') },
      });
      expect(verified.chain.map(({ der }) => Buffer.from(der).toString('hex'))).toEqual(
        [by, issuer, root].map(({ der }) => Buffer.from(der).toString('hex')),
      );
      expect(Math.abs(verified.genTime.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await openssl(token.der, new Date())).toBe(true);
      expect(
        await verifyWithOpenssl({
          token: writeTimeStampResponse(token.der),
          response: true,
          message: MESSAGE,
          roots: [root.pem],
        }),
      ).toMatchObject({ accepted: true });
    });

    it('whose certificates stand beside it', async () => {
      const token = await craft({ chain: [], more: ['-nocerts'] });
      expect(await verify(token, { certificates: [root.der, issuer.der, signer.der] })).toMatchObject({
        status: 'trusted',
      });
      expect(await openssl(token, STAMPED_AT, [issuer.pem, signer.pem])).toBe(true);
      expect(await refusal(token)).toBe('no-signer');
      expect(await refusal(token, { certificates: [issuer.der] })).toBe('no-signer');
    });

    it('with no certificate but its own, by an authority whose issuer is given beside the root', async () => {
      const query = writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE });
      const { der } = parseTimeStampResponse(await replyWithOpenssl(query, { signer, chain: [] }));
      const now = new Date();
      expect(await verify(der, { now })).toMatchObject({ status: 'untrusted-root' });
      const { status, chain } = await verify(der, { now, roots: [issuer.der, root.der] });
      expect(status).toBe('trusted');
      expect(chain.map((one) => Buffer.from(one.der))).toEqual(
        [signer, issuer, root].map((one) => Buffer.from(one.der)),
      );
      expect(await verifyWithOpenssl({ token: der, message: MESSAGE, roots: [issuer.pem, root.pem] })).toMatchObject({
        accepted: true,
      });
      // What stands between is not trusted itself: without its root it is of no use.
      const foreign = await createRoot({ commonName: 'Foreign' });
      expect(await verify(der, { now, roots: [issuer.der, foreign.der] })).toMatchObject({ status: 'untrusted-root' });
      await rm(dirname(foreign.keyFile), { recursive: true, force: true });
    });

    it.each(['sha384', 'sha512'])('with an imprint by %s', async (imprintDigest) => {
      const token = await craft({ tstInfo: info({ imprintDigest }) });
      expect(await verify(token)).toMatchObject({ status: 'trusted' });
      expect(await openssl(token)).toBe(true);
    });

    it('with a fraction of a second, rounded up', async () => {
      const token = await craft({ tstInfo: info({ genTime: '20250601120000.1231Z' }) });
      expect((await verify(token)).genTime.toISOString()).toBe('2025-06-01T12:00:00.124Z');
    });

    it('by a signer whose certificate has run out since', async () => {
      const by = await issuer.issue({
        commonName: 'Old',
        validUntil: new Date('2025-07-01T00:00:00Z'),
        extensions: SIGNER_EXTENSIONS,
      });
      const token = await craft({ signers: [by] });
      const verified = await verify(token);
      expect(verified).toMatchObject({
        status: 'trusted',
        expiredNow: true,
        expiresAt: new Date('2025-07-01T00:00:00Z'),
      });
      expect((await verify(token, { now: new Date('2025-06-30T00:00:00Z') })).expiredNow).toBe(false);
      expect(await openssl(token, new Date())).toBe(false);
      expect(await openssl(token, verified.genTime)).toBe(true);
    });

    it('without a trusted root: it names the one it leads to', async () => {
      const other = await createRoot({ commonName: 'Other' });
      const token = await craft();
      expect(await verify(token, { roots: [], certificates: [root.der] })).toMatchObject({
        status: 'untrusted-root',
        top: {
          selfIssued: true,
          name: 'O=Sealroot tests, CN=Root',
          fingerprint: new X509Certificate(root.pem).fingerprint256.replaceAll(':', '').toLowerCase(),
        },
      });
      expect(await verify(token, { roots: [other.der] })).toMatchObject({
        status: 'untrusted-root',
        top: { selfIssued: false, name: 'O=Sealroot tests, CN=Issuer' },
      });
      await rm(dirname(other.keyFile), { recursive: true, force: true });
    });
  });

  it('is never accepted when openssl refuses it: damaged tokens', async () => {
    const query = writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE });
    const { der } = parseTimeStampResponse(
      await replyWithOpenssl(query, { signer, chain: [issuer, root], essChain: true }),
    );
    const now = new Date();
    let accepted = 0;
    for (let i = 0; i < 150; i++) {
      const changed = Uint8Array.from(der);
      // Spread over the token, one to three bytes at a time; the last certificates in it are not needed and may change unseen.
      for (let k = 0; k <= i % 3; k++) changed[(i * 104_729 + k * 7919) % der.length]! ^= 1 << ((i + k) % 8);
      const ours = await verify(changed, { now }).then(
        ({ status }) => status === 'trusted',
        () => false,
      );
      if (!ours) continue;
      accepted++;
      expect(await openssl(changed, now), `token ${i}`).toBe(true);
    }
    expect(accepted).toBeLessThan(75);
  });

  it('notices every flipped bit of a token, or says the same', async () => {
    const query = writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE });
    const { der } = parseTimeStampResponse(await replyWithOpenssl(query, { signer, chain: [issuer] }));
    const now = new Date();
    const before = await verify(der, { now });
    expect(before).toMatchObject({ status: 'trusted' });
    const same: number[] = [];
    for (const [bit, changed] of withFlippedBits(der)) {
      const result = await verify(changed, { now }).catch((error: unknown) => {
        if (error instanceof TspError) return null;
        throw error;
      });
      // A chain that leads elsewhere is not accepted either.
      if (result === null || result.status === 'untrusted-root') continue;
      expect(result).toEqual({ ...before, chain: expect.anything() as unknown });
      same.push(bit);
    }
    // Every bit of what openssl's authority gives counts, but for the case of a name that nothing signs: the issuer by which the token names its
    // signer's certificate.
    for (const bit of same) {
      expect(bit & 7).toBe(2);
      expect(String.fromCharCode(der[bit >> 3]!)).toMatch(/[A-Za-z]/);
    }
    expect(same.length).toBeLessThan(40);
  });

  it('stops after as many signatures as one token may have', async () => {
    const few = limitSignatures(subtle, 2);
    expect(await refusal(craft(), { subtle: few })).toBe('too-large');
  });

  it('reads any bytes without another error than its own', async () => {
    const token = await craft();
    for (let i = 0; i < 2000; i++) {
      const changed = Uint8Array.from(token);
      for (let k = 0; k <= i % 5; k++) changed[(i * 7919 + k * 104_729) % changed.length] = (i * 31 + k * 17) & 0xff;
      try {
        parseTimeStampToken(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(TspError);
      }
    }
  });

  it('makes requests that openssl reads', async () => {
    const key = createPublicKey(signer.pem);
    expect(key.asymmetricKeyType).toBe('ec');
    expect(() => writeTimeStampRequest({ imprint: IMPRINT.subarray(1), nonce: NONCE })).toThrow('32 bytes');
    expect(() => writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE.subarray(9) })).toThrow('8 to 20 bytes');
    // High bits and zeros at the front of a nonce keep their value.
    for (const given of [Uint8Array.of(0, 0, 0x80, 1, 2, 3, 4, 5), new Uint8Array(8).fill(255)]) {
      const response = await replyWithOpenssl(writeTimeStampRequest({ imprint: IMPRINT, nonce: given }), {
        signer,
        chain: [issuer],
      });
      checkAnswers(parseTimeStampResponse(response), { imprint: IMPRINT, nonce: given });
    }
  });
});
