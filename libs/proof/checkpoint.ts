import type { JsonObject, JsonValue } from '#statement/jcs.js';
import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { type Note, parseNote } from '#tlog/note.js';
import { attestationValue, parseAttestation, type ProofAttestation } from './anchors/kinds.js';
import { hashes, list, object, refused, text, wrapped } from './json-reader.js';
import { LOG_PATH_MAX, PROOF_MAX_ATTESTATIONS, PROOF_MAX_NOTE_CHARACTERS } from './format.js';

/** A checkpoint of the batch log that covers the batch. */
export interface ProofCheckpoint {
  /** Inclusion path of the batch entry in the log at this size: hex, the leaf's sibling first. */
  path: string[];
  /** Signed note. */
  note: string;
  attestations: ProofAttestation[];
}

/** The checkpoint of a signed note, with its signature lines. */
export interface SignedCheckpoint extends Checkpoint {
  note: Note;
}

/** A checkpoint of the log as it was read: its text, its signature lines, its path. */
export interface ReadCheckpoint extends SignedCheckpoint {
  /** Of the batch entry at this size; hex, the leaf's sibling first. */
  path: readonly string[];
  attestations: readonly ProofAttestation[];
}

/** Reads a checkpoint of the log. @throws ProofError `bad-proof` */
export function readProofCheckpoint(
  value: JsonValue,
  pointer: string,
): { written: ProofCheckpoint; read: ReadCheckpoint } {
  const member = object(value, pointer, ['path', 'note', 'attestations']);
  const path = hashes(member['path']!, `${pointer}/path`, LOG_PATH_MAX);
  const note = text(member['note']!, `${pointer}/note`);
  const signed = readCheckpointNote(note, `${pointer}/note`);
  const at = `${pointer}/attestations`;
  const attestations = list(member['attestations']!, at, PROOF_MAX_ATTESTATIONS, parseAttestation);
  return { written: { path, note, attestations }, read: { ...signed, path, attestations } };
}

/** Reads a signed note of a checkpoint. Whose signatures it carries is for the checks to say: the log's must be among them.
 * @throws ProofError `bad-proof` */
export function readCheckpointNote(string: string, pointer: string): SignedCheckpoint {
  if (string.length > PROOF_MAX_NOTE_CHARACTERS) {
    throw refused(pointer, `at most ${PROOF_MAX_NOTE_CHARACTERS} characters`, string.length);
  }
  return wrapped(pointer, () => {
    const note = parseNote(string);
    return { ...parseCheckpoint(note.text), note };
  });
}

/** Reads the index of an entry in its batch. @throws ProofError `bad-proof` */
export function readBatchIndex(value: JsonValue, pointer: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) {
    throw refused(pointer, 'a whole number from 0', value);
  }
  return value;
}

/** A checkpoint as its proof writes it. */
export function checkpointValue({ attestations, note, path }: ProofCheckpoint): JsonObject {
  return { note, path, attestations: attestations.map(attestationValue) };
}
