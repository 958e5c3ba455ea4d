import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { verifyEd25519 } from './ed25519.js';
import { TlogError } from './error.js';
import { decodeBase64, encodeBase64, isNoteText, quote } from './text.js';
import {
  ED25519_TYPE,
  isKeyName,
  KEY_ID_BYTES,
  keyId,
  type NoteSigner,
  sameKeyId,
  type VerifierKey,
} from './verifier-key.js';

/** Most signatures that a note may carry: as golang.org/x/mod/sumdb/note, so that a long list cannot keep a verifier busy. */
export const MAX_SIGNATURES = 100;

/** One signature line of a note. */
export interface NoteSignature {
  /** Key name. */
  name: string;
  /** Key id, 4 bytes. */
  keyId: Uint8Array;
  /** At least one byte; what it means depends on the key's type. */
  signature: Uint8Array;
}

/** A signed note (C2SP signed-note), read but not verified. */
export interface Note {
  /** What is signed: ends with a newline. */
  text: string;
  signatures: NoteSignature[];
}

/** Which of the given keys signed a note, and which have a signature there that is wrong. Signatures of other keys are ignored. */
export interface NoteVerification {
  verified: VerifierKey[];
  /** Not empty: the note is to be refused, whoever else signed it. */
  failed: VerifierKey[];
  /** Keys with several lines, of which the first was judged and the others were not looked at, as golang.org/x/mod/sumdb/note does. */
  repeated: VerifierKey[];
}

const SIGNATURE_PREFIX = '— ';

/** Reads a signed note. Throws `bad-note`. */
export function parseNote(note: string): Note {
  if (!isNoteText(note))
    throw new TlogError('bad-note', 'note: expected Unicode text without control characters but newline');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) throw new TlogError('bad-note', 'note: expected a blank line before the signatures, got none');
  const block = note.slice(blank + 2);
  if (!block.endsWith('\n')) throw new TlogError('bad-note', 'note: expected signature lines ending with a newline');
  const lines = block.slice(0, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) {
    throw new TlogError('bad-note', `note: expected at most ${MAX_SIGNATURES} signatures, got ${lines.length}`);
  }
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

/** A note as text, its signatures in the given order. Throws `bad-note` when it could not be read back. */
export function formatNote({ text, signatures }: Note): string {
  if (!isNoteText(text) || !text.endsWith('\n')) {
    throw new TlogError('bad-note', 'note text: expected text without control characters, ending with a newline');
  }
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw new TlogError('bad-note', `note: expected 1 to ${MAX_SIGNATURES} signatures, got ${signatures.length}`);
  }
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/** Signs `text`, which must end with a newline, with each signer in turn; returns the note. Throws `bad-note` or `bad-key`. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const message = utf8ToBytes(text);
  const signatures = signers.map((signer) => ({
    name: signer.name,
    keyId: keyId(signer.name, signer.publicKey),
    signature: signer.sign(message),
  }));
  return formatNote({ text, signatures });
}

/** Checks the note's Ed25519 signatures (type 1) by `keys`, one for each; keys of other types are ignored, see cosignature.ts for theirs. */
export function verifyNote(note: Note, keys: readonly VerifierKey[]): NoteVerification {
  const message = utf8ToBytes(note.text);
  const verification: NoteVerification = { verified: [], failed: [], repeated: [] };
  for (const key of keys) {
    if (key.type !== ED25519_TYPE) continue;
    const { first, repeated } = signatureBy(note, key);
    if (first === undefined) continue;
    if (repeated) verification.repeated.push(key);
    const right = verifyEd25519(first.signature, message, key.publicKey);
    (right ? verification.verified : verification.failed).push(key);
  }
  return verification;
}

/** The note's first signature line under the name and key id of `key`, and whether there are more. Only the first is worth a verification:
 * else whoever writes the lines decides how long a verifier works. */
export function signatureBy(note: Note, key: VerifierKey): { first: NoteSignature | undefined; repeated: boolean } {
  const own = note.signatures.filter(({ name, keyId: id }) => name === key.name && sameKeyId(id, key.id));
  return { first: own[0], repeated: own.length > 1 };
}

function parseSignatureLine(line: string): NoteSignature {
  const space = line.indexOf(' ', SIGNATURE_PREFIX.length);
  if (!line.startsWith(SIGNATURE_PREFIX) || space < 0) {
    throw new TlogError('bad-note', `signature line: expected "— name base64", got ${quote(line)}`);
  }
  const name = line.slice(SIGNATURE_PREFIX.length, space);
  if (!isKeyName(name)) throw new TlogError('bad-note', `signature line: expected a key name, got ${quote(name)}`);
  const bytes = decodeBase64(line.slice(space + 1), 'bad-note', `signature by ${quote(name)}`);
  if (bytes.length <= KEY_ID_BYTES) {
    throw new TlogError(
      'bad-note',
      `signature by ${quote(name)}: expected more than ${KEY_ID_BYTES} bytes, got ${bytes.length}`,
    );
  }
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) };
}

function formatSignatureLine({ name, keyId: id, signature }: NoteSignature): string {
  if (!isKeyName(name) || id.length !== KEY_ID_BYTES || signature.length === 0) {
    throw new TlogError(
      'bad-note',
      `signature by ${quote(name)}: expected a key name, a key id of 4 bytes and a signature`,
    );
  }
  return `${SIGNATURE_PREFIX}${name} ${encodeBase64(concatBytes(id, signature))}\n`;
}
