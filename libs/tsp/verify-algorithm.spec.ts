import { rm } from 'node:fs/promises';
import { createHash, sign, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from './certificate.js';
import { contextTag, TAG } from './der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from './der-writer.js';
import { TspError, type TspErrorCode, type UnsupportedAlgorithm } from './error.js';
import { writeOcspRequest } from './ocsp-request.js';
import { parseTimeStampResponse, writeTimeStampResponse } from './response.js';
import { writeTimeStampRequest } from './request.js';
import { asBer } from './testing/ber.js';
import {
  AUTHORITY_EXTENSIONS,
  type CertificateAuthority,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
} from './testing/certificate-authority.js';
import { hasOpenssl, openssl as run } from './testing/openssl.js';
import { craftToken, type CraftOptions, replyWithOpenssl, verifyWithOpenssl, writeTstInfo } from './testing/stamp.js';
import { parseTimeStampToken } from './token.js';
import { parseTrustedRoots } from './trusted-roots.js';
import { type VerifiedToken, verifyTimeStampToken } from './verify-token.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));
const subtle = webcrypto.subtle as unknown as Parameters<typeof verifyTimeStampToken>[0]['subtle'];
const message = new TextEncoder().encode('log.example/a\n1\n');
const JUNE_2025 = new Date('2025-06-01T12:00:00Z');

const verify = (
  token: Uint8Array,
  roots: readonly Uint8Array[],
  revocations: readonly Uint8Array[] = [],
): Promise<VerifiedToken> =>
  verifyTimeStampToken({
    token,
    certificates: [],
    revocations,
    message,
    trusted: parseTrustedRoots(roots),
    now: new Date('2026-01-01T00:00:00Z'),
    subtle,
  });

async function refusal(
  verified: Promise<unknown>,
): Promise<{ code: TspErrorCode; algorithm: UnsupportedAlgorithm | undefined }> {
  try {
    await verified;
  } catch (error) {
    if (error instanceof TspError) return { code: error.code, algorithm: error.algorithm };
    throw error;
  }
  throw new Error('expected a refusal, got none');
}

const accepts = async (token: Uint8Array, roots: readonly string[], at = JUNE_2025): Promise<boolean> =>
  (await verifyWithOpenssl({ token, message, roots, at })).accepted;

const craft = (signer: IssuedCertificate, chain: readonly IssuedCertificate[], options: Partial<CraftOptions> = {}) =>
  craftToken({ tstInfo: writeTstInfo({ message, genTime: JUNE_2025 }), signers: [signer], chain, ...options });

const [P256, SM2] = ['1.2.840.10045.3.1.7', '1.2.156.10197.1.301'];

/** The bytes with one object identifier in another's place, both of the same length. */
function replaced(der: Uint8Array, from: string, to: string): Uint8Array {
  const [before, after] = [from, to].map((oid) => Buffer.from(writeOid(oid)).toString('hex')) as [string, string];
  expect(after).toHaveLength(before.length);
  return new Uint8Array(Buffer.from(Buffer.from(der).toString('hex').replaceAll(before, after), 'hex'));
}

/** A token as openssl would make it if its cms signed with Ed25519. */
async function signedWithEd25519({ der, keyFile }: IssuedCertificate): Promise<Uint8Array> {
  const octets = (bytes: Uint8Array) => writeDer(TAG.octetString, bytes);
  const set = (...items: Uint8Array[]) => writeDer(TAG.set, ...items);
  const attribute = (oid: string, value: Uint8Array) => writeSequence(writeOid(oid), set(value));
  const sha = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest();
  const sha512 = writeSequence(writeOid('2.16.840.1.101.3.4.2.3'));
  const tstInfo = writeTstInfo({ message, genTime: JUNE_2025 });
  const { issuer, serial } = parseCertificate(der);
  const attributes = [
    attribute('1.2.840.113549.1.9.3', writeOid('1.2.840.113549.1.9.16.1.4')),
    attribute('1.2.840.113549.1.9.4', octets(sha('sha512', tstInfo))),
    attribute('1.2.840.113549.1.9.16.2.47', writeSequence(writeSequence(writeSequence(octets(sha('sha256', der)))))),
  ];
  const signature = sign(null, set(...attributes), readFileSync(keyFile, 'utf8'));
  const signerInfo = writeSequence(
    writeInteger(Uint8Array.of(1)),
    writeSequence(issuer.der, writeInteger(Buffer.from(serial.toString(16).padStart(40, '0'), 'hex'))),
    sha512,
    writeDer(contextTag(0), ...attributes),
    writeSequence(writeOid('1.3.101.112')),
    octets(signature),
  );
  const content = writeSequence(writeOid('1.2.840.113549.1.9.16.1.4'), writeDer(contextTag(0), octets(tstInfo)));
  const data = writeSequence(
    writeInteger(Uint8Array.of(3)),
    set(sha512),
    content,
    writeDer(contextTag(0), der),
    set(signerInfo),
  );
  return writeSequence(writeOid('1.2.840.113549.1.7.2'), writeDer(contextTag(0), data));
}

describe.skipIf(!withOpenssl)('a token', () => {
  let root: CertificateAuthority;
  beforeAll(async () => {
    root = await createRoot({ commonName: 'Root' });
  });
  afterAll(() => rm(dirname(root.keyFile), { recursive: true, force: true }));
  const signerOf = (
    issuer: CertificateAuthority,
    key: 'rsa-2048' | 'rsa-pss' | 'p-256' | 'ed25519' | 'secp256k1' = 'p-256',
  ) => issuer.issue({ commonName: `Signer ${key}`, key, extensions: SIGNER_EXTENSIONS });

  it.each(['rsa-2048', 'rsa-pss'] as const)('signed with RSA-PSS holds, by a key of type %s', async (key) => {
    const signer = await signerOf(root, key);
    for (const [digest, salt] of [
      ['sha256', '32'],
      ['sha512', '20'],
    ] as const) {
      const token = await craft(signer, [], {
        digest,
        more: ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', `rsa_pss_saltlen:${salt}`],
      });
      expect(await verify(token, [root.der])).toMatchObject({ status: 'trusted' });
      const other = Uint8Array.from(token);
      other[other.length - 9]! ^= 1;
      expect(await refusal(verify(other, [root.der]))).toMatchObject({ code: 'bad-signature' });
    }
  });

  it('signed with RSA-PSS by another digest in the mask is unsupported, with SHA-1 weak', async () => {
    const signer = await signerOf(root, 'rsa-2048');
    const pss = ['-keyopt', 'rsa_padding_mode:pss'];
    const mixed = await craft(signer, [], { more: [...pss, '-keyopt', 'rsa_mgf1_md:sha512'] });
    expect(await refusal(verify(mixed, [root.der]))).toEqual({
      code: 'unsupported',
      algorithm: { oid: '2.16.840.1.101.3.4.2.3', name: null },
    });
    const weak = await craft(signer, [], { more: [...pss, '-keyopt', 'rsa_mgf1_md:sha1'] });
    expect((await refusal(verify(weak, [root.der]))).code).toBe('weak-algorithm');
  });

  it('signed with Ed25519 holds', async () => {
    // openssl's cms signs nothing with Ed25519 and a digest: the signature is made by hand (RFC 8419).
    const token = await signedWithEd25519(await signerOf(root, 'ed25519'));
    expect(await verify(token, [root.der])).toMatchObject({ status: 'trusted' });
    const other = Uint8Array.from(token);
    other[other.length - 9]! ^= 1;
    expect(await refusal(verify(other, [root.der]))).toMatchObject({ code: 'bad-signature' });
  });

  it.each(['ed25519', 'rsa-pss'] as const)(
    'whose certificate is signed with %s holds, as openssl has it',
    async (key) => {
      const issuer = await root.issueAuthority({ commonName: `Issuer ${key}`, key });
      const signer = await signerOf(issuer);
      const token = await craft(signer, [issuer]);
      expect(await accepts(token, [root.pem])).toBe(true);
      expect(await verify(token, [root.der])).toMatchObject({ status: 'trusted' });
    },
  );

  it('signed by what nothing here has is unsupported, with number and name', async () => {
    const plain = await craft(await signerOf(root), []);
    expect(await refusal(verify(replaced(plain, P256, SM2), [root.der]))).toEqual({
      code: 'unsupported',
      algorithm: { oid: '1.2.156.10197.1.301', name: 'SM2' },
    });
    const koblitz = await signerOf(root, 'secp256k1');
    expect(await refusal(verify(await craft(koblitz, []), [root.der]))).toEqual({
      code: 'unsupported',
      algorithm: { oid: '1.3.132.0.10', name: 'secp256k1' },
    });
    const withSm3 = replaced(plain, '1.2.840.10045.4.3.2', '1.2.156.10197.1.501');
    expect(await refusal(verify(withSm3, [root.der]))).toEqual({
      code: 'unsupported',
      algorithm: { oid: '1.2.156.10197.1.501', name: 'SM2 with SM3' },
    });
  });

  it('is not spoiled by a weak, unsupported or unreadable certificate beside the roots, which is told', async () => {
    const [weak, other] = [
      await createRoot({ commonName: 'Weak', key: 'rsa-1024' }, dirname(root.keyFile)),
      await createRoot({ commonName: 'SM2' }, dirname(root.keyFile)),
    ];
    const sm2 = replaced(other.der, P256, SM2);
    const trusted = [weak.der, Uint8Array.of(1, 2, 3), sm2, root.der, new Uint8Array()];
    expect(parseTrustedRoots(trusted).unusable).toEqual([
      { at: 0, name: 'O=Sealroot tests, CN=Weak', code: 'weak-algorithm', message: expect.stringContaining('1024') },
      { at: 1, name: null, code: 'bad-der', message: expect.any(String) },
      {
        at: 2,
        name: 'O=Sealroot tests, CN=SM2',
        code: 'unsupported',
        message: expect.stringContaining('SM2 (1.2.156.10197.1.301)'),
      },
      { at: 4, name: null, code: 'bad-der', message: expect.any(String) },
    ]);
    expect(await verify(await craft(await signerOf(root), []), trusted)).toMatchObject({ status: 'trusted' });
    const under = async (of: CertificateAuthority) => craft(await signerOf(of), []);
    expect((await refusal(verify(await under(weak), trusted))).code).toBe('weak-algorithm');
    expect(await refusal(verify(await under(other), trusted))).toMatchObject({
      code: 'unsupported',
      algorithm: { name: 'SM2' },
    });
    expect(() => parseTrustedRoots([Uint8Array.of(1)])).toThrow(expect.objectContaining({ code: 'bad-root' }));
  });

  it('holds under a root that was renewed with its name in another type of text, as openssl has it', async () => {
    const renewed = await root.renewed({ commonName: ' ROOT' });
    expect(Buffer.from(renewed.der)).not.toEqual(Buffer.from(root.der));
    const issuer = await root.issueAuthority({ commonName: 'Issuer below', extensions: AUTHORITY_EXTENSIONS });
    const signer = await issuer.issue({ commonName: 'Signer below', extensions: SIGNER_EXTENSIONS });
    const token = await craft(signer, [issuer]);
    expect(await accepts(token, [renewed.pem])).toBe(true);
    const name = 'O=SEALROOT TESTS, CN= ROOT';
    expect(await verify(token, [renewed.der])).toMatchObject({
      status: 'trusted',
      revocation: 'unknown',
      top: { name },
    });
    // Lists and answers under the older form of the name are heard as well.
    const below = await issuer.ocspAnswer(signer);
    for (const above of [await root.ocspAnswer(issuer), await root.revocationList()])
      expect(await verify(token, [renewed.der], [below, above])).toMatchObject({ revocation: 'good' });
    // The request about a certificate is the one that openssl makes under the issuer's older form.
    const asked = await writeOcspRequest(
      { certificate: parseCertificate(issuer.der), issuer: parseCertificate(renewed.der) },
      subtle,
    );
    const file = `${issuer.certificateFile}.req`;
    const about = ['-issuer', root.certificateFile, '-cert', issuer.certificateFile];
    await run(['ocsp', ...about, '-no_nonce', '-reqout', file]);
    expect(Buffer.from(asked)).toEqual(readFileSync(file));
  });

  describe('in BER', () => {
    it.each(['open lengths', 'long lengths', 'content in pieces'] as const)(
      'with %s holds, as openssl has it',
      async (form) => {
        const nonce = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
        const imprint = new Uint8Array(await webcrypto.subtle.digest('SHA-256', message));
        const signer = await signerOf(root);
        const response = await replyWithOpenssl(writeTimeStampRequest({ imprint, nonce }), { signer, chain: [] });
        const { der } = parseTimeStampResponse(response);
        const ber = asBer(der, form);
        expect(Buffer.from(ber)).not.toEqual(Buffer.from(der));
        expect(await accepts(ber, [root.pem], new Date())).toBe(true);
        expect(await verify(ber, [root.der])).toMatchObject({ status: 'trusted' });
        // What is kept of an answer is DER.
        expect(parseTimeStampResponse(asBer(response, form)).der).toEqual(der);
        expect(parseTimeStampToken(ber).der).toEqual(der);
        expect(parseTimeStampResponse(writeTimeStampResponse(ber)).der).toEqual(der);
      },
    );

    it('without an end, with an end too many, or too deep is refused', async () => {
      const { der } = parseTimeStampToken(await craft(await signerOf(root), []));
      const open = asBer(der, 'open lengths');
      const deep = Uint8Array.from({ length: 62 }, (_, i) => (i % 2 === 0 ? 0x30 : 0x80));
      for (const bytes of [open.slice(0, -2), Uint8Array.of(...open, 0, 0), open.with(1, 0x81), deep])
        expect((await refusal(verify(bytes, [root.der]))).code).toBe('bad-der');
      expect(await accepts(open.slice(0, -2), [root.pem])).toBe(false);
    });

    it('of a simple type without a length, or of pieces of another type, is refused', async () => {
      for (const bytes of [
        Uint8Array.of(TAG.octetString, 0x80, 0, 0),
        Uint8Array.of(0x24, 0x80, TAG.integer, 1, 1, 0, 0),
        Uint8Array.of(0x2c, 0x80, TAG.utf8String, 1, 65, 0, 0),
        writeDer(TAG.sequence, writeInteger(Uint8Array.of(1)), Uint8Array.of(0)),
        writeSequence(Uint8Array.of(0x1f, 1)),
      ])
        expect((await refusal(verify(bytes, [root.der]))).code).toBe('bad-der');
    });
  });
});
