import {
  contextTag,
  type Der,
  elementsOf,
  inside,
  readBoolean,
  readDer,
  readImplicitInteger,
  readNamedBits,
  readOid,
  readSmallInteger,
  TAG,
} from './der.js';
import { TspError } from './error.js';
import { type Name, readName } from './name.js';

/** Bits of keyUsage (RFC 5280 §4.2.1.3). */
export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 } as const;

/** Purposes of extKeyUsage. */
export const PURPOSE = {
  any: '2.5.29.37.0',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** What a certificate's extensions say; null where there is no such extension. */
export interface CertificateExtensions {
  basicConstraints: { authority: boolean; pathLength: number | null } | null;
  keyUsage: ReadonlySet<number> | null;
  purposes: { oids: readonly string[]; critical: boolean } | null;
  subjectKeyId: Uint8Array | null;
  authorityKey: AuthorityKey | null;
  /** Alternative names of the subject, each a GeneralName in DER. */
  subjectNames: readonly Uint8Array[];
  /** Addresses of revocation lists (http and https only) that cover every reason. */
  revocationLists: readonly string[];
  /** Addresses of OCSP responders (http and https only). */
  responders: readonly string[];
  /** Extensions that restrict and that nothing here processes: critical ones, and name constraints, which stock verifiers heed in any case. */
  unprocessed: readonly string[];
}

/** What a certificate or a list says of its issuer's key (RFC 5280 §4.2.1.1); null for what it leaves open. */
export interface AuthorityKey {
  keyId: Uint8Array | null;
  /** Issuer and serial number of the issuer's own certificate. */
  issuer: Name | null;
  serial: bigint | null;
}

/** An extension as it stands: its value is not read. */
export interface Extension {
  oid: string;
  critical: boolean;
  value: Uint8Array;
}

const OCSP_ACCESS = '1.3.6.1.5.5.7.48.1';

/** Most extensions that are read; certificates have about ten. */
const MAX_EXTENSIONS = 40;
/** Most addresses of revocation lists. */
const MAX_ADDRESSES = 8;
/** Longest address. */
const MAX_ADDRESS_BYTES = 1000;

/** Reads Extensions (RFC 5280 §4.1). @throws TspError `bad-der`; `bad-certificate` for one that occurs twice */
export function readExtensions(element: Der, what: string): Extension[] {
  const found: Extension[] = [];
  for (const item of elementsOf(element, what).rest) {
    const fields = elementsOf(item, what);
    const oid = readOid(fields.take(TAG.oid), what);
    const marked = fields.maybe(TAG.boolean);
    const critical = marked ? readBoolean(marked, what) : false;
    const { content } = fields.take(TAG.octetString);
    fields.end();
    if (found.some((other) => other.oid === oid) || found.length >= MAX_EXTENSIONS) {
      throw new TspError(
        'bad-certificate',
        `Reading ${what}: expected up to ${MAX_EXTENSIONS} different ones, got ${oid} again or more`,
      );
    }
    found.push({ oid, critical, value: content });
  }
  return found;
}

/** Reads a certificate's extensions. @throws TspError `bad-der`, `bad-certificate` */
export function readCertificateExtensions(element: Der | undefined): CertificateExtensions {
  const what = "a certificate's extensions";
  const read: CertificateExtensions = {
    basicConstraints: null,
    keyUsage: null,
    purposes: null,
    subjectKeyId: null,
    authorityKey: null,
    subjectNames: [],
    revocationLists: [],
    responders: [],
    unprocessed: [],
  };
  const unprocessed: string[] = [];
  for (const { oid, critical, value } of element ? readExtensions(element, what) : []) {
    switch (oid) {
      case '2.5.29.19':
        read.basicConstraints = basicConstraints(readDer(value, 'basic constraints'));
        break;
      case '2.5.29.15':
        read.keyUsage = readNamedBits(readDer(value, 'key usage'), 'key usage');
        break;
      case '2.5.29.37': {
        const items = elementsOf(readDer(value, 'extended key usage'), 'extended key usage').rest;
        read.purposes = { oids: items.map((item) => readOid(item, 'extended key usage')), critical };
        break;
      }
      case '2.5.29.14':
        read.subjectKeyId = readDer(value, 'a subject key identifier').content;
        break;
      case '2.5.29.35':
        read.authorityKey = readAuthorityKey(value);
        break;
      case '2.5.29.17':
        read.subjectNames = elementsOf(readDer(value, 'alternative names'), 'alternative names').rest.map(
          ({ bytes }) => bytes,
        );
        // Names are only compared here: a critical extension asks for more.
        if (critical) unprocessed.push(oid);
        break;
      case '2.5.29.30':
        unprocessed.push(oid);
        break;
      case '2.5.29.31':
        read.revocationLists = distributionPoints(readDer(value, 'distribution points'));
        break;
      case '1.3.6.1.5.5.7.1.1':
        read.responders = respondersOf(value);
        if (critical) unprocessed.push(oid);
        break;
      // Certificate policies: without a policy that the verifier asks for, they restrict nothing.
      case '2.5.29.32':
        break;
      default:
        if (critical) unprocessed.push(oid);
    }
  }
  return { ...read, unprocessed };
}

/** Reads an authority key identifier. @throws TspError `bad-der` */
export function readAuthorityKey(value: Uint8Array): AuthorityKey {
  const what = 'an authority key identifier';
  const fields = elementsOf(readDer(value, what), what);
  const keyId = fields.maybe(contextTag(0, false))?.content ?? null;
  const names = fields.maybe(contextTag(1));
  const serial = fields.maybe(contextTag(2, false));
  fields.end();
  const name = names && elementsOf(names, what, names.tag).rest.find(({ tag }) => tag === contextTag(4));
  return {
    keyId,
    issuer: name ? readName(inside(name, what), what) : null,
    serial: serial ? readImplicitInteger(serial, what) : null,
  };
}

function basicConstraints(element: Der): CertificateExtensions['basicConstraints'] {
  const what = 'basic constraints';
  const fields = elementsOf(element, what);
  const marked = fields.maybe(TAG.boolean);
  const length = fields.maybe(TAG.integer);
  fields.end();
  return {
    authority: marked ? readBoolean(marked, what) : false,
    pathLength: length ? readSmallInteger(length, what) : null,
  };
}

function distributionPoints(element: Der): string[] {
  const what = 'distribution points';
  const addresses: string[] = [];
  for (const item of elementsOf(element, what).rest) {
    const fields = elementsOf(item, what);
    const name = fields.maybe(contextTag(0));
    const reasons = fields.maybe(contextTag(1, false));
    const issuer = fields.maybe(contextTag(2));
    // Lists for some reasons only, or by another issuer, are not used.
    if (name && !reasons && !issuer) addresses.push(...addressesOf(name, what));
  }
  return addresses.slice(0, MAX_ADDRESSES);
}

/** The http addresses in a DistributionPointName (RFC 5280 §4.2.1.13). */
export function addressesOf(name: Der, what: string): string[] {
  const full = elementsOf(name, what, name.tag).maybe(contextTag(0));
  if (!full) return [];
  return elementsOf(full, what, full.tag).rest.flatMap(addressOf);
}

/** The http address that a GeneralName is; none when it is another. */
function addressOf({ tag, content }: Der): string[] {
  if (tag !== contextTag(6, false) || content.length > MAX_ADDRESS_BYTES) return [];
  const address = Array.from(content, (byte) => String.fromCharCode(byte)).join('');
  return /^https?:\/\/[\x21-\x7e]+$/.test(address) ? [address] : [];
}

/** The addresses of OCSP responders in an authority information access (RFC 5280 §4.2.2.1). It decides nothing: what cannot be read names none. */
function respondersOf(value: Uint8Array): string[] {
  const what = 'an authority information access';
  try {
    const items = elementsOf(readDer(value, what), what).rest;
    const found = items.flatMap((item) => {
      const fields = elementsOf(item, what);
      const method = readOid(fields.take(TAG.oid), what);
      const place = fields.any();
      return method === OCSP_ACCESS ? addressOf(place) : [];
    });
    return found.slice(0, MAX_ADDRESSES);
  } catch (error) {
    if (error instanceof TspError) return [];
    throw error;
  }
}
