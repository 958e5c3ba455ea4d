import { bytesToHex } from '@noble/hashes/utils.js';
import type { Embedded } from '#embed/carrier.js';
import { DETACHED_FILE_MAGIC } from '#ots/codec.js';
import { checkDocument } from '#proof/document-check.js';
import { startsWith } from '#proof/file-kind.js';
import type { DocumentHash } from '#proof/finding.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { mergeProofs } from '#proof/merge-proofs.js';
import { type Proof } from '#proof/proof.js';
import { readTimestampFile, type TimestampFile } from '#proof/timestamp-file.js';
import type { FileNote } from '#words/file-note.js';
import { CliError, fileError } from '../cli-error.js';
import { STDIN } from '../file-digest.js';
import { proofIn, readProofBytes } from '../proof-file.js';
import type { HashedDocument } from './hashed-document.js';

/** A file that was given as a proof, or lies beside the document under the name of one. */
export interface GivenProof {
  path: string;
  bytes: Uint8Array;
  /** What it is, as far as it can be read. */
  content: { kind: 'proof'; proof: Proof } | { kind: 'timestamp'; file: TimestampFile } | { kind: 'unreadable' };
}

/** What became of the proofs that were there: one is verified, the others are named. */
export interface ProofChoice {
  chosen: GivenProof;
  /** Handed in beside it and to be looked at with it. */
  companions: GivenProof[];
  notes: FileNote[];
}

/**
 * Reads the proofs that were named, or else those inside the document and beside it.
 *
 * @throws CliError `usage`, `no-input`
 */
export async function readGivenProofs(
  file: string | undefined,
  named: readonly string[],
  inside: readonly Embedded[] = [],
): Promise<GivenProof[]> {
  const beside = file === undefined || file === STDIN ? [] : [PROOF_SUFFIX, '.ots'].map((suffix) => file + suffix);
  const found: GivenProof[] =
    file === undefined || named.length > 0
      ? []
      : inside.map(({ proof }) => ({ path: file, bytes: proof, content: contentOf(proof, PROOF_SUFFIX) }));
  for (const path of named.length > 0 ? named : beside) {
    try {
      const bytes = await readProofBytes(path);
      found.push({ path, bytes, content: contentOf(bytes, path) });
    } catch (error) {
      if (named.length === 0 && (error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw fileError(`Reading the proof ${path}`, error, 'no-input');
    }
  }
  if (found.length > 0) return found;
  if (beside.length === 0) throw new CliError('usage', 'Finding the proof: expected --proof, got none');
  throw new CliError('no-input', `Finding the proof: expected --proof, or ${beside.join(' or ')}, found none`);
}

function contentOf(bytes: Uint8Array, path: string): GivenProof['content'] {
  if (startsWith(bytes, DETACHED_FILE_MAGIC) || path.endsWith('.ots')) {
    const file = readTimestampFile(bytes);
    if ('hash' in file) return { kind: 'timestamp', file };
  }
  const proof = proofIn(bytes);
  return proof === undefined ? { kind: 'unreadable' } : { kind: 'proof', proof };
}

/** The hashes of the document that these proofs ask for; SHA-256 where none does. */
export function hashesOf(proofs: readonly GivenProof[]): DocumentHash[] {
  const wanted = proofs.flatMap(({ content }): DocumentHash[] => {
    if (content.kind === 'proof') return Object.keys(content.proof.statement.digests) as DocumentHash[];
    return content.kind === 'timestamp' ? [content.file.hash] : [];
  });
  return wanted.length === 0 ? ['sha256'] : [...new Set(wanted)];
}

/**
 * Chooses the proof that fits the document, a full one before a bare time-stamp. Proofs of the chosen one's record are merged into it. Of those that
 * were `named`, the others are companions, whose contradiction counts; of those that only lie beside the document, they are named and left alone,
 * unless they are about it.
 */
export function chooseProof(proofs: readonly GivenProof[], document: HashedDocument, named: boolean): ProofChoice {
  const full = proofs.filter(({ content }) => content.kind === 'proof');
  const fitting = proofs.filter((proof) => fits(proof, document) === true);
  const first =
    fitting.find((proof) => full.includes(proof)) ??
    fitting[0] ??
    full[0] ??
    proofs.find(({ content }) => content.kind === 'timestamp') ??
    proofs[0]!;
  const choice: ProofChoice = { chosen: first, companions: [], notes: [] };
  for (const other of proofs) if (other !== first) place(other, choice, document, named);
  return choice;
}

function place(other: GivenProof, choice: ProofChoice, document: HashedDocument, named: boolean): void {
  const { content, path: file } = other;
  const chosen = choice.chosen.content;
  if (content.kind === 'proof' && chosen.kind === 'proof') {
    const merged = mergeProofs(chosen.proof, content.proof);
    if (typeof merged !== 'string') {
      choice.chosen = { ...choice.chosen, content: { kind: 'proof', proof: merged } };
      choice.notes.push({ file, note: 'merged' });
      return;
    }
  }
  const fit = fits(other, document);
  if (chosen.kind === 'proof' && (named || (content.kind === 'timestamp' && fit === true))) {
    choice.companions.push(other);
    return;
  }
  const note =
    content.kind === 'unreadable'
      ? 'unreadable'
      : fit === true
        ? 'other-record'
        : fit === false
          ? 'other-document'
          : 'not-compared';
  choice.notes.push({ file, note });
}

/** Whether a proof is about the document; undefined where that cannot be told. */
export function fits({ content }: GivenProof, { digests }: HashedDocument): boolean | undefined {
  if (content.kind === 'unreadable') return undefined;
  if (content.kind === 'proof') {
    const { outcome } = checkDocument(content.proof, digests);
    return outcome === 'passed' ? true : outcome === 'failed' ? false : undefined;
  }
  const digest = digests[content.file.hash];
  return digest === undefined ? undefined : bytesToHex(digest) === bytesToHex(content.file.digest);
}
