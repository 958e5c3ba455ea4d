import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { AGENCY_PATTERN } from '#statement/member-check.js';
import type { JsonObject } from '#statement/jcs.js';
import type { RecordStatement } from '#statement/statement.js';
import { keyIdOf, parsePublicKey } from './agency-key.js';
import { SignatureError } from './error.js';

/** Profile of the records by which a service says whose a key is. */
export const REGISTRATION_PROFILE = 'identity@1';
/** What claim `type` of such a record says. */
export const SIGNING_KEY_TYPE = 'signing-key';
const ALGORITHM = 'Ed25519';

/** That a key is an agency's, as a registration says. */
export interface KeyRegistration {
  agency: string;
  key: string;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

/** Domain of the agency in whose name the service that writes the log of this origin says who is who: below the log's own host, so that nobody else's records
 * can be taken for these. Null when the origin begins with no host name. */
export function registrarOf(logOrigin: string): string | null {
  const host = logOrigin.split('/', 1)[0]!.replace(/:\d*$/, '');
  const domain = `registrar.${host}`;
  return AGENCY_PATTERN.test(domain) ? domain : null;
}

/** The claims that register a key, with the signature (64 bytes) by which its holder asked for that, see `possessionText`. */
export function registrationClaims(agency: string, publicKey: Uint8Array, possession: Uint8Array): JsonObject {
  return {
    agency,
    algorithm: ALGORITHM,
    key: keyIdOf(publicKey),
    possession: base64urlnopad.encode(possession),
    publicKey: base64urlnopad.encode(publicKey),
    type: SIGNING_KEY_TYPE,
  };
}

/** What a record statement registers: null when it is the registration of no key. That it is the service's own word is for the caller to look at, by its `agency`. */
export function parseRegistration({ claims = {}, digests, profile }: RecordStatement): KeyRegistration | null {
  const { agency, algorithm, key, publicKey, type } = claims;
  if (profile !== REGISTRATION_PROFILE || type !== SIGNING_KEY_TYPE || algorithm !== ALGORITHM) return null;
  if (typeof agency !== 'string' || typeof publicKey !== 'string') return null;
  try {
    const bytes = parsePublicKey(publicKey);
    const id = keyIdOf(bytes);
    // The record's document is the key's JSON Web Key, so that its digest is the id in hex.
    return id === key && digests.sha256 === idHex(id) ? { agency, key: id, publicKey: bytes } : null;
  } catch (error) {
    if (error instanceof SignatureError) return null;
    throw error;
  }
}

/** The registrar's reference of the record that registers a key in the log of this origin. */
export function registrationReference(keyId: string, logOrigin: string): string {
  return referenceIn(logOrigin, `signing-key:${keyId}`);
}

/** What a fact is called in the log of this origin: a log that follows another has facts of its own. */
export function referenceIn(logOrigin: string, fact: string): string {
  return `${fact}:${base64urlnopad.encode(sha256(utf8ToBytes(logOrigin)).subarray(0, 6))}`;
}

/** The digest, hex, of the document that a registration is about: the key's JSON Web Key. */
export function idHex(keyId: string): string {
  return [...base64urlnopad.decode(keyId)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
