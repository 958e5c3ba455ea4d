import { type AgencySignature, checkAgencySignature } from './agency-signature.js';
import { checkClaims } from './claims.js';
import { checkClaimsSchema } from './claims-schema.js';
import { checkDigests, type Digests } from './digest.js';
import { describe, memberPointer, type Problem } from './error.js';
import type { JsonObject } from './jcs.js';
import { findProfile, PROFILES } from './profile.js';
import { checkPersonalNumbers } from './personal-claims.js';
import { personalNumberProblem } from './personal-number.js';
import { isRecordId } from './record-id.js';
import { isReference, REFERENCE_MAX_CHARACTERS } from './reference.js';
import { normalizeTime } from './time.js';

/** One record that an agency asks for, checked and in canonical form. */
export interface RecordRequest {
  digests: Digests;
  profile: string;
  blinded?: true;
  reference?: string;
  /** The canonical JSON text of `claims`. */
  claimsJcs?: string;
  /** UTC, milliseconds, `Z`. */
  validFrom?: string;
  /** UTC, milliseconds, `Z`. */
  validUntil?: string;
  /** Id of the record that this one takes the place of. */
  supersedes?: string;
  agencySignature?: AgencySignature;
}

/** Why a record was refused: every fault, each with a JSON pointer inside the record. */
export interface RecordRequestError {
  code: 'invalid-record';
  errors: Problem[];
}

/** Members of a record as posted. */
const MEMBERS: ReadonlySet<string> = new Set([
  'digests',
  'profile',
  'reference',
  'claims',
  'validFrom',
  'validUntil',
  'blinded',
  'supersedes',
  'agencySignature',
]);

/** Unknown members named one by one before the list is cut: a sender with more of them has sent something else. */
const MAX_UNKNOWN_NAMED = 16;

/**
 * Checks one record of an intake request as strictly as its statement will be read, and brings times into the one written
 * form. Never throws: what is wrong is listed, every fault at once.
 */
export function parseRecordRequest(value: unknown): { ok: RecordRequest } | { error: RecordRequestError } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused([{ pointer: '', detail: `expected a record object, got ${describe(value)}` }]);
  }
  const problems: Problem[] = [];
  let unknown = 0;
  for (const name of Object.keys(value)) {
    if (MEMBERS.has(name) || ++unknown > MAX_UNKNOWN_NAMED) continue;
    const detail = `expected only ${[...MEMBERS].join(', ')}, got a member ${describe(name)}`;
    problems.push({ pointer: memberPointer('', name), detail });
  }
  const own = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;

  const digests = own('digests');
  if (digests === undefined) problems.push({ pointer: '', detail: 'expected a member "digests", got none' });
  else checkDigests(digests, '/digests', problems);

  const blinded = own('blinded');
  if (blinded !== undefined && blinded !== true) {
    problems.push({ pointer: '/blinded', detail: `expected true (or no such member), got ${describe(blinded)}` });
  }

  const profile = own('profile');
  if (profile === undefined) problems.push({ pointer: '', detail: 'expected a member "profile", got none' });
  else checkProfile(profile, blinded === true, problems);

  const request: RecordRequest = { digests: digests as Digests, profile: profile as string };
  if (blinded === true) request.blinded = true;

  const reference = own('reference');
  if (reference !== undefined) {
    const problem = isReference(reference) ? personalNumberProblem(reference) : referenceProblem(reference);
    if (problem === null) request.reference = reference as string;
    else problems.push({ pointer: '/reference', detail: problem });
  }

  const supersedes = own('supersedes');
  if (isRecordId(supersedes)) request.supersedes = supersedes;
  else if (supersedes !== undefined) {
    const detail = `expected a record id (lower-case UUIDv7), got ${describe(supersedes)}`;
    problems.push({ pointer: '/supersedes', detail });
  }

  const signature = own('agencySignature');
  if (signature !== undefined) {
    checkAgencySignature(signature, '/agencySignature', problems);
    request.agencySignature = signature as AgencySignature;
  }

  const claims = own('claims');
  if (claims !== undefined) {
    const jcs = checkClaims(claims, '/claims', problems);
    if (jcs !== null) {
      request.claimsJcs = jcs;
      const known = typeof profile === 'string' ? findProfile(profile) : undefined;
      if (known !== undefined) checkClaimsSchema(claims, known, '/claims', problems);
      checkPersonalNumbers(claims as JsonObject, known, '/claims', problems);
    }
  }

  for (const name of ['validFrom', 'validUntil'] as const) {
    const given = own(name);
    if (given === undefined) continue;
    const time = typeof given === 'string' ? normalizeTime(given) : null;
    if (time !== null) request[name] = time;
    else problems.push({ pointer: `/${name}`, detail: `expected an RFC 3339 time, got ${describe(given)}` });
  }
  const { validFrom, validUntil } = request;
  if (validFrom !== undefined && validUntil !== undefined && validFrom > validUntil) {
    const detail = `expected a time not before validFrom ${validFrom}, got ${validUntil}`;
    problems.push({ pointer: '/validUntil', detail });
  }
  return problems.length === 0 ? { ok: request } : refused(problems);
}

function refused(errors: Problem[]): { error: RecordRequestError } {
  return { error: { code: 'invalid-record', errors } };
}

function checkProfile(value: unknown, blinded: boolean, problems: Problem[]): void {
  const profile = typeof value === 'string' ? findProfile(value) : undefined;
  if (profile === undefined) {
    const known = PROFILES.map(({ id }) => id).join(', ');
    problems.push({ pointer: '/profile', detail: `expected one of ${known}, got ${describe(value)}` });
  } else if (profile.entropy === 'blinded' && !blinded) {
    const detail = `expected true, since ${profile.id} takes only blinded digests: its documents could be guessed from plain ones`;
    problems.push({ pointer: '/blinded', detail });
  }
}

function referenceProblem(value: unknown): string {
  const expected = `expected 1 to ${REFERENCE_MAX_CHARACTERS} printable characters`;
  if (typeof value !== 'string') return `${expected}, got ${describe(value)}`;
  const characters = [...value].length;
  if (characters === 0 || characters > REFERENCE_MAX_CHARACTERS) return `${expected}, got ${characters}`;
  return `${expected}, got a control, separator or invisible character`;
}
