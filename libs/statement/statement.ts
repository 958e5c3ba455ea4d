import { type AgencySignature, checkAgencySignature } from './agency-signature.js';
import { checkClaims } from './claims.js';
import { checkDigests, isHex, type Digests } from './digest.js';
import { type Problem } from './error.js';
import { canonicalString, canonicalize, type JsonObject } from './jcs.js';
import { badStatement, type Check, COMMON, expects, matches, members, time } from './member-check.js';
import { PROFILE_ID_PATTERN } from './profile.js';
import { isRecordId } from './record-id.js';
import { isReference, REFERENCE_MAX_CHARACTERS } from './reference.js';

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

/** What an agency says of a record, checked, with `claims` as canonical JSON text. */
export interface RecordFields {
  agency: string;
  profile: string;
  digests: Digests;
  blinded?: true | undefined;
  reference?: string | undefined;
  claimsJcs?: string | undefined;
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  /** Record id. */
  supersedes?: string | undefined;
}

/** What a record statement has that its agency does not sign. */
export interface RecordStamps {
  receivedAt: string;
  /** 32 lower-case hex characters. */
  nonce: string;
  agencySignature?: AgencySignature | undefined;
}

const REQUIRED: Readonly<Record<string, Check>> = {
  ...COMMON,
  kind: expects('"record"', (value) => value === 'record'),
  profile: expects('a profile as <name>@<version>', matches(PROFILE_ID_PATTERN)),
  digests: checkDigests,
};

const OPTIONAL: Readonly<Record<string, Check>> = {
  blinded: expects('true (or no such member)', (value) => value === true),
  reference: expects(`1 to ${REFERENCE_MAX_CHARACTERS} printable characters`, isReference),
  claims: checkClaims,
  validFrom: time,
  validUntil: time,
  supersedes: expects('a record id (lower-case UUIDv7)', isRecordId),
  provenance: members({ sha256: expects('64 lower-case hex characters', (value) => isHex(value, 32)) }, {}),
  agencySignature: checkAgencySignature,
};

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
  throw badStatement(problems);
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
export function buildRecordStatement(fields: RecordFields & RecordStamps): string {
  return recordText(fields, fields);
}

/** What the agency signs of that statement: the same without what the service adds, and without the signature. @throws as {@link buildRecordStatement} */
export function buildSigningInput(fields: RecordFields): string {
  return recordText(fields, null);
}

function recordText(fields: RecordFields, stamps: RecordStamps | null): string {
  const { agency, blinded, claimsJcs, digests, profile, reference, supersedes, validFrom, validUntil } = fields;
  const signature = stamps?.agencySignature;
  let hexes = '';
  if (digests.sha256 !== undefined) hexes = `"sha256":"${digests.sha256}"`;
  if (digests['sha3-256'] !== undefined) hexes += `${hexes === '' ? '' : ','}"sha3-256":"${digests['sha3-256']}"`;
  if (digests.sha512 !== undefined) hexes += `${hexes === '' ? '' : ','}"sha512":"${digests.sha512}"`;
  if (digests.sm3 !== undefined) hexes += `${hexes === '' ? '' : ','}"sm3":"${digests.sm3}"`;
  return (
    `{"agency":${canonicalString(agency)}` +
    (signature === undefined ? '' : `,"agencySignature":${signatureText(signature)}`) +
    (blinded === true ? ',"blinded":true' : '') +
    (claimsJcs === undefined ? '' : `,"claims":${claimsJcs}`) +
    `,"digests":{${hexes}},"kind":"record"` +
    (stamps === null ? '' : `,"nonce":"${stamps.nonce}"`) +
    `,"profile":"${profile}"` +
    (stamps === null ? '' : `,"receivedAt":"${stamps.receivedAt}"`) +
    (reference === undefined ? '' : `,"reference":${canonicalString(reference)}`) +
    (supersedes === undefined ? '' : `,"supersedes":"${supersedes}"`) +
    ',"v":1' +
    (validFrom === undefined ? '' : `,"validFrom":"${validFrom}"`) +
    (validUntil === undefined ? '' : `,"validUntil":"${validUntil}"`) +
    '}'
  );
}

function signatureText({ alg, group, key, value }: AgencySignature): string {
  const place =
    group === undefined ? '' : `,"group":{"index":${group.index},"path":"${group.path}","size":${group.size}}`;
  return `{"alg":"${alg}"${place},"key":${canonicalString(key)},"value":"${value}"}`;
}
