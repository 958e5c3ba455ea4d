import { type ByteSource, partOf } from './byte-source.js';
import type { Carrier, Embedded } from './carrier.js';
import { ascii, MARK } from './format.js';
import { PDF } from './pdf.js';
import { placesOf, startsAt } from './search.js';
import { ZIP } from './zip.js';

/** Every kind of document that a proof can be put into. */
const CARRIERS: readonly Carrier[] = [PDF, ZIP];

/** Most marks that are looked at in one file: documents that hold other documents have some of their own. */
const MAX_MARKS = 64;

/** What kind of document it is; undefined where a proof cannot be put into it. */
export async function carrierOf(file: ByteSource): Promise<Carrier | undefined> {
  const start = await file.read(0, Math.min(8, file.size));
  return CARRIERS.find(({ magic }) => startsAt(start, magic, 0));
}

/** The proof of a file that is a document with a proof in it and nothing else; undefined for any other file. Reads a few kilobytes of most files. */
export async function findEmbedded(file: ByteSource): Promise<Embedded | undefined> {
  return (await carrierOf(file))?.findAtEnd(file);
}

/**
 * Every proof that stands somewhere in a file, exact or not, from the front: what is left of one in a file that was added to or changed. Such a
 * proof says nothing in favour of the file; it may say which part of it was sealed. Reads the whole file.
 */
export async function findRemains(file: ByteSource): Promise<Embedded[]> {
  const carrier = await carrierOf(file);
  if (carrier === undefined) return [];
  const found: Embedded[] = [];
  let marks = 0;
  for await (const place of placesOf(file, ascii(`${MARK} `))) {
    const one = place < carrier.markOffset ? undefined : await carrier.findAt(file, place - carrier.markOffset);
    if (one !== undefined) found.push(one);
    if (++marks === MAX_MARKS) break;
  }
  return found;
}

/** The document that a proof in a file is about. */
export function sealedPart(file: ByteSource, { ending, kept }: Embedded): ByteSource {
  return partOf(file, kept, ending);
}
