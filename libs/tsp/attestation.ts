import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import { canonicalize } from '#statement/jcs.js';
import { TspError } from './error.js';
import {
  MAX_CERTIFICATE_BYTES,
  MAX_CERTIFICATES,
  MAX_REVOCATION_BYTES,
  MAX_REVOCATIONS,
  MAX_TOKEN_BYTES,
} from './limit.js';

/** What a time-stamp authority says of a checkpoint, as a proof carries it (without its type). All base64 of DER. */
export interface Rfc3161Attestation {
  /** TimeStampToken over the checkpoint's signed text. */
  token: string;
  /** Certificates beyond those in the token, up to the root. */
  certificates: string[];
  /** Revocation lists and OCSP answers about the chain's certificates. */
  revocations: string[];
}

/** An attestation's parts. */
export interface Rfc3161Parts {
  token: Uint8Array;
  certificates: Uint8Array[];
  revocations: Uint8Array[];
}

const MEMBERS = ['token', 'certificates', 'revocations'];

/** Reads an attestation from a JSON value: these members, all of them, no others; base64 in its one form; within the limits.
 * What is inside is for verifying. @throws TspError `bad-attestation` */
export function parseRfc3161Attestation(value: unknown): Rfc3161Attestation {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('', 'an object', typeof value);
  const object = value as Record<string, unknown>;
  for (const name of MEMBERS) if (!Object.hasOwn(object, name)) throw bad(`/${name}`, 'this member', 'none');
  for (const name of Object.keys(object))
    if (!MEMBERS.includes(name)) throw bad('', `${MEMBERS.join(', ')}`, 'another member');
  return {
    token: base64Text(object['token'], '/token', MAX_TOKEN_BYTES),
    certificates: list(object['certificates'], '/certificates', MAX_CERTIFICATES, MAX_CERTIFICATE_BYTES),
    revocations: list(object['revocations'], '/revocations', MAX_REVOCATIONS, MAX_REVOCATION_BYTES),
  };
}

/** The bytes in an attestation that was read. */
export function attestationParts({ token, certificates, revocations }: Rfc3161Attestation): Rfc3161Parts {
  return {
    token: base64.decode(token),
    certificates: certificates.map((text) => base64.decode(text)),
    revocations: revocations.map((text) => base64.decode(text)),
  };
}

/** The canonical JSON of an attestation as UTF-8: what is stored of it. */
export function rfc3161AttestationBytes(attestation: Rfc3161Attestation): Uint8Array {
  const { token, certificates, revocations } = attestation;
  return utf8ToBytes(canonicalize({ token, certificates, revocations }));
}

/** Reads what {@link rfc3161AttestationBytes} wrote. @throws TspError `bad-attestation`, also for another text of the same meaning */
export function readRfc3161Attestation(bytes: Uint8Array): Rfc3161Attestation {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw bad('', 'JSON', 'something else', cause);
  }
  const { token, certificates, revocations } = parseRfc3161Attestation(value);
  if (canonicalize({ token, certificates, revocations }) !== text) throw bad('', 'canonical JSON', 'another form');
  return { token, certificates, revocations };
}

/** The attestation of these parts. */
export function formatRfc3161Attestation({ token, certificates, revocations }: Rfc3161Parts): Rfc3161Attestation {
  return {
    token: base64.encode(token),
    certificates: certificates.map((der) => base64.encode(der)),
    revocations: revocations.map((der) => base64.encode(der)),
  };
}

function list(value: unknown, pointer: string, most: number, mostBytes: number): string[] {
  if (!Array.isArray(value)) throw bad(pointer, 'an array', typeof value);
  if (value.length > most) throw bad(pointer, `at most ${most} items`, String(value.length));
  const items = value.map((item, i) => base64Text(item, `${pointer}/${i}`, mostBytes));
  const again = items.findIndex((item, i) => items.indexOf(item) < i);
  if (again >= 0) throw bad(`${pointer}/${again}`, 'each item once', 'one again');
  return items;
}

function base64Text(value: unknown, pointer: string, mostBytes: number): string {
  if (typeof value !== 'string') throw bad(pointer, 'a string', typeof value);
  if (value.length > 4 * Math.ceil(mostBytes / 3)) throw bad(pointer, `at most ${mostBytes} bytes`, 'more');
  try {
    if (value !== '' && base64.encode(base64.decode(value)) === value) return value;
  } catch (cause) {
    throw bad(pointer, 'canonical base64', 'another text', cause);
  }
  throw bad(pointer, 'canonical base64 of at least one byte', 'another text');
}

function bad(pointer: string, expected: string, got: string, cause?: unknown): TspError {
  const message = `Reading a time-stamp attestation: at ${pointer || 'the top'}: expected ${expected}, got ${got}`;
  return new TspError('bad-attestation', message, cause === undefined ? {} : { cause });
}
