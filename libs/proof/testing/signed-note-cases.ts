import { utf8ToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ed25519NoteSigner } from '#tlog/testing/note-signer.js';
import { signCosignature } from '#tlog/cosignature.js';
import { formatNote, MAX_SIGNATURES, type NoteSignature, parseNote } from '#tlog/note.js';
import { PROOF_MAX_NOTE_CHARACTERS } from '../format.js';
import type { Proof } from '../proof.js';
import { sampleProof } from './sample-proof.js';
import { vector, type VectorCase } from './vector-case.js';

const sample = sampleProof();

const witness = ed25519NoteSigner('witness.example/w1', sha256(utf8ToBytes('sample witness key')));

/** The note with other signature lines than its own. */
function resigned(note: string, lines: (own: NoteSignature, text: string) => NoteSignature[]): string {
  const { text, signatures } = parseNote(note);
  return formatNote({ text, signatures: lines(signatures[0]!, text) });
}

/** The proof with every note's signature lines replaced: of the batch's checkpoint and of each of the log's. */
function withLines(proof: Proof, lines: (own: NoteSignature, text: string) => NoteSignature[]): Proof {
  const { batch, log } = proof;
  const checkpoints = log.checkpoints.map((item) => ({ ...item, note: resigned(item.note, lines) }));
  return {
    ...proof,
    batch: { ...batch, checkpoint: resigned(batch.checkpoint, lines) },
    log: { ...log, checkpoints },
  };
}

/** A witness's line, dated: the specification's own kind. */
const cosignature = (text: string): NoteSignature => signCosignature(text, 1_772_352_010, witness);

/** A line of a kind that nothing here knows, as long as such signatures get. */
const unknownLine: NoteSignature = {
  name: 'another.example/key',
  keyId: Uint8Array.of(1, 2, 3, 4),
  signature: new Uint8Array(2_500).fill(9),
};

const shortLine: NoteSignature = { ...unknownLine, signature: Uint8Array.of(5) };
/** The same line with another signature. */
const wrong = (line: NoteSignature) => ({ ...line, signature: line.signature.toReversed() });
const repeated = (line: NoteSignature, times: number) => Array.from({ length: times }, () => line);

/** Notes that carry more lines than the log's own. */
export function cosignedCases(): VectorCase[] {
  const signed = (about: string, lines: (own: NoteSignature, text: string) => NoteSignature[]) =>
    vector(about, sample, 'authentic', { proof: withLines(sample.proof, lines) });
  return [
    signed('checkpoints that a witness has cosigned too', (own, text) => [own, cosignature(text)]),
    signed("lines of unknown keys before and after the log's own", (own, text) => [
      unknownLine,
      own,
      cosignature(text),
    ]),
    signed("a line that is wrong, under the log's name, by a key that is not its", (own) => [
      own,
      { ...own, keyId: own.keyId.toReversed(), signature: own.signature.toReversed() },
    ]),
    signed("the log's own line twice", (own) => [own, own]),
    signed("the log's own line right and then wrong", (own, text) => [own, cosignature(text), wrong(own)]),
    signed(`${MAX_SIGNATURES} lines`, (own) => [own, ...repeated(shortLine, MAX_SIGNATURES - 1)]),
    vector(`a note of ${PROOF_MAX_NOTE_CHARACTERS} characters`, sample, 'authentic', {
      proof: {
        ...sample.proof,
        batch: { ...sample.proof.batch, checkpoint: longNote(PROOF_MAX_NOTE_CHARACTERS) },
      },
    }),
  ];
}

/** Notes whose other lines do not make up for the log's own. */
export function wronglySignedCases(): VectorCase[] {
  const signed = (about: string, lines: (own: NoteSignature, text: string) => NoteSignature[]) =>
    vector(about, sample, 'mismatch', {
      proof: withLines(sample.proof, lines),
      checks: { 'batch-checkpoint': 'failed', 'log-checkpoint': 'failed' },
    });
  return [
    signed("a witness's line alone", (_, text) => [cosignature(text)]),
    signed("the log's own line wrong and then right", (own) => [wrong(own), own]),
    signed("the log's own signature under another name", (own, text) => [
      { ...own, name: witness.name },
      cosignature(text),
    ]),
  ];
}

/** The batch's checkpoint with a further line by a key whose name makes the note that long. */
export function longNote(characters: number): string {
  const named = (name: string) => resigned(sample.proof.batch.checkpoint, (own) => [own, { ...shortLine, name }]);
  return named('w'.repeat(characters - named('w').length + 1));
}
