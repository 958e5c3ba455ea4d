import { type ByteSource, inSequence, memorySource, sliceOf } from './byte-source.js';
import type { Carrier, Embedded, Embedding } from './carrier.js';
import { CONTAINER } from './container.js';
import { PDF } from './pdf.js';
import { startsAt } from './search.js';
import { ZIP } from './zip.js';

/** Every kind of file that a document and its proof can be in; a container is a ZIP file of a kind of its own. */
const CARRIERS: readonly Carrier[] = [PDF, CONTAINER, ZIP];

/** As much of a file as tells its kind, in bytes. */
const TELLING_BYTES = Math.max(...CARRIERS.map(({ magic }) => magic.length));

/** What kind of document it is; undefined where a proof cannot be put into it. */
export async function carrierOf(file: ByteSource): Promise<Carrier | undefined> {
  const start = await file.read(0, Math.min(TELLING_BYTES, file.size));
  return CARRIERS.find(({ magic }) => startsAt(start, magic, 0));
}

/** The proof of a file that is a document with a proof in it and nothing else; undefined for any other file. Reads a few kilobytes of  most files, and a container twice. */
export async function findEmbedded(file: ByteSource): Promise<Embedded | undefined> {
  return (await carrierOf(file))?.findAtEnd(file);
}

/**
 * Every proof that stands somewhere in a file, exact or not, from the front: what is left of one in a file that was added to or changed. Such a
 * proof says nothing in favour of the file; it may say which part of it was sealed. Reads the whole file.
 */
export async function findRemains(file: ByteSource): Promise<Embedded[]> {
  return (await carrierOf(file))?.remains(file) ?? [];
}

/** The document that a proof in a file is about. */
export function sealedPart(file: ByteSource, { ending, from, kept }: Embedded): ByteSource {
  return inSequence(sliceOf(file, from, from + kept), memorySource(ending));
}

/** The file that is made of a document. */
export function fileOf(document: ByteSource, { head, kept, tail }: Embedding): ByteSource {
  return inSequence(memorySource(head), sliceOf(document, 0, kept), memorySource(tail));
}
