import type { Embedded, Embedding } from '#embed/carrier.js';
import { planEmbedding } from '#embed/embed.js';
import { EmbedError, type EmbedErrorCode } from '#embed/error.js';
import { nameOfContainer, nameWithProof } from '#embed/file-name.js';
import { findEmbedded, findRemains } from '#embed/find-embedded.js';
import { checkDocument, type SealedPart } from '#proof/document-check.js';
import { ProofError } from '#proof/error.js';
import { formatProof, parseProof, type Proof } from '#proof/proof.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { FileContent } from './file-content.js';
import type { FileHasher } from './file-hasher.js';

/** Most documents inside one file that are hashed to see which of them was registered. */
const MAX_REMAINS = 4;

/** A proof that stands in a file, and the document that it says is its own. */
export interface Inside {
  proof: Uint8Array;
  document: FileContent;
  /** What the document is called, where it is in a container. */
  name?: string | undefined;
}

/** A part of a file that is what was registered. */
export interface RegisteredPart extends SealedPart {
  document: FileContent;
}

/** The proof of a file that is a document with its proof inside and nothing else; undefined for any other file. */
export async function lookInside(file: FileContent): Promise<Inside | undefined> {
  const embedded = await findEmbedded(file);
  return embedded && { proof: embedded.proof, document: partOf(file, embedded), name: embedded.name };
}

/** The proof that is left in a file that was added to; undefined where none is, or none that can be read. Reads the whole file. */
export async function findLeftProof(file: FileContent): Promise<Proof | undefined> {
  const remains = await findRemains(file);
  return remains.toReversed().flatMap(({ proof }) => readProofBytes(proof) ?? [])[0];
}

/** The part of a file that a proof is about, where the file has more in it than that. Reads the whole file. */
export async function findRegisteredPart(
  file: FileContent,
  proof: Proof,
  hasher: FileHasher,
  signal: AbortSignal,
): Promise<RegisteredPart | undefined> {
  const algorithms = Object.keys(proof.statement.digests) as DigestAlgorithm[];
  const remains = await findRemains(file);
  // Of a container that was changed nothing can be said by its beginning.
  for (const embedded of remains.filter(({ from }) => from === 0).slice(-MAX_REMAINS)) {
    const document = partOf(file, embedded);
    const digests = await hasher.hash(await document.toHash(), algorithms, { signal });
    if (checkDocument(proof, digests).outcome === 'passed') return { bytes: document.size, digests, document };
  }
  return undefined;
}

/** A document and its proof as one file. */
export interface WithProof {
  file: Blob;
  name: string;
  /** Why it is a container, where the document cannot have the proof inside. */
  obstacle?: EmbedErrorCode;
}

/** The document with the proof inside it, or else both in a container. @throws EmbedError `too-large`, `embedded` */
export async function withProof(document: Blob, name: string, proof: Proof): Promise<WithProof> {
  const content = new FileContent(document);
  const bytes = new TextEncoder().encode(formatProof(proof));
  const make = ({ head, kept, tail }: Embedding) =>
    new Blob([new Uint8Array(head), document.slice(0, kept), new Uint8Array(tail)]);
  try {
    return { file: make(await planEmbedding(content, bytes)), name: nameWithProof(name) };
  } catch (error) {
    if (!(error instanceof EmbedError) || error.code === 'embedded') throw error;
    const file = make(await planEmbedding(content, bytes, { container: name }));
    return { file, name: nameOfContainer(name), obstacle: error.code };
  }
}

/** The proof that bytes are; undefined where they are none. */
export function readProofBytes(bytes: Uint8Array): Proof | undefined {
  try {
    return parseProof(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof ProofError) return undefined;
    throw error;
  }
}

function partOf(file: FileContent, { ending, from, kept }: Embedded): FileContent {
  return file.part(from, kept, ending);
}
