import { readSignatureAlgorithm, type SignatureAlgorithm } from './algorithm.js';
import { addressesOf, type AuthorityKey, readAuthorityKey, readExtensions } from './certificate-extensions.js';
import {
  contextTag,
  type Der,
  elementsOf,
  inside,
  readBoolean,
  readDer,
  readInteger,
  readSmallInteger,
  TAG,
} from './der.js';
import { TspError } from './error.js';
import { checkLength, MAX_REVOCATION_BYTES } from './limit.js';
import { type Name, readName } from './name.js';
import { checkAlgorithmInside, takeSigned } from './signed.js';
import { readTime } from './time.js';

/** Reasons by number (RFC 5280 §5.3.1). */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  '',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** When and why a certificate was revoked. */
export interface RevokedEntry {
  /** Milliseconds since 1970. */
  at: number;
  /** Null when the entry gives none. */
  reason: string | null;
}

/** A certificate revocation list, nothing verified. */
export interface RevocationList {
  issuer: Name;
  /** Null when the list does not say. */
  authorityKey: AuthorityKey | null;
  thisUpdate: number;
  /** Null when the list does not say when the next one comes. */
  nextUpdate: number | null;
  /** Restrictions that the list names for itself: only for signers, only for authorities, only for these addresses. */
  only: { users: boolean; authorities: boolean; addresses: readonly string[] | null };
  /** The entry of a certificate. Reads all entries when it is first asked: that is for lists whose signature holds.
   * @throws TspError as reading the list does */
  find(serial: bigint): RevokedEntry | null;
  signed: Uint8Array;
  /** Unread until somebody asks: a list by an algorithm that is weak or unknown says nothing, and spoils nothing. */
  signatureAlgorithm: () => SignatureAlgorithm;
  signature: Uint8Array;
}

/** Reads a complete CRL by the issuer of the certificates on it (RFC 5280 §5.1); lists of changes, of others' certificates or of some reasons
 * only are not supported. @throws TspError `bad-der`, `too-large`, `unsupported`, `bad-certificate` */
export function parseRevocationList(der: Uint8Array): RevocationList {
  const what = 'a revocation list';
  checkLength(der, MAX_REVOCATION_BYTES, what);
  const outer = elementsOf(readDer(der, what), what);
  const signed = takeSigned(outer, what);
  const { tbs, algorithm, signature } = signed;
  outer.end();

  const fields = elementsOf(tbs, what);
  const version = fields.maybe(TAG.integer);
  if (version && readInteger(version, what) !== 1n)
    throw new TspError('bad-der', `Reading ${what}: expected version 2, got another`);
  checkAlgorithmInside(fields.take(TAG.sequence), signed, what, 'bad-der');
  const issuer = readName(fields.take(TAG.sequence), what);
  const thisUpdate = readTime(fields.any(), what);
  const next = fields.maybe(TAG.utcTime) ?? fields.maybe(TAG.generalizedTime);
  const list = fields.maybe(TAG.sequence);
  const extended = fields.maybe(contextTag(0));
  fields.end();
  const { authorityKey, only } = readListExtensions(extended, what);
  let entries: ReadonlyMap<bigint, Der> | undefined;
  return {
    issuer,
    thisUpdate,
    nextUpdate: next ? readTime(next, what) : null,
    authorityKey,
    only,
    find(serial) {
      entries ??= readEntries(list, what);
      const entry = entries.get(serial);
      return entry ? readEntry(entry, what) : null;
    },
    signed: tbs.bytes,
    signatureAlgorithm: () => readSignatureAlgorithm(algorithm, 'the signature of a revocation list'),
    signature,
  };
}

/** The entries by serial number; of two with one number the first. */
function readEntries(list: Der | undefined, what: string): ReadonlyMap<bigint, Der> {
  const entries = new Map<bigint, Der>();
  for (const entry of list ? elementsOf(list, what).rest : []) {
    const serial = readInteger(elementsOf(entry, what).take(TAG.integer), what);
    if (!entries.has(serial)) entries.set(serial, entry);
  }
  return entries;
}

function readEntry(entry: Der, what: string): RevokedEntry {
  const parts = elementsOf(entry, what);
  parts.take(TAG.integer);
  const at = readTime(parts.any(), what);
  const extensions = parts.maybe(TAG.sequence);
  parts.end();
  return { at, reason: extensions ? readReason(extensions) : null };
}

function readListExtensions(extended: Der | undefined, what: string): Pick<RevocationList, 'only' | 'authorityKey'> {
  let authorityKey: AuthorityKey | null = null;
  const only: RevocationList['only'] = { users: false, authorities: false, addresses: null };
  for (const { oid, critical, value } of extended ? readExtensions(inside(extended, what), what) : []) {
    // Its number and where the changes to it are: nothing that restricts it.
    if (oid === '2.5.29.35') authorityKey = readAuthorityKey(value);
    else if (oid === '2.5.29.28') {
      const fields = elementsOf(readDer(value, what), what);
      const name = fields.maybe(contextTag(0));
      if (name) only.addresses = addressesOf(name, what);
      for (const { tag, content } of fields.rest) {
        // The third of these is a set of reasons, all others are true or false.
        const reasons = tag === contextTag(3, false);
        const set = reasons || readBoolean({ tag: TAG.boolean, content, bytes: content }, what);
        if (set && tag === contextTag(1, false)) only.users = true;
        else if (set && tag === contextTag(2, false)) only.authorities = true;
        else if (set) throw unsupported(what, 'a list of some reasons or of other issuers');
      }
    } else if (critical) throw unsupported(what, `critical extension ${oid}`);
  }
  return { only, authorityKey };
}

function readReason(element: Der): string | null {
  const what = 'an entry of a revocation list';
  let reason: string | null = null;
  for (const { oid, critical, value } of readExtensions(element, what)) {
    if (oid === '2.5.29.21') reason = reasonName(readSmallInteger(readDer(value, what), what));
    else if (critical) throw unsupported(what, `critical extension ${oid}`);
  }
  return reason;
}

/** A reason's name by its number. */
export const reasonName = (number: number): string => REASONS[number] || `reason ${number}`;

function unsupported(what: string, got: string): TspError {
  return new TspError(
    'unsupported',
    `Reading ${what}: expected a complete list of its issuer's own certificates, got ${got}`,
  );
}
