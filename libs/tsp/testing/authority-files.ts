import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CertificateOptions, IssuedCertificate, Revocation } from './certificate-authority.js';
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

export type KeyKind = keyof typeof KEYS;

/** Validity of certificates, unless told. */
const [VALID_FROM, VALID_UNTIL] = [new Date('2020-01-01T00:00:00Z'), new Date('2040-01-01T00:00:00Z')];

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

/** What openssl does in the folder of an authority, its files of requests, certificates, keys and what was revoked; one call at a time. */
export interface AuthorityFiles {
  /** A certificate with a new key, by its own key. */
  selfSign(wanted: CertificateOptions): Promise<IssuedCertificate>;
  /** A certificate with a new key, by another certificate. */
  sign(wanted: CertificateOptions, by: IssuedCertificate): Promise<IssuedCertificate>;
  /** A certificate for what another one was requested with, by somebody else. */
  signRequestOf(
    certificate: IssuedCertificate,
    terms: { by: IssuedCertificate; extensions: readonly string[] },
  ): Promise<IssuedCertificate>;
  /** A certificate for the same key by that key: its name in PrintableString, upper case. */
  renew(own: IssuedCertificate, commonName: string, extensions: readonly string[]): Promise<IssuedCertificate>;
  revoke(certificate: IssuedCertificate, by: IssuedCertificate, revocation: Revocation): Promise<void>;
  /** An OCSP request about a certificate, DER. */
  request(certificate: IssuedCertificate, issuer: IssuedCertificate): Promise<Uint8Array>;
  /** What a responder answers it with, DER. */
  answer(
    request: Uint8Array,
    by: { of: IssuedCertificate; responder: IssuedCertificate; more?: readonly string[] },
  ): Promise<Uint8Array>;
  /** The list of what is revoked so far, DER. */
  list(by: IssuedCertificate, [from, until]: readonly [Date, Date], extensions: readonly string[]): Promise<Uint8Array>;
}

/** Makes the files of a new authority in its folder. */
export async function openAuthorityFiles(home: string): Promise<AuthorityFiles> {
  const path = (name: string) => join(home, name);
  await mkdir(path('issued'), { recursive: true });
  await writeFile(path('ca.cnf'), CONFIGURATION);
  await writeFile(path('index.txt'), '');
  await writeFile(path('crlnumber'), '01');
  let made = 0;

  const keysOf = (by: IssuedCertificate) => ['-cert', by.certificateFile, '-keyfile', by.keyFile];
  const newName = (commonName: string) => path(`${made++}-${commonName.replace(/[^A-Za-z0-9]+/g, '-')}`);

  /** Signs the request in `<name>.csr` into `<name>.pem`. */
  async function certify(
    name: string,
    keys: readonly string[],
    wanted: Pick<CertificateOptions, 'extensions' | 'digest' | 'validFrom' | 'validUntil'>,
    configuration = 'ca.cnf',
  ): Promise<{ certificateFile: string; pem: string; der: Uint8Array }> {
    const { extensions, digest = 'sha256', validFrom = VALID_FROM, validUntil = VALID_UNTIL } = wanted;
    await writeFile(`${name}.ext`, `${extensions.join('\n')}\n`);
    const terms = ['-md', digest, '-extfile', `${name}.ext`];
    const times = ['-startdate', opensslTime(validFrom), '-enddate', opensslTime(validUntil)];
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`];
    const start = ['ca', '-batch', '-rand_serial', '-notext', '-config', configuration];
    await openssl([...start, ...keys, ...files, ...terms, ...times], home);
    const pem = await readFile(`${name}.pem`, 'utf8');
    const der = new Uint8Array(Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'));
    return { certificateFile: `${name}.pem`, pem, der };
  }

  /** Makes a key in `<name>.key` and a request for it in `<name>.csr`. */
  async function requestCertificate(name: string, { commonName, key = 'p-256' }: CertificateOptions): Promise<string> {
    const keyFile = `${name}.key`;
    const files = ['-keyout', keyFile, '-out', `${name}.csr`];
    const subject = ['-subj', `/O=Sealroot tests/CN=${commonName}`];
    await openssl(['req', '-new', '-config', 'ca.cnf', '-newkey', ...KEYS[key], '-nodes', ...files, ...subject], home);
    return keyFile;
  }

  return {
    async selfSign(wanted) {
      const name = newName(wanted.commonName);
      const keyFile = await requestCertificate(name, wanted);
      return { keyFile, ...(await certify(name, ['-selfsign', '-keyfile', keyFile], wanted)) };
    },
    async sign(wanted, by) {
      const name = newName(wanted.commonName);
      const keyFile = await requestCertificate(name, wanted);
      return { keyFile, ...(await certify(name, keysOf(by), wanted)) };
    },
    async signRequestOf({ keyFile }, { by, extensions }) {
      const name = newName('again');
      await writeFile(`${name}.csr`, await readFile(keyFile.replace(/key$/, 'csr')));
      return { keyFile, ...(await certify(name, keysOf(by), { extensions })) };
    },
    async renew({ keyFile }, commonName, extensions) {
      const name = newName('renewed');
      const configuration = `${name}.cnf`;
      await writeFile(configuration, CONFIGURATION.replace('[req]', '[req]\nstring_mask=pkix'));
      const subject = ['-subj', `/O=SEALROOT TESTS/CN=${commonName}`];
      await openssl(
        ['req', '-new', '-config', configuration, '-key', keyFile, '-out', `${name}.csr`, ...subject],
        home,
      );
      const keys = ['-selfsign', '-keyfile', keyFile];
      return { keyFile, ...(await certify(name, keys, { extensions }, configuration)) };
    },
    async revoke({ certificateFile }, by, { at, reason }) {
      const because = reason === undefined ? [] : ['-crl_reason', reason];
      await openssl(['ca', '-config', 'ca.cnf', '-revoke', certificateFile, ...keysOf(by), ...because], home);
      if (at === undefined) return;
      const said = await openssl(['x509', '-in', certificateFile, '-noout', '-serial']);
      const serial = said.trim().slice('serial='.length);
      const index = await readFile(path('index.txt'), 'utf8');
      // Fields: state, end of validity, time and reason of revocation, serial number.
      const line = new RegExp(`^(R\\t\\d+Z\\t)\\d+Z(.*\\t${serial}\\t)`, 'm');
      await writeFile(path('index.txt'), index.replace(line, `$1${opensslTime(at).slice(2)}$2`));
    },
    async request({ certificateFile }, issuer) {
      const about = ['-issuer', issuer.certificateFile, '-cert', certificateFile, '-no_nonce'];
      await openssl(['ocsp', ...about, '-reqout', 'ocsp.req'], home);
      return new Uint8Array(await readFile(path('ocsp.req')));
    },
    async answer(request, { of, responder, more = [] }) {
      await writeFile(path('asked.req'), request);
      const by = ['-rsigner', responder.certificateFile, '-rkey', responder.keyFile, '-rmd', 'sha256', '-ndays', '7'];
      const known = ['-index', 'index.txt', '-CA', of.certificateFile];
      await openssl(['ocsp', ...known, ...by, ...more, '-reqin', 'asked.req', '-respout', 'asked.resp'], home);
      return new Uint8Array(await readFile(path('asked.resp')));
    },
    async list(by, [from, until], extensions) {
      await writeFile(path('crl.cnf'), `${CONFIGURATION}\n[crl]\n${extensions.join('\n')}\n`);
      const times = ['-crl_lastupdate', opensslTime(from), '-crl_nextupdate', opensslTime(until)];
      const terms = ['-crlexts', 'crl', '-out', 'list.pem'];
      await openssl(['ca', '-config', 'crl.cnf', '-gencrl', ...keysOf(by), ...times, ...terms], home);
      await openssl(['crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.crl'], home);
      return new Uint8Array(await readFile(path('list.crl')));
    },
  };
}
