import { base64urlnopad } from '@scure/base';
import { checkClaims } from './claims.js';
import { checkDigests, isHex, type Digests } from './digest.js';
import { StatementError, describe, memberPointer, type Problem } from './error.js';
import { canonicalString, canonicalize, type JsonObject } from './jcs.js';
import { PROFILE_ID_PATTERN } from './profile.js';
import { isRecordId } from './record-id.js';
import { isReference, REFERENCE_MAX_CHARACTERS } from './reference.js';
import { isTime } from './time.js';

/** An agency's own signature over its part of a statement. */
export interface AgencySignature {
  /** Key id under which the agency publishes its key. */
  key: string;
  alg: 'EdDSA';
  /** 64 bytes, base64url without padding. */
  value: string;
}

/** Version of statements that this library reads and writes. */
export const STATEMENT_VERSION = 1;

/** What was notarised, and by whom: kind `record`, version 1. Its canonical JSON is what is hashed. */
export interface RecordStatement {
  v: 1;
  kind: 'record';
  /** The agency's domain name. */
  agency: string;
  /** Record profile and version, `licence@1`. */
  profile: string;
  digests: Digests;
  /** Present when the digests are blinded: `alg(salt ‖ alg(document))`. */
  blinded?: true | undefined;
  /** The service's clock when it accepted the record. */
  receivedAt: string;
  /** 16 random bytes, hex. */
  nonce: string;
  reference?: string | undefined;
  claims?: JsonObject | undefined;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  /** Id of the record that this one replaces. */
  supersedes?: string | undefined;
  /** Digest of a manifest that says how the document came to be. */
  provenance?: { sha256: string } | undefined;
  agencySignature?: AgencySignature | undefined;
}

/** What {@link buildRecordStatement} writes: members already checked, `claims` as canonical JSON text. */
export interface RecordFields {
  agency: string;
  profile: string;
  digests: Digests;
  blinded?: true | undefined;
  receivedAt: string;
  /** 32 lower-case hex characters. */
  nonce: string;
  reference?: string | undefined;
  claimsJcs?: string | undefined;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
}

/** Length of a statement's nonce, in bytes. */
export const NONCE_BYTES = 16;

/** Form of an agency's name: a domain name in lower-case ASCII (RFC 1123 labels). */
export const AGENCY_PATTERN =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

const KEY_ID = /^[!-~]{1,128}$/;
const SIGNATURE_BYTES = 64;

type Check = (value: unknown, pointer: string, problems: Problem[]) => void;

/** A check that adds `expected <what>` when the value does not satisfy `test`. */
function expects(what: string, test: (value: unknown) => boolean): Check {
  return (value, pointer, problems) => {
    if (!test(value)) problems.push({ pointer, detail: `expected ${what}, got ${describe(value)}` });
  };
}

const matches = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const time = expects('a time as YYYY-MM-DDThh:mm:ss.sssZ', isTime);

const REQUIRED: Readonly<Record<string, Check>> = {
  v: expects('1', (value) => value === 1),
  kind: expects('"record"', (value) => value === 'record'),
  agency: expects('a lower-case domain name', matches(AGENCY_PATTERN)),
  profile: expects('a profile as <name>@<version>', matches(PROFILE_ID_PATTERN)),
  digests: checkDigests,
  // A record id holds the time in milliseconds since 1970.
  receivedAt: expects('a time from 1970 on as YYYY-MM-DDThh:mm:ss.sssZ', (value) => isTime(value) && value >= '1970'),
  nonce: expects('32 lower-case hex characters', (value) => isHex(value, NONCE_BYTES)),
};

const OPTIONAL: Readonly<Record<string, Check>> = {
  blinded: expects('true (or no such member)', (value) => value === true),
  reference: expects(`1 to ${REFERENCE_MAX_CHARACTERS} printable characters`, isReference),
  claims: checkClaims,
  validFrom: time,
  validUntil: time,
  supersedes: expects('a record id (lower-case UUIDv7)', isRecordId),
  provenance: members({ sha256: expects('64 lower-case hex characters', (value) => isHex(value, 32)) }, {}),
  agencySignature: members(
    {
      key: expects('a key id of 1 to 128 printable ASCII characters', matches(KEY_ID)),
      alg: expects('"EdDSA"', (value) => value === 'EdDSA'),
      value: expects('64 bytes in base64url without padding', isSignatureText),
    },
    {},
  ),
};

/** A check of an object that holds every member of `required`, perhaps some of `optional`, and nothing else. */
function members(required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>>): Check {
  return (value, pointer, problems) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.push({ pointer, detail: `expected an object, got ${describe(value)}` });
      return;
    }
    const object = value as Record<string, unknown>;
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(object, name)) problems.push({ pointer, detail: `expected a member "${name}", got none` });
    }
    for (const name of Object.keys(object)) {
      const check = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name)
          ? optional[name]
          : undefined;
      const member = memberPointer(pointer, name);
      if (check !== undefined) check(object[name], member, problems);
      else problems.push({ pointer: member, detail: `expected no such member, got ${describe(name)}` });
    }
  };
}

const checkStatement = members(REQUIRED, OPTIONAL);

/**
 * Checks that `value` is a version 1 record statement: every member known and in its one written form.
 * Whether the profile's own rules were kept is the intake's business: an older verifier need not know a newer profile.
 *
 * @throws StatementError `bad-statement`, with every fault in `problems`.
 */
export function parseStatement(value: unknown): RecordStatement {
  const problems: Problem[] = [];
  checkStatement(value, '', problems);
  if (problems.length === 0) {
    const statement = value as RecordStatement;
    const { validFrom, validUntil } = statement;
    // Both are in the one form whose text order is the order in time.
    if (validFrom === undefined || validUntil === undefined || validFrom <= validUntil) return statement;
    problems.push({
      pointer: '/validUntil',
      detail: `expected a time not before validFrom ${validFrom}, got ${validUntil}`,
    });
  }
  const [first] = problems;
  throw new StatementError(
    'bad-statement',
    `Reading a statement: at ${first!.pointer === '' ? 'the top' : first!.pointer} ${first!.detail}`,
    problems,
  );
}

/** The canonical JSON text (RFC 8785) of a statement: what is hashed and kept. */
export function formatStatement(statement: RecordStatement): string {
  return canonicalize(Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined)));
}

/**
 * The canonical JSON text of the record statement that `fields` describe, without building and sorting an object: members
 * are written in their canonical order. The fields must have been checked (`parseRecordRequest`); they are not checked again.
 *
 * @throws StatementError `not-json` when a text holds a lone surrogate.
 */
export function buildRecordStatement(fields: RecordFields): string {
  const { agency, blinded, claimsJcs, digests, nonce, profile, receivedAt, reference, validFrom, validUntil } = fields;
  let hexes = '';
  if (digests.sha256 !== undefined) hexes = `"sha256":"${digests.sha256}"`;
  if (digests['sha3-256'] !== undefined) hexes += `${hexes === '' ? '' : ','}"sha3-256":"${digests['sha3-256']}"`;
  if (digests.sha512 !== undefined) hexes += `${hexes === '' ? '' : ','}"sha512":"${digests.sha512}"`;
  if (digests.sm3 !== undefined) hexes += `${hexes === '' ? '' : ','}"sm3":"${digests.sm3}"`;
  return (
    `{"agency":${canonicalString(agency)}` +
    (blinded === true ? ',"blinded":true' : '') +
    (claimsJcs === undefined ? '' : `,"claims":${claimsJcs}`) +
    `,"digests":{${hexes}},"kind":"record","nonce":"${nonce}","profile":"${profile}","receivedAt":"${receivedAt}"` +
    (reference === undefined ? '' : `,"reference":${canonicalString(reference)}`) +
    ',"v":1' +
    (validFrom === undefined ? '' : `,"validFrom":"${validFrom}"`) +
    (validUntil === undefined ? '' : `,"validUntil":"${validUntil}"`) +
    '}'
  );
}

function isSignatureText(value: unknown): boolean {
  // 86 characters carry 516 bits: the decoder refuses the four spare ones unless they are zero, so the form is unique.
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]{86}$/.test(value)) return false;
  try {
    return base64urlnopad.decode(value).length === SIGNATURE_BYTES;
  } catch {
    return false;
  }
}
