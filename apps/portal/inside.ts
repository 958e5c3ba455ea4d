import type { Embedded } from '#embed/carrier.js';
import { planEmbedding } from '#embed/embed.js';
import { carrierOf, findEmbedded, findRemains } from '#embed/find-embedded.js';
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
}

/** A part of a file that is what was registered. */
export interface RegisteredPart extends SealedPart {
  document: FileContent;
}

/** The proof of a file that is a document with its proof inside and nothing else; undefined for any other file. */
export async function lookInside(file: FileContent): Promise<Inside | undefined> {
  const embedded = await findEmbedded(file);
  return embedded && { proof: embedded.proof, document: partOf(file, embedded) };
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
  for (const embedded of (await findRemains(file)).slice(-MAX_REMAINS)) {
    const document = partOf(file, embedded);
    const digests = await hasher.hash(await document.toHash(), algorithms, { signal });
    if (checkDocument(proof, digests).outcome === 'passed') return { bytes: document.size, digests, document };
  }
  return undefined;
}

/** Whether it is a document of a kind that a proof can be put into. */
export async function canHoldProof(document: FileContent): Promise<boolean> {
  return (await carrierOf(document)) !== undefined;
}

/** The document with the proof inside it. @throws EmbedError */
export async function withProof(document: Blob, proof: Proof): Promise<Blob> {
  const { kept, tail } = await planEmbedding(new FileContent(document), new TextEncoder().encode(formatProof(proof)));
  return new Blob([document.slice(0, kept), new Uint8Array(tail)]);
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

function partOf(file: FileContent, { ending, kept }: Embedded): FileContent {
  return file.part(kept, ending);
}
