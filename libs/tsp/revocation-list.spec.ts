import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateAuthority,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
  signerExtensionsWithout,
} from './testing/certificate-authority.js';
import { judgeSigner, neverGood } from './testing/flipped-bits.js';
import { hasOpenssl } from './testing/openssl.js';
import { LISTED, useTokenTrial } from './testing/token-trial.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));

describe.skipIf(!withOpenssl)('verifying a time-stamp token with revocation lists', () => {
  const trial = useTokenTrial();
  const { craft, verify, refusal } = trial;
  let root: CertificateAuthority;
  let issuer: CertificateAuthority;
  beforeAll(() => void ({ root, issuer } = trial));

  const list = (of: CertificateAuthority, from: string, until: string, extensions?: string[]) =>
    of.revocationList({ from: new Date(from), until: new Date(until), ...(extensions ? { extensions } : {}) });
  /** Lists of the root that say nothing. */
  const rootList = () => list(root, '2025-05-30T00:00:00Z', '2025-07-01T00:00:00Z');
  let ca: CertificateAuthority;
  let by: IssuedCertificate;
  let token: Uint8Array;
  beforeAll(async () => {
    ca = await root.issueAuthority({ commonName: 'Listing issuer' });
  });
  const fresh = async () => {
    by = await ca.issue({ commonName: 'Listed signer', extensions: [...SIGNER_EXTENSIONS, LISTED] });
    token = await craft({ signers: [by], chain: [ca] });
  };

  it('says good when every certificate below the root is spoken of', async () => {
    await fresh();
    const own = await list(ca, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z');
    expect(await verify(token, { revocations: [own, await rootList()] })).toMatchObject({
      revocation: 'good',
      revokedLater: null,
    });
    expect(await verify(token, { revocations: [own] })).toMatchObject({ revocation: 'unknown' });
    expect(await verify(token, { revocations: [await rootList()] })).toMatchObject({ revocation: 'unknown' });
    const later = await list(ca, '2025-08-01T00:00:00Z', '2025-08-08T00:00:00Z');
    expect(await verify(token, { revocations: [later, await rootList()] })).toMatchObject({ revocation: 'good' });
    const earlier = await list(ca, '2025-05-01T00:00:00Z', '2025-05-08T00:00:00Z');
    expect(await verify(token, { revocations: [earlier, await rootList()] })).toMatchObject({
      revocation: 'unknown',
    });
  });

  it.each([
    ['before, whatever the reason', '2025-05-31T00:00:00Z', 'superseded', 'revoked'],
    ['before, for no reason', '2025-05-31T00:00:00Z', undefined, 'revoked'],
    ['later, since its key was in other hands', '2025-07-01T00:00:00Z', 'keyCompromise', 'revoked'],
    ['later, for a reason that is not told', '2025-07-01T00:00:00Z', undefined, 'revoked'],
    ['later, since there is a new one', '2025-07-01T00:00:00Z', 'superseded', 'good'],
    ['later, since the authority closed', '2025-07-01T00:00:00Z', 'cessationOfOperation', 'good'],
  ])('judges a certificate that was revoked %s', async (_, at, reason, expected) => {
    await fresh();
    await ca.revoke(by, { at: new Date(at), reason });
    const revocations = [await list(ca, '2025-08-01T00:00:00Z', '2025-08-08T00:00:00Z'), await rootList()];
    if (expected === 'revoked') expect(await refusal(token, { revocations })).toBe('revoked');
    else expect(await verify(token, { revocations })).toMatchObject({ revocation: 'good', revokedLater: new Date(at) });
  });

  it('judges a revoked authority like a revoked signer', async () => {
    const other = await root.issueAuthority({ commonName: 'Revoked issuer' });
    const below = await other.issue({ commonName: 'Under it', extensions: SIGNER_EXTENSIONS });
    const stamped = await craft({ signers: [below], chain: [other] });
    await root.revoke(other, { at: new Date('2025-01-01T00:00:00Z'), reason: 'superseded' });
    expect(await refusal(stamped, { revocations: [await rootList()] })).toBe('revoked');
  });

  it('hears no list that no authority of the chain signed, and refuses what is no list', async () => {
    await fresh();
    const own = await list(ca, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z');
    const foreign = await list(issuer, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z');
    expect(await verify(token, { revocations: [own, foreign, await rootList()] })).toMatchObject({
      revocation: 'good',
      unusedRevocations: [1],
    });
    const changed = Uint8Array.from(own);
    changed[own.length - 1]! ^= 1;
    expect(await verify(token, { revocations: [changed, await rootList()] })).toMatchObject({
      revocation: 'unknown',
      unusedRevocations: [0],
    });
    expect(await refusal(token, { revocations: [ca.der] })).toMatch(/bad-der|bad-revocation|unsupported/);
    const silent = await root.issueAuthority({
      commonName: 'Silent',
      extensions: ['basicConstraints=critical,CA:true', 'keyUsage=critical,keyCertSign'],
    });
    const below = await silent.issue({
      commonName: 'Below silent',
      extensions: signerExtensionsWithout('authorityKeyIdentifier'),
    });
    const stamped = await craft({ signers: [below], chain: [silent] });
    const unheard = await list(silent, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z', ['nsComment=none']);
    expect(await verify(stamped, { revocations: [unheard, await rootList()] })).toMatchObject({
      revocation: 'unknown',
      unusedRevocations: [0],
    });
  });

  it('takes a list of an older key of the same name for what it is: about others', async () => {
    await fresh();
    const older = await root.issueAuthority({ commonName: 'Listing issuer' });
    await older.revoke(await older.issue({ commonName: 'Of the older key', extensions: SIGNER_EXTENSIONS }));
    const own = await list(ca, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z');
    for (const extensions of [undefined, ['nsComment=none']]) {
      const olderList = await list(older, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z', extensions);
      expect(await verify(token, { revocations: [olderList, own, await rootList()] })).toMatchObject({
        revocation: 'good',
        unusedRevocations: [0],
      });
      expect(await verify(token, { revocations: [olderList, await rootList()] })).toMatchObject({
        revocation: 'unknown',
      });
    }
  });

  it('says good by a list of before only when it is no older than such lists get', async () => {
    await fresh();
    const until = '2039-01-01T00:00:00Z';
    const judged = async (own: string, above: string) => {
      const revocations = [await list(ca, own, until), await list(root, above, until)];
      return (await verify(token, { revocations })).revocation;
    };
    expect(await judged('2025-05-01T12:00:00Z', '2024-05-31T12:00:00Z')).toBe('good');
    expect(await judged('2025-05-01T11:59:59Z', '2024-05-31T12:00:00Z')).toBe('unknown');
    expect(await judged('2025-05-01T12:00:00Z', '2024-05-31T11:59:59Z')).toBe('unknown');
  });

  it('uses a list only for what it says it covers', async () => {
    await fresh();
    const restricted = async (...lines: string[]) =>
      list(ca, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z', [
        'issuingDistributionPoint=critical,@point',
        '[point]',
        ...lines,
      ]);
    const judged = async (...lines: string[]) =>
      (await verify(token, { revocations: [await restricted(...lines), await rootList()] })).revocation;
    expect(await judged('onlyuser=TRUE')).toBe('good');
    expect(await judged('onlyCA=TRUE')).toBe('unknown');
    expect(await judged('fullname=URI:http://crl.example/issuer.crl')).toBe('good');
    expect(await judged('fullname=URI:http://crl.example/another.crl')).toBe('unknown');
    expect(await refusal(token, { revocations: [await restricted('onlysomereasons=keyCompromise')] })).toBe(
      'unsupported',
    );
    expect(await refusal(token, { revocations: [await restricted('indirectCRL=TRUE')] })).toBe('unsupported');
    const unknown = await list(ca, '2025-06-01T00:00:00Z', '2025-06-08T00:00:00Z', ['1.2.3.4=critical,ASN1:NULL']);
    expect(await refusal(token, { revocations: [unknown] })).toBe('unsupported');
  });

  it('never says good with a flipped bit in a revocation list, whatever it said before', async () => {
    const ca = await root.issueAuthority({ commonName: 'Flipped issuer' });
    const by = await ca.issue({ commonName: 'Flipped signer', extensions: SIGNER_EXTENSIONS });
    const token = await craft({ signers: [by], chain: [ca] });
    const verified = await verify(token);
    const own = await ca.revocationList();
    expect(await judgeSigner(verified, own)).toMatchObject({ status: 'good' });
    await neverGood(verified, own);
    await ca.revoke(by, { reason: 'keyCompromise' });
    const revoked = await ca.revocationList();
    expect(await judgeSigner(verified, revoked)).toBeNull();
    await neverGood(verified, revoked);
  });
});
