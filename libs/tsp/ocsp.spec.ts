import { beforeAll, describe, expect, it } from 'vitest';
import { type Certificate, parseCertificate } from './certificate.js';
import { TAG } from './der.js';
import { writeDer, writeSequence } from './der-writer.js';
import {
  type CertificateAuthority,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from './testing/certificate-authority.js';
import { judgeSigner, neverGood } from './testing/flipped-bits.js';
import { craftOcspAnswer } from './testing/ocsp-answer.js';
import { hasOpenssl } from './testing/openssl.js';
import { useTokenTrial } from './testing/token-trial.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));

describe.skipIf(!withOpenssl)('verifying a time-stamp token with OCSP answers', () => {
  const trial = useTokenTrial();
  const { info, craft, verify, refusal } = trial;
  let root: CertificateAuthority;
  let issuer: CertificateAuthority;
  beforeAll(() => void ({ root, issuer } = trial));

  const RESPONDER = ['basicConstraints=CA:false', 'keyUsage=critical,digitalSignature', 'extendedKeyUsage=OCSPSigning'];
  const now = new Date();
  const nowish = new Date(Math.floor(now.getTime() / 1000 - 60) * 1000);
  let ca: CertificateAuthority;
  let by: IssuedCertificate;
  let token: Uint8Array;
  let ofRoot: Uint8Array;
  beforeAll(async () => {
    ca = await root.issueAuthority({ commonName: 'Answering issuer' });
    ofRoot = await root.ocspAnswer(ca);
  });
  const fresh = async () => {
    by = await ca.issue({ commonName: 'Answered signer', extensions: SIGNER_EXTENSIONS });
    token = await craft({ tstInfo: info({ genTime: nowish }), signers: [by], chain: [ca] });
  };

  it('says good by answers of the authority, of one it certified for them, and beside lists', async () => {
    await fresh();
    const responder = await ca.issue({ commonName: 'Responder', extensions: RESPONDER });
    for (const answer of [
      await ca.ocspAnswer(by),
      await ca.ocspAnswer(by, responder),
      await ca.ocspAnswer(by, responder, ['-resp_key_id']),
    ]) {
      expect(await verify(token, { revocations: [answer, ofRoot], now })).toMatchObject({ revocation: 'good' });
    }
    const mixed = [await ca.ocspAnswer(by), await root.revocationList()];
    expect(await verify(token, { revocations: mixed, now })).toMatchObject({ revocation: 'good' });
    expect(await verify(token, { revocations: [ofRoot], now })).toMatchObject({ revocation: 'unknown' });
  });

  it('judges what was revoked, before or later', async () => {
    await fresh();
    await ca.revoke(by, { at: new Date(now.getTime() - 86_400_000), reason: 'superseded' });
    expect(await refusal(token, { revocations: [await ca.ocspAnswer(by)] })).toBe('revoked');
    await fresh();
    await ca.revoke(by, { reason: 'superseded' });
    const later = await verify(token, { revocations: [await ca.ocspAnswer(by), ofRoot], now });
    expect(later.revocation).toBe('good');
    expect(Math.abs(later.revokedLater!.getTime() - now.getTime())).toBeLessThan(120_000);
    await fresh();
    await ca.revoke(by, { reason: 'keyCompromise' });
    expect(await refusal(token, { revocations: [await ca.ocspAnswer(by)] })).toBe('revoked');
  });

  it('hears no answers about others or by others, and refuses those that failed', async () => {
    await fresh();
    const unheard = async (answer: Uint8Array) =>
      expect(await verify(token, { revocations: [answer, ofRoot], now })).toMatchObject({
        revocation: 'unknown',
        unusedRevocations: [0],
      });
    const other = await ca.issue({ commonName: 'Other signer', extensions: SIGNER_EXTENSIONS });
    await unheard(await ca.ocspAnswer(other));
    const plain = await ca.issue({ commonName: 'No responder', extensions: SIGNER_EXTENSIONS });
    await unheard(await ca.ocspAnswer(by, plain));
    const foreign = await issuer.issue({ commonName: 'Foreign responder', extensions: RESPONDER });
    await unheard(await ca.ocspAnswer(by, foreign));
    const old = await ca.issue({
      commonName: 'Old responder',
      extensions: RESPONDER,
      validUntil: new Date('2025-01-01T00:00:00Z'),
    });
    await unheard(await ca.ocspAnswer(by, old));
    const tryLater = writeSequence(writeDer(TAG.enumerated, Uint8Array.of(3)));
    expect(await refusal(token, { revocations: [tryLater] })).toMatch(/bad-/);
  });

  it('hears of each certificate only its own issuer: one that vouches for itself does not', async () => {
    await fresh();
    const [above, below] = [parseCertificate(ca.der), parseCertificate(by.der)];
    const about: [Certificate, Certificate][] = [
      [below, above],
      [above, parseCertificate(root.der)],
    ];
    const answer = craftOcspAnswer(about, { by: ca, at: nowish });
    expect(await verify(token, { revocations: [answer], now })).toMatchObject({
      status: 'trusted',
      revocation: 'unknown',
      unusedRevocations: [],
    });
    expect(await verify(token, { revocations: [answer, ofRoot], now })).toMatchObject({ revocation: 'good' });
    const alone = craftOcspAnswer(about.slice(1), { by: ca, at: nowish });
    expect(await verify(token, { revocations: [alone], now })).toMatchObject({ unusedRevocations: [0] });
  });

  it('never says good with a flipped bit', async () => {
    await fresh();
    // Without certificates in it: those that are not needed may change unseen.
    const answer = await ca.ocspAnswer(by, undefined, ['-resp_no_certs']);
    const verified = await verify(token, { now });
    expect(await judgeSigner(verified, answer)).toMatchObject({ status: 'good' });
    await neverGood(verified, answer);
    await ca.revoke(by, { at: new Date(now.getTime() - 86_400_000), reason: 'superseded' });
    const revoked = await ca.ocspAnswer(by, undefined, ['-resp_no_certs']);
    expect(await judgeSigner(verified, revoked)).toBeNull();
    await neverGood(verified, revoked);
  });
});
