import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyKind, openAuthorityFiles } from './authority-files.js';

/** How a certificate is to be. */
export interface CertificateOptions {
  commonName: string;
  key?: KeyKind | undefined;
  /** Whole seconds. From 2020 to 2040 unless told. */
  validFrom?: Date | undefined;
  validUntil?: Date | undefined;
  /** Digest of the signature; sha256 unless told. */
  digest?: string | undefined;
  /** Lines of an openssl extension section. */
  extensions: readonly string[];
}

/** A certificate and its key. */
export interface IssuedCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly pem: string;
  readonly der: Uint8Array;
}

/** How a certificate is revoked. */
export interface Revocation {
  at?: Date | undefined;
  /** As openssl names it, `keyCompromise` say; none for an entry without a reason. */
  reason?: string | undefined;
}

/** A certification authority of the tests, in a folder of its own. */
export interface CertificateAuthority extends IssuedCertificate {
  issue(options: CertificateOptions): Promise<IssuedCertificate>;
  /** Makes an authority under this one. */
  issueAuthority(options: Partial<CertificateOptions> & { commonName: string }): Promise<CertificateAuthority>;
  /** The authority's certificate anew, for the same key: its name in PrintableString, upper case, and with the common name that is given. */
  renewed(options: { commonName: string }): Promise<IssuedCertificate>;
  /** A certificate for this authority's name and key by another one, as old roots give to new ones. */
  crossSigned(by: CertificateAuthority): Promise<IssuedCertificate>;
  revoke(certificate: IssuedCertificate, revocation?: Revocation): Promise<void>;
  /** What an OCSP responder says of a certificate now, DER; signed by this authority unless by another certificate. */
  ocspAnswer(
    certificate: IssuedCertificate,
    responder?: IssuedCertificate,
    more?: readonly string[],
  ): Promise<Uint8Array>;
  /** What an OCSP responder of this authority answers a request with, both DER. */
  answerOcsp(request: Uint8Array): Promise<Uint8Array>;
  /** The list of what is revoked so far, DER. From an hour ago to a week from now unless told. */
  revocationList(options?: { from?: Date; until?: Date; extensions?: readonly string[] }): Promise<Uint8Array>;
}

/** What makes a certificate an authority's. */
export const AUTHORITY_EXTENSIONS = [
  'basicConstraints=critical,CA:true',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
];

/** What makes a certificate a time-stamp authority's. */
export const SIGNER_EXTENSIONS = [
  'basicConstraints=CA:false',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=critical,timeStamping',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid:always',
];

/** The same without the extension of a name. */
export const signerExtensionsWithout = (extension: string): string[] =>
  SIGNER_EXTENSIONS.filter((line) => !line.startsWith(`${extension}=`));

/** Makes a root authority with openssl, in a new temporary folder below `folder`. */
export async function createRoot(
  options: Partial<CertificateOptions> & { commonName: string },
  folder: string = tmpdir(),
): Promise<CertificateAuthority> {
  const home = await mkdtemp(join(folder, 'sealroot-ca-'));
  return createAuthority(home, { extensions: AUTHORITY_EXTENSIONS, ...options }, null);
}

async function createAuthority(
  home: string,
  options: CertificateOptions,
  parent: ((options: CertificateOptions) => Promise<IssuedCertificate>) | null,
): Promise<CertificateAuthority> {
  const files = await openAuthorityFiles(home);
  // openssl keeps its database in files: one call after the other.
  let before: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const after = before.then(call, call);
    before = after.catch(() => undefined);
    return after;
  };

  const own = parent ? await parent(options) : await files.selfSign(options);
  const issue = (wanted: CertificateOptions) => inOrder(() => files.sign(wanted, own));
  return {
    ...own,
    issue,
    async issueAuthority(wanted) {
      const below = await mkdtemp(join(home, 'ca-'));
      const extensions = [...AUTHORITY_EXTENSIONS, 'authorityKeyIdentifier=keyid:always'];
      return createAuthority(below, { extensions, ...wanted }, issue);
    },
    renewed: ({ commonName }) => inOrder(() => files.renew(own, commonName, AUTHORITY_EXTENSIONS)),
    crossSigned: (by) =>
      inOrder(() =>
        files.signRequestOf(own, { by, extensions: [...AUTHORITY_EXTENSIONS, 'authorityKeyIdentifier=keyid:always'] }),
      ),
    revoke: (certificate, revocation = {}) => inOrder(() => files.revoke(certificate, own, revocation)),
    ocspAnswer: (certificate, responder = own, more = []) =>
      inOrder(async () => files.answer(await files.request(certificate, own), { of: own, responder, more })),
    answerOcsp: (request) => inOrder(() => files.answer(request, { of: own, responder: own })),
    revocationList: ({ from, until, extensions = ['authorityKeyIdentifier=keyid:always'] } = {}) => {
      const [now, hourMs] = [Date.now(), 3_600_000];
      const between = [from ?? new Date(now - hourMs), until ?? new Date(now + 168 * hourMs)] as const;
      return inOrder(() => files.list(own, between, extensions));
    },
  };
}
