import { stat } from 'node:fs/promises';
import { type ByteSource, pieces } from '#embed/byte-source.js';
import type { Embedding } from '#embed/carrier.js';
import { planEmbedding } from '#embed/embed.js';
import { fileOf, findEmbedded, sealedPart } from '#embed/find-embedded.js';
import { mergeProofs } from '#proof/merge-proofs.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { commandLineWords } from '#words/command-line.js';
import type { OtherEvidence } from '#words/evidence-words.js';
import type { Language } from '#words/language.js';
import { EvidenceError } from '../cli-error.js';
import type { Kept } from '../evidence-file.js';
import { PIECE_BYTES } from '../file-digest.js';
import { openSource } from '../file-source.js';
import { writeWholeFile } from '../output-file.js';
import { proofIn } from '../proof-file.js';

/** A document, its proof, and how both become one file. */
export interface Made {
  document: ByteSource;
  plan: Embedding;
  proof: Proof;
  /** In which is told what is there instead. */
  language: Language;
}

/**
 * Keeps a document with its proof in a file of this name: new, or in place of the same document with a proof of the same record, which then says what both
 * say. Any other file stays as it is, a document without a proof among them.
 *
 * @throws CliError `cannot-create`, `no-input`
 */
export async function keepEmbedded(path: string, made: Made): Promise<Kept> {
  const file = fileOf(made.document, made.plan);
  if (await writeWholeFile(path, pieces(file, PIECE_BYTES), { replace: false })) return 'written';
  const { language } = made;
  const there = await openSource(path);
  try {
    const found = await findEmbedded(there);
    if (found === undefined) throw refusal(path, 'no-proof-inside', language);
    const part = sealedPart(there, found);
    if (!(await isSame(part, made.document))) throw refusal(path, 'other-document-inside', language);
    const proof = mergeInto(path, found.proof, made.proof, language);
    // As it was made, whatever would be made of the document today.
    const plan = await planEmbedding(part, Buffer.from(formatProof(proof)), { signed: true, container: found.name });
    const grown = fileOf(part, plan);
    if (await isSame(grown, there)) return 'unchanged';
    const { mode } = await stat(path);
    await writeWholeFile(path, pieces(grown, PIECE_BYTES), { replace: true, mode: mode & 0o777 });
    return 'grown';
  } finally {
    await there.close();
  }
}

/** What the proof in a file and another one of the same record say together. @throws CliError `cannot-create` when they are of different records */
export function mergeInto(path: string, there: Uint8Array, proof: Proof, language: Language): Proof {
  const kept = proofIn(there);
  const merged = kept === undefined ? 'other-record' : mergeProofs(kept, proof);
  if (typeof merged !== 'string') return merged;
  throw refusal(path, 'other-proof-inside', language);
}

function refusal(path: string, what: OtherEvidence, language: Language): EvidenceError {
  const { taken, there } = commandLineWords(language).evidence;
  return new EvidenceError('cannot-create', taken(path, there[what]));
}

async function isSame(a: ByteSource, b: ByteSource): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += PIECE_BYTES) {
    const end = Math.min(at + PIECE_BYTES, a.size);
    const [one, other] = await Promise.all([a.read(at, end), b.read(at, end)]);
    if (Buffer.compare(one, other) !== 0) return false;
  }
  return true;
}
