import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ED25519_SIGNATURE_BYTES, verifyEd25519 } from './ed25519.js';
import { formatNote, type Note, type NoteSignature, parseNote, signatureBy } from './note.js';
import { assertWhole } from './text.js';
import { COSIGNATURE_TYPE, keyId, type NoteSigner, sameKeyId, type VerifierKey } from './verifier-key.js';

const TIMESTAMP_BYTES = 8;

/** What a witness says by cosigning: at `timestamp` this was the largest consistent tree of the log that it had seen. */
export interface Cosignature {
  /** The witness's key. */
  key: VerifierKey;
  /** Seconds since 1970-01-01 UTC, by the witness's clock. */
  timestamp: number;
}

/** The bytes that a version 1 cosignature signs: the checkpoint's text under a header and the time in seconds. */
export function cosignedMessage(checkpointText: string, timestamp: number): Uint8Array {
  assertWhole(timestamp, 'bad-cosignature', 'cosignature time in seconds');
  return utf8ToBytes(`cosignature/v1\ntime ${timestamp}\n${checkpointText}`);
}

/** A witness's signature line for a checkpoint's text at `timestamp`, in seconds. Throws `bad-cosignature` or `bad-key`. */
export function signCosignature(checkpointText: string, timestamp: number, signer: NoteSigner): NoteSignature {
  const signature = signer.sign(cosignedMessage(checkpointText, timestamp));
  const time = new Uint8Array(TIMESTAMP_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(timestamp));
  return {
    name: signer.name,
    keyId: keyId(signer.name, signer.publicKey, COSIGNATURE_TYPE),
    signature: concatBytes(time, signature),
  };
}

/**
 * Checks the note's cosignatures (type 4) by `keys`, one for each; keys of other types and signatures of other keys are ignored. When `failed`
 * is not empty the note is to be refused. Of a key with several lines the first is judged, and the key is named in `repeated`.
 */
export function verifyCosignatures(
  note: Note,
  keys: readonly VerifierKey[],
): { verified: Cosignature[]; failed: VerifierKey[]; repeated: VerifierKey[] } {
  const verified: Cosignature[] = [];
  const failed: VerifierKey[] = [];
  const repeated: VerifierKey[] = [];
  for (const key of keys) {
    if (key.type !== COSIGNATURE_TYPE) continue;
    const own = signatureBy(note, key);
    if (own.first === undefined) continue;
    if (own.repeated) repeated.push(key);
    const timestamp = verifiedTime(note.text, own.first.signature, key);
    if (timestamp === null) failed.push(key);
    else verified.push({ key, timestamp });
  }
  return { verified, failed, repeated };
}

/** The note with this cosignature in place of an earlier one by the same key; the other lines stay as they are. Throws `bad-note` when it
 * would have too many. */
export function withCosignature(note: Note, cosignature: NoteSignature): Note {
  const others = note.signatures.filter(
    ({ name, keyId: id }) => name !== cosignature.name || !sameKeyId(id, cosignature.keyId),
  );
  return parseNote(formatNote({ text: note.text, signatures: [...others, cosignature] }));
}

/** The time of a cosignature in seconds, or null when it does not verify. */
function verifiedTime(checkpointText: string, signature: Uint8Array, key: VerifierKey): number | null {
  if (signature.length !== TIMESTAMP_BYTES + ED25519_SIGNATURE_BYTES) return null;
  const timestamp = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
  // Times beyond 2^53 seconds are allowed by the format and reached by nobody.
  if (!Number.isSafeInteger(timestamp)) return null;
  const message = cosignedMessage(checkpointText, timestamp);
  return verifyEd25519(signature.slice(TIMESTAMP_BYTES), message, key.publicKey) ? timestamp : null;
}
