import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subtle } from './algorithm.js';
import { writeTimeStampRequest } from './request.js';
import { parseTimeStampResponse } from './response.js';
import {
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
  signerExtensionsWithout,
} from './testing/certificate-authority.js';
import { hasOpenssl } from './testing/openssl.js';
import { replyWithOpenssl, verifyWithOpenssl } from './testing/stamp.js';
import { IMPRINT, MESSAGE, NONCE, STAMPED_AT, useTokenTrial } from './testing/token-trial.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));
const { subtle } = globalThis.crypto;

describe.skipIf(!withOpenssl)(
  'verifying a time-stamp token with more than one way to a root, or one name for two keys',
  () => {
    const trial = useTokenTrial();
    const { craft, verify, refusal } = trial;
    let root: CertificateAuthority;
    beforeAll(() => void ({ root } = trial));

    let old: CertificateAuthority;
    let newer: CertificateAuthority;
    let crossed: IssuedCertificate;
    let between: CertificateAuthority;
    let by: IssuedCertificate;
    let lists: Uint8Array[];
    beforeAll(async () => {
      [old, newer] = await Promise.all([
        createRoot({ commonName: 'Old root' }),
        createRoot({ commonName: 'New root' }),
      ]);
      crossed = await newer.crossSigned(old);
      between = await newer.issueAuthority({ commonName: 'Between' });
      by = await between.issue({ commonName: 'Signer below', extensions: SIGNER_EXTENSIONS });
      const [from, until] = [new Date('2025-06-01T00:00:00Z'), new Date('2025-06-08T00:00:00Z')];
      lists = await Promise.all([between, newer, old].map((one) => one.revocationList({ from, until })));
    });
    afterAll(() =>
      Promise.all([old, newer].map(({ keyFile }) => rm(dirname(keyFile), { recursive: true, force: true }))),
    );

    it('takes a list for another way as one that says nothing', async () => {
      const token = await craft({ signers: [by], chain: [between, crossed] });
      const input = { certificates: [old.der], revocations: lists };
      for (const [roots, length, unusedRevocations] of [
        [[old.der], 4, []],
        [[old.der, newer.der], 4, []],
        [[newer.der, old.der], 3, [2]],
        [[newer.der], 3, [2]],
      ] as const) {
        const verified = await verify(token, { ...input, roots });
        expect(verified).toMatchObject({ status: 'trusted', revocation: 'good' });
        expect(verified.chain.length).toBeLessThanOrEqual(length);
        expect(unusedRevocations.length === 0 || verified.unusedRevocations[0] === 2).toBe(true);
      }
    });

    it("goes no way by another certificate of its issuer's key than the one that the signer names", async () => {
      const named = SIGNER_EXTENSIONS.filter((line) => !line.startsWith('authorityKeyIdentifier'));
      const extensions = [...named, 'authorityKeyIdentifier=keyid:always,issuer:always'];
      const precise = await newer.issue({ commonName: 'Precise', extensions });
      const token = await craft({ signers: [precise], chain: [crossed] });
      expect(await verify(token, { roots: [newer.der] })).toMatchObject({ status: 'trusted' });
      expect(await verify(token, { roots: [old.der] })).toMatchObject({ status: 'untrusted-root' });
      const stock = (root: CertificateAuthority) =>
        verifyWithOpenssl({ token, message: MESSAGE, roots: [root.pem], at: STAMPED_AT });
      expect(await stock(newer)).toMatchObject({ accepted: true });
      expect(await stock(old)).toMatchObject({ accepted: false });
    });

    it('goes the way that the references name', async () => {
      const token = async (chain: readonly IssuedCertificate[]) =>
        parseTimeStampResponse(
          await replyWithOpenssl(writeTimeStampRequest({ imprint: IMPRINT, nonce: NONCE }), {
            signer: by,
            chain,
            essChain: true,
          }),
        ).der;
      const now = new Date();
      for (const roots of [
        [old.der, newer.der],
        [newer.der, old.der],
      ]) {
        const long = await verify(await token([between, crossed, old]), { roots, now });
        expect(long.chain).toHaveLength(4);
        const short = await verify(await token([between, newer]), { roots, now, certificates: [crossed.der] });
        expect(short.chain).toHaveLength(3);
      }
      expect(await refusal(token([between, crossed, old]), { roots: [newer.der] })).toBe('bad-signing-certificate');
    });

    it('is not told a forgery when a root of the same name has another key', async () => {
      const again = await createRoot({ commonName: 'New root' });
      const extensions = signerExtensionsWithout('authorityKeyIdentifier');
      const direct = await newer.issue({ commonName: 'Directly below', extensions });
      const token = await craft({ signers: [direct], chain: [] });
      for (const certificates of [[], [newer.der]]) {
        expect(await verify(token, { roots: [again.der], certificates })).toMatchObject({ status: 'untrusted-root' });
      }
      expect(await verify(token, { roots: [again.der, newer.der] })).toMatchObject({ status: 'trusted' });
      expect(await verify(token, { roots: [], certificates: [again.der, newer.der] })).toMatchObject({
        status: 'untrusted-root',
        top: { fingerprint: createHash('sha256').update(newer.der).digest('hex') },
      });
      await rm(dirname(again.keyFile), { recursive: true, force: true });
    });

    it('ends where certificates of one name and key name each other', async () => {
      // Each of them could have issued each other one: the ways are more than anybody could go.
      const ring: IssuedCertificate[] = [];
      while (ring.length < 6) ring.push(await newer.crossSigned(newer));
      const token = await craft({ signers: [by], chain: [between, ...ring] });
      let verified = 0;
      const counting: Subtle = {
        digest: (...given) => subtle.digest(...given),
        importKey: (...given) => (verified++, (subtle as Subtle).importKey(...given)),
        verify: (...given) => (subtle as Subtle).verify(...given),
      };
      expect(await verify(token, { roots: [root.der], subtle: counting })).toMatchObject({ status: 'untrusted-root' });
      expect(verified).toBeLessThan(129);
    });
  },
);
