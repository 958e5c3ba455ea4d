import { stat } from 'node:fs/promises';
import { type ByteSource, pieces } from '#embed/byte-source.js';
import type { Embedded } from '#embed/carrier.js';
import { findEmbedded, findRemains, sealedPart } from '#embed/find-embedded.js';
import { checkDocument, type SealedPart } from '#proof/document-check.js';
import type { DocumentHash } from '#proof/finding.js';
import { CliError } from '../cli-error.js';
import { PIECE_BYTES, piecesOf, STDIN } from '../file-digest.js';
import { type FileSource, openSource } from '../file-source.js';
import { writeWholeFile } from '../output-file.js';
import { visible } from '../terminal.js';
import { fits, type GivenProof, hashesOf } from './given-proof.js';
import { hashDocument, type HashedDocument } from './hashed-document.js';

/** Most documents inside one file that are hashed to see which of them was sealed. */
const MAX_REMAINS = 4;

/** What a file has inside beside a document: a proof of it, or what is left of one. */
export interface Inside {
  file: FileSource;
  /** The file is this document with this proof, and nothing else. */
  exact: Embedded | undefined;
  /** Where it is not: proofs that still stand in it. */
  remains: Embedded[];
}

/** Looks for proofs in a file; undefined for standard input and for what is no file, which can only be read once. The file is to be closed. */
export async function lookInside(path: string): Promise<Inside | undefined> {
  if (path === STDIN) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isFile()) return undefined;
  const file = await openSource(path);
  const exact = await findEmbedded(file);
  return { file, exact, remains: exact === undefined ? await findRemains(file) : [] };
}

/** The proofs in a file that are looked at: the one that it has, or the last that is left. */
export function proofsInside(inside: Inside | undefined): Embedded[] {
  if (inside === undefined) return [];
  return inside.exact === undefined ? inside.remains.slice(-1) : [inside.exact];
}

/**
 * The document in a file: the sealed part of one that has its proof inside, unless a proof that was `named` is about the whole file, which may have been
 * registered as it is; the file itself otherwise. Throws as {@link piecesOf} does.
 */
export async function hashGiven(
  path: string,
  inside: Inside | undefined,
  { found, named, stdin }: { found: readonly GivenProof[]; named: boolean; stdin: NodeJS.ReadableStream },
): Promise<{ document: HashedDocument; sealed: SealedPart | undefined }> {
  const hashes = hashesOf(found);
  const exact = inside?.exact;
  const isAbout = (document: HashedDocument) => found.some((proof) => fits(proof, document) === true);
  if (inside === undefined || exact === undefined)
    return { document: await hashDocument(piecesOf(path, stdin), hashes), sealed: undefined };
  const part = {
    document: await hashInside(inside, exact, hashes),
    sealed: { bytes: sealedPart(inside.file, exact).size },
  };
  if (!named || isAbout(part.document)) return part;
  return { document: await hashDocument(piecesOf(path, stdin), hashes), sealed: undefined };
}

/** The document inside a file, hashed. */
async function hashInside(
  { file }: Inside,
  embedded: Embedded,
  hashes: readonly DocumentHash[],
): Promise<HashedDocument> {
  const part = sealedPart(file, embedded);
  const hashed = await hashDocument(pieces(part, PIECE_BYTES), hashes);
  await file.checkUnchanged();
  return hashed;
}

/** The document that a proof says is its own, of a file that has more in it than that; undefined where none that stands in it matches. */
export async function findSealedPart(inside: Inside, { content }: GivenProof): Promise<SealedPart | undefined> {
  if (content.kind !== 'proof') return undefined;
  const hashes = Object.keys(content.proof.statement.digests) as DocumentHash[];
  // Of a container that was changed nothing can be said by its beginning.
  for (const embedded of inside.remains.filter(({ from }) => from === 0).slice(-MAX_REMAINS)) {
    const { digests } = await hashInside(inside, embedded, hashes);
    const { outcome } = checkDocument(content.proof, digests);
    if (outcome === 'passed') return { bytes: sealedPart(inside.file, embedded).size, digests };
  }
  return undefined;
}

/** Writes the document inside a file, of this length, to a file of its own. @throws CliError `cannot-create` */
export async function extract({ exact, file, remains }: Inside, bytes: number, path: string): Promise<void> {
  const embedded = [exact, ...remains].find((one) => one !== undefined && sealedPart(file, one).size === bytes);
  const part: ByteSource = embedded === undefined ? file : sealedPart(file, embedded);
  if (await writeWholeFile(path, pieces(part, PIECE_BYTES), { replace: false })) return;
  throw new CliError('cannot-create', `Writing ${visible(path)}: expected no file there, got one; nothing was written`);
}
