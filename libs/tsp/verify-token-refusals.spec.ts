import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contextTag, TAG } from './der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from './der-writer.js';
import type { TspErrorCode } from './error.js';
import {
  AUTHORITY_EXTENSIONS,
  type CertificateAuthority,
  type CertificateOptions,
  createRoot,
  type IssuedCertificate,
  SIGNER_EXTENSIONS,
  signerExtensionsWithout,
} from './testing/certificate-authority.js';
import { hasOpenssl } from './testing/openssl.js';
import type { TstInfoOptions } from './testing/stamp.js';
import { useTokenTrial } from './testing/token-trial.js';
import { parseTimeStampToken } from './token.js';

const withOpenssl = await hasOpenssl(Boolean(process.env['CI']));
/** What a certificate is that only a time-stamp purpose makes an authority's. */
const withoutPurpose = signerExtensionsWithout('extendedKeyUsage');
const withoutUsage = signerExtensionsWithout('keyUsage');

describe.skipIf(!withOpenssl)('a time-stamp token', () => {
  const trial = useTokenTrial();
  const { info, craft, verify, refusal, openssl } = trial;
  let root: CertificateAuthority;
  let issuer: CertificateAuthority;
  let signer: IssuedCertificate;
  beforeAll(() => void ({ root, issuer, signer } = trial));

  describe('is refused, by openssl too,', () => {
    it.each<[TspErrorCode, string, Partial<CertificateOptions>]>([
      ['not-an-authority', 'without a purpose', { extensions: withoutPurpose }],
      [
        'not-an-authority',
        'with a purpose that is not critical',
        { extensions: [...withoutPurpose, 'extendedKeyUsage=timeStamping'] },
      ],
      [
        'not-an-authority',
        'with another purpose',
        { extensions: [...withoutPurpose, 'extendedKeyUsage=critical,codeSigning'] },
      ],
      [
        'not-an-authority',
        'with two purposes',
        { extensions: [...withoutPurpose, 'extendedKeyUsage=critical,timeStamping,codeSigning'] },
      ],
      [
        'not-an-authority',
        'whose key signs certificates',
        { extensions: [...withoutUsage, 'keyUsage=critical,digitalSignature,keyCertSign'] },
      ],
      [
        'outside-validity',
        'that was not valid yet',
        { extensions: SIGNER_EXTENSIONS, validFrom: new Date('2025-06-01T12:00:01Z') },
      ],
      [
        'outside-validity',
        'that was not valid any more',
        { extensions: SIGNER_EXTENSIONS, validUntil: new Date('2025-06-01T11:59:59Z') },
      ],
      [
        'unsupported',
        'with an unknown critical extension',
        { extensions: [...SIGNER_EXTENSIONS, '1.2.3.4=critical,ASN1:NULL'] },
      ],
      ['weak-algorithm', 'certified with SHA-1', { extensions: SIGNER_EXTENSIONS, digest: 'sha1' }],
    ])('for %s: a signer %s', async (code, _, options) => {
      const by = await issuer.issue({ commonName: 'Wrong', extensions: [], ...options });
      const token = await craft({ signers: [by] });
      expect(await refusal(token)).toBe(code);
      // openssl of today still takes certificates with SHA-1 at its lowest level; we do not.
      if (code !== 'weak-algorithm') expect(await openssl(token)).toBe(false);
    });

    it.each<[TspErrorCode, string, string[]]>([
      [
        'bad-chain',
        'that is no authority',
        ['basicConstraints=critical,CA:false', 'keyUsage=critical,digitalSignature'],
      ],
      [
        'bad-chain',
        'whose key may not sign certificates',
        ['basicConstraints=critical,CA:true', 'keyUsage=critical,cRLSign'],
      ],
      ['bad-chain', 'without constraints', ['subjectKeyIdentifier=hash']],
      ['unsupported', 'with an unknown critical extension', [...AUTHORITY_EXTENSIONS, '1.2.3.4=critical,ASN1:NULL']],
    ])('for %s: an issuer %s', async (code, _, extensions) => {
      const between = await root.issueAuthority({ commonName: 'Between', extensions });
      const by = await between.issue({
        commonName: 'Below',
        extensions: signerExtensionsWithout('authorityKeyIdentifier'),
      });
      const token = await craft({ signers: [by], chain: [between] });
      expect(await refusal(token)).toBe(code);
      expect(await openssl(token)).toBe(false);
    });

    it('for bad-chain: more authorities below one than it allows', async () => {
      const narrow = await root.issueAuthority({
        commonName: 'Narrow',
        extensions: [
          'basicConstraints=critical,CA:true,pathlen:0',
          'keyUsage=critical,keyCertSign,cRLSign',
          'subjectKeyIdentifier=hash',
        ],
      });
      const below = await narrow.issueAuthority({ commonName: 'Below narrow' });
      const fine = await narrow.issue({ commonName: 'Fine', extensions: SIGNER_EXTENSIONS });
      const deep = await below.issue({ commonName: 'Deep', extensions: SIGNER_EXTENSIONS });
      expect(await verify(await craft({ signers: [fine], chain: [narrow] }))).toMatchObject({ status: 'trusted' });
      const token = await craft({ signers: [deep], chain: [narrow, below] });
      expect(await refusal(token)).toBe('bad-chain');
      expect(await openssl(token)).toBe(false);
    });

    it('for outside-validity: an issuer or a root that was not valid at the time', async () => {
      const past = new Date('2025-05-01T00:00:00Z');
      const between = await root.issueAuthority({ commonName: 'Past', validUntil: past });
      const by = await between.issue({ commonName: 'Present', extensions: SIGNER_EXTENSIONS });
      const token = await craft({ signers: [by], chain: [between] });
      expect(await refusal(token)).toBe('outside-validity');
      expect(await openssl(token)).toBe(false);
      const oldRoot = await createRoot({ commonName: 'Old root', validUntil: past });
      const under = await oldRoot.issue({ commonName: 'Under', extensions: SIGNER_EXTENSIONS });
      expect(await refusal(craft({ signers: [under], chain: [] }), { roots: [oldRoot.der] })).toBe('outside-validity');
      await rm(dirname(oldRoot.keyFile), { recursive: true, force: true });
    });

    it.each<[TspErrorCode, string, Partial<TstInfoOptions>]>([
      ['wrong-imprint', 'about other data', { message: new TextEncoder().encode('other') }],
      ['bad-token', 'of another version', { version: 2 }],
    ])('for %s: a token %s', async (code, _, options) => {
      const token = await craft({ tstInfo: info(options) });
      expect(await refusal(token)).toBe(code);
      expect(await openssl(token)).toBe(false);
    });

    it('for bad-token: content of another type, and more than one signer', async () => {
      const other = await craft({ contentType: '1.2.840.113549.1.9.16.1.5' });
      expect(await refusal(other)).toBe('bad-token');
      expect(await openssl(other)).toBe(false);
      const two = await craft({
        signers: [signer, await issuer.issue({ commonName: 'Second', extensions: SIGNER_EXTENSIONS })],
      });
      expect(await refusal(two)).toBe('bad-token');
      expect(await openssl(two)).toBe(false);
    });

    it('for bad-signing-certificate: no signed reference to the certificate', async () => {
      const token = await craft({ ess: false });
      expect(await refusal(token)).toBe('bad-signing-certificate');
      expect(await openssl(token)).toBe(false);
    });

    it('for bad-token: no signed attributes', async () => {
      const token = await craft({ ess: false, more: ['-noattr'] });
      expect(await refusal(token)).toBe('bad-token');
      expect(await openssl(token)).toBe(false);
    });

    it('for unsupported: what the older form of CMS that openssl reads does not have', async () => {
      const byKey = await craft({ more: ['-keyid'] });
      expect(await refusal(byKey)).toBe('unsupported');
      expect(await openssl(byKey)).toBe(false);
      const token = await craft();
      // The set of certificates begins after the TSTInfo; the first of them is made an attribute certificate.
      const at = Buffer.from(token).indexOf(parseTimeStampToken(token).certificates[0]!.der);
      const attribute = Uint8Array.from(token);
      attribute[at] = contextTag(1);
      expect(await refusal(attribute)).toBe('unsupported');
      expect(await openssl(attribute)).toBe(false);
    });

    it('for unsupported: name constraints, critical or not', async () => {
      const extensions = [...AUTHORITY_EXTENSIONS, 'nameConstraints=excluded;email:example.org'];
      const narrow = await root.issueAuthority({ commonName: 'Narrow', extensions });
      const named = [...SIGNER_EXTENSIONS, 'subjectAltName=email:tsa@example.org'];
      const by = await narrow.issue({ commonName: 'Excluded', extensions: named });
      const token = await craft({ signers: [by], chain: [narrow] });
      expect(await refusal(token)).toBe('unsupported');
      expect(await openssl(token)).toBe(false);
    });

    it('for bad-token: an authority of another name of any kind', async () => {
      const extensions = [...SIGNER_EXTENSIONS, 'subjectAltName=URI:http://tsa.example/'];
      const by = await issuer.issue({ commonName: 'Named twice', extensions });
      const naming = (address: string) => {
        const more = [writeDer(contextTag(0), writeDer(contextTag(6, false), Buffer.from(address)))];
        return craft({ tstInfo: info({ more }), signers: [by] });
      };
      const [own, another] = [await naming('http://tsa.example/'), await naming('http://other.example/')];
      expect(await verify(own)).toMatchObject({ status: 'trusted' });
      expect(await openssl(own)).toBe(true);
      expect(await refusal(another)).toBe('bad-token');
      expect(await openssl(another)).toBe(false);
    });

    it('for bad-signing-certificate: another certificate of the same key, name and number', async () => {
      // The reference is over the certificate's bytes: one flipped outside of what else is compared must not pass.
      const token = await craft({ chain: [], more: ['-nocerts'] });
      const changed = Uint8Array.from(signer.der);
      changed[changed.length - 1]! ^= 1;
      expect(await refusal(token, { certificates: [changed, issuer.der] })).toBe('bad-chain');
      expect(await refusal(token, { certificates: [changed], roots: [] })).toBe('bad-signing-certificate');
    });
  });

  describe('is refused, though openssl accepts it,', () => {
    const refusedByUsAlone = async (token: Uint8Array): Promise<TspErrorCode> => {
      expect(await openssl(token)).toBe(true);
      return refusal(token);
    };

    it.each(['md5', 'sha1'])('for weak-algorithm: an imprint by %s', async (imprintDigest) => {
      expect(await refusedByUsAlone(await craft({ tstInfo: info({ imprintDigest }) }))).toBe('weak-algorithm');
    });

    it('for weak-algorithm: a signature with SHA-1', async () => {
      expect(await refusedByUsAlone(await craft({ digest: 'sha1' }))).toBe('weak-algorithm');
    });

    it('for not-an-authority: another purpose beside time-stamps, unknown to openssl', async () => {
      const extensions = [...withoutPurpose, 'extendedKeyUsage=critical,timeStamping,1.2.3.4'];
      const by = await issuer.issue({ commonName: 'Two purposes', extensions });
      expect(await refusedByUsAlone(await craft({ signers: [by] }))).toBe('not-an-authority');
    });

    it('for bad-chain: an issuer whose purposes have no time-stamps among them', async () => {
      const extensions = [...AUTHORITY_EXTENSIONS, 'extendedKeyUsage=serverAuth'];
      const web = await root.issueAuthority({ commonName: 'Web', extensions });
      const by = await web.issue({ commonName: 'Below web', extensions: SIGNER_EXTENSIONS });
      expect(await refusedByUsAlone(await craft({ signers: [by], chain: [web] }))).toBe('bad-chain');
    });

    it('for bad-token: unsigned attributes', async () => {
      expect(await refusedByUsAlone(withUnsignedAttribute(await craft()))).toBe('bad-token');
    });

    it('for unsupported: a critical extension', async () => {
      const more = [writeDer(contextTag(1), extension('1.2.3.4', true))];
      expect(await refusedByUsAlone(await craft({ tstInfo: info({ more }) }))).toBe('unsupported');
      const harmless = [writeDer(contextTag(1), extension('1.2.3.4', false))];
      expect(await verify(await craft({ tstInfo: info({ more: harmless }) }))).toMatchObject({ status: 'trusted' });
    });

    it('for bad-der: a 30th of February', async () => {
      expect(await refusedByUsAlone(await craft({ tstInfo: info({ genTime: '20250230120000Z' }) }))).toBe('bad-der');
    });
  });

  describe('is refused by openssl too, or beyond what it looks at,', () => {
    it('for weak-algorithm: a short RSA key', async () => {
      const short = await issuer.issue({ commonName: 'Short', key: 'rsa-1024', extensions: SIGNER_EXTENSIONS });
      expect(await refusal(craft({ signers: [short] }))).toBe('weak-algorithm');
    });

    it('for bad-token: a name in it that is not its signer', async () => {
      const name = writeSequence(
        writeDer(TAG.set, writeSequence(writeOid('2.5.4.3'), writeDer(TAG.utf8String, Buffer.from('Somebody')))),
      );
      const more = [writeDer(contextTag(0), writeDer(contextTag(4), name))];
      const token = await craft({ tstInfo: info({ more }) });
      expect(await refusal(token)).toBe('bad-token');
      expect(await openssl(token)).toBe(false);
    });

    it('for bad-token: an accuracy beyond reason', async () => {
      const accuracy = (seconds: number) => [
        writeSequence(writeInteger(Uint8Array.of(seconds >> 16, seconds >> 8, seconds))),
      ];
      expect(await refusal(craft({ tstInfo: info({ more: accuracy(86_401) }) }))).toBe('bad-token');
      expect(await verify(await craft({ tstInfo: info({ more: accuracy(86_400) }) }))).toMatchObject({
        accuracyMs: 86_400_000,
      });
    });

    it('for bad-root: trusted certificates without a root', async () => {
      expect(await refusal(craft(), { roots: [issuer.der] })).toBe('bad-root');
    });

    it('for too-large: beyond the limits', async () => {
      const token = await craft();
      expect(await refusal(token, { certificates: Array.from({ length: 9 }, () => issuer.der) })).toBe('too-large');
      expect(await verify(token, { certificates: Array.from({ length: 8 }, () => issuer.der) })).toMatchObject({
        status: 'trusted',
      });
      expect(await refusal(new Uint8Array(65_537))).toBe('too-large');
      expect(await refusal(new Uint8Array(65_536))).toBe('bad-der');
      expect(await refusal(token, { certificates: [new Uint8Array(16_385)] })).toBe('too-large');
      expect(await refusal(token, { certificates: [new Uint8Array(16_384)] })).toBe('bad-der');
      expect(await refusal(token, { revocations: Array.from({ length: 9 }, () => issuer.der) })).toBe('too-large');
      expect(await refusal(token, { revocations: [new Uint8Array(262_145)] })).toBe('too-large');
    });

    it('for bad-der: truncated, or followed by a byte', async () => {
      const token = await craft();
      expect(await refusal(token.subarray(0, -1))).toBe('bad-der');
      expect(await refusal(Uint8Array.of(...token, 0))).toBe('bad-der');
    });
  });
});

function extension(oid: string, critical: boolean): Uint8Array {
  return writeSequence(
    writeOid(oid),
    ...(critical ? [writeDer(TAG.boolean, Uint8Array.of(0xff))] : []),
    writeDer(TAG.octetString, writeDer(TAG.null)),
  );
}

/** The token with one unsigned attribute after its signature. */
function withUnsignedAttribute(token: Uint8Array): Uint8Array {
  const attribute = writeSequence(writeOid('1.2.3.4'), writeDer(TAG.set, writeDer(TAG.null)));
  /** Rewrites the last element at each level down to the signer's fields. */
  const grow = (bytes: Uint8Array, depth: number): Uint8Array => {
    const items: Uint8Array[] = [];
    const headLength = 2 + (bytes[1]! < 0x80 ? 0 : bytes[1]! & 0x7f);
    const content = bytes.subarray(headLength);
    for (let at = 0; at < content.length;) {
      const first = content[at + 1]!;
      const count = first < 0x80 ? 0 : first & 0x7f;
      let length = first < 0x80 ? first : 0;
      for (let i = 0; i < count; i++) length = length * 256 + content[at + 2 + i]!;
      const end = at + 2 + count + length;
      items.push(content.subarray(at, end));
      at = end;
    }
    if (depth === 0) return writeDer(bytes[0]!, ...items, writeDer(contextTag(1), attribute));
    return writeDer(bytes[0]!, ...items.slice(0, -1), grow(items[items.length - 1]!, depth - 1));
  };
  // ContentInfo, its content, SignedData, signers, signer.
  return grow(token, 4);
}
