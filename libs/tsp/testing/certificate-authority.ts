import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from './openssl.js';

/** Kinds of keys, as `openssl req -newkey` and `-pkeyopt` take them. */
const KEYS = {
  'rsa-2048': ['rsa:2048'],
  'rsa-1024': ['rsa:1024'],
  'p-256': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'p-384': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'p-521': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  'rsa-pss': ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ed25519: ['ed25519'],
  secp256k1: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
} as const;

/** How a certificate is to be. */
export interface CertificateOptions {
  commonName: string;
  key?: keyof typeof KEYS | undefined;
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

const CONFIGURATION = `
[ca]
default_ca=here
[here]
database=index.txt
serial=serial
new_certs_dir=issued
crlnumber=crlnumber
policy=any
unique_subject=no
default_md=sha256
[any]
organizationName=optional
commonName=supplied
[req]
distinguished_name=name
[name]
`;

/** A time as openssl takes it on its command line. */
const opensslTime = (time: Date): string =>
  `${time
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '')}Z`;

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
  await mkdir(join(home, 'issued'), { recursive: true });
  await writeFile(join(home, 'ca.cnf'), CONFIGURATION);
  await writeFile(join(home, 'index.txt'), '');
  await writeFile(join(home, 'crlnumber'), '01');
  let issued = 0;
  // openssl keeps its database in files: one call after the other.
  let before: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(call: () => Promise<T>): Promise<T> => {
    const after = before.then(call, call);
    before = after.catch(() => undefined);
    return after;
  };

  const sign = (wanted: CertificateOptions, issuer: IssuedCertificate | null) =>
    inOrder(async (): Promise<IssuedCertificate> => {
      const name = `${issued++}-${wanted.commonName.replace(/[^A-Za-z0-9]+/g, '-')}`;
      const [keyFile, requestFile, certificateFile] = ['key', 'csr', 'pem'].map((suffix) =>
        join(home, `${name}.${suffix}`),
      ) as [string, string, string];
      const extensionFile = join(home, `${name}.ext`);
      await writeFile(extensionFile, `${wanted.extensions.join('\n')}\n`);
      const subject = `/O=Sealroot tests/CN=${wanted.commonName}`;
      await openssl(
        [
          'req',
          '-new',
          '-config',
          'ca.cnf',
          '-newkey',
          ...KEYS[wanted.key ?? 'p-256'],
          '-nodes',
          '-keyout',
          keyFile,
          '-out',
          requestFile,
          '-subj',
          subject,
        ],
        home,
      );
      const from = opensslTime(wanted.validFrom ?? new Date('2020-01-01T00:00:00Z'));
      const until = opensslTime(wanted.validUntil ?? new Date('2040-01-01T00:00:00Z'));
      const by = issuer
        ? ['-cert', issuer.certificateFile, '-keyfile', issuer.keyFile]
        : ['-selfsign', '-keyfile', keyFile];
      await openssl(
        [
          'ca',
          '-batch',
          '-rand_serial',
          '-notext',
          '-config',
          'ca.cnf',
          '-md',
          wanted.digest ?? 'sha256',
          ...by,
          '-in',
          requestFile,
          '-out',
          certificateFile,
          '-startdate',
          from,
          '-enddate',
          until,
          '-extfile',
          extensionFile,
        ],
        home,
      );
      return { keyFile, certificateFile, ...(await readPem(certificateFile)) };
    });

  const own = parent ? await parent(options) : await sign(options, null);
  const issue = (wanted: CertificateOptions) => sign(wanted, own);
  return {
    ...own,
    issue,
    async issueAuthority(wanted) {
      const below = await mkdtemp(join(home, 'ca-'));
      const extensions = [...AUTHORITY_EXTENSIONS, 'authorityKeyIdentifier=keyid:always'];
      return createAuthority(below, { extensions, ...wanted }, issue);
    },
    renewed: ({ commonName }) =>
      inOrder(async () => {
        const file = (suffix: string) => join(home, `renewed.${suffix}`);
        await writeFile(file('cnf'), CONFIGURATION.replace('[req]', '[req]\nstring_mask=pkix'));
        await writeFile(file('ext'), AUTHORITY_EXTENSIONS.join('\n'));
        const subject = `/O=SEALROOT TESTS/CN=${commonName}`;
        const [key, configuration] = [own.keyFile, file('cnf')];
        await openssl(
          ['req', '-new', '-config', configuration, '-key', key, '-subj', subject, '-out', file('csr')],
          home,
        );
        await openssl(
          ['ca', '-batch', '-rand_serial', '-notext', '-config', configuration, '-md', 'sha256', '-selfsign'].concat(
            ['-keyfile', key, '-in', file('csr'), '-out', file('pem'), '-extfile', file('ext')],
            ['-startdate', '20200101000000Z', '-enddate', '20400101000000Z'],
          ),
          home,
        );
        return { keyFile: key, certificateFile: file('pem'), ...(await readPem(file('pem'))) };
      }),
    revoke: (certificate, { at, reason } = {}) =>
      inOrder(async () => {
        const because = reason === undefined ? [] : ['-crl_reason', reason];
        await openssl(
          [
            'ca',
            '-config',
            'ca.cnf',
            '-revoke',
            certificate.certificateFile,
            '-cert',
            own.certificateFile,
            '-keyfile',
            own.keyFile,
            ...because,
          ],
          home,
        );
        if (at === undefined) return;
        const serial = (await openssl(['x509', '-in', certificate.certificateFile, '-noout', '-serial']))
          .trim()
          .slice('serial='.length);
        const index = await readFile(join(home, 'index.txt'), 'utf8');
        // Fields: state, end of validity, time and reason of revocation, serial number.
        const line = new RegExp(`^(R\\t\\d+Z\\t)\\d+Z(.*\\t${serial}\\t)`, 'm');
        await writeFile(join(home, 'index.txt'), index.replace(line, `$1${opensslTime(at).slice(2)}$2`));
      }),
    ocspAnswer: (certificate, responder = own, more = []) =>
      inOrder(async () => {
        const [request, answer] = ['ocsp.req', 'ocsp.resp'].map((name) => join(home, name)) as [string, string];
        const about = ['-issuer', own.certificateFile, '-cert', certificate.certificateFile, '-no_nonce'];
        await openssl(['ocsp', ...about, '-reqout', request]);
        const by = ['-rsigner', responder.certificateFile, '-rkey', responder.keyFile, '-rmd', 'sha256', '-ndays', '7'];
        const known = ['-index', join(home, 'index.txt'), '-CA', own.certificateFile];
        await openssl(['ocsp', ...known, ...by, ...more, '-reqin', request, '-respout', answer]);
        return new Uint8Array(await readFile(answer));
      }),
    answerOcsp: (request) =>
      inOrder(async () => {
        const [asked, answer] = ['asked.req', 'asked.resp'].map((name) => join(home, name)) as [string, string];
        await writeFile(asked, request);
        const by = ['-rsigner', own.certificateFile, '-rkey', own.keyFile, '-rmd', 'sha256', '-ndays', '7'];
        const known = ['-index', join(home, 'index.txt'), '-CA', own.certificateFile];
        await openssl(['ocsp', ...known, ...by, '-reqin', asked, '-respout', answer]);
        return new Uint8Array(await readFile(answer));
      }),
    revocationList: ({ from, until, extensions = ['authorityKeyIdentifier=keyid:always'] } = {}) =>
      inOrder(async () => {
        const now = Date.now();
        const [last, next] = [from ?? new Date(now - 3_600_000), until ?? new Date(now + 7 * 86_400_000)].map(
          opensslTime,
        ) as [string, string];
        await writeFile(join(home, 'crl.cnf'), `${CONFIGURATION}\n[crl]\n${extensions.join('\n')}\n`);
        await openssl(
          [
            'ca',
            '-config',
            'crl.cnf',
            '-gencrl',
            '-cert',
            own.certificateFile,
            '-keyfile',
            own.keyFile,
            '-crl_lastupdate',
            last,
            '-crl_nextupdate',
            next,
            '-crlexts',
            'crl',
            '-out',
            'list.pem',
          ],
          home,
        );
        await openssl(['crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.crl'], home);
        return new Uint8Array(await readFile(join(home, 'list.crl')));
      }),
  };
}

async function readPem(file: string): Promise<{ pem: string; der: Uint8Array }> {
  const pem = await readFile(file, 'utf8');
  return { pem, der: new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')) };
}
