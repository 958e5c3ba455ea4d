import type { ByteSource } from './byte-source.js';
import type { Embedded } from './carrier.js';
import { ascii, MARK } from './format.js';
import { placesOf } from './search.js';

/** Most marks that are looked at in one file: documents that hold other documents have some of their own. */
const MAX_MARKS = 64;

/** What stands at each mark of a proof in a file, from the front. `offset`: how far before the mark what belongs to it begins, in bytes. */
export async function atMarks(
  file: ByteSource,
  offset: number,
  findAt: (file: ByteSource, place: number) => Promise<Embedded | undefined>,
): Promise<Embedded[]> {
  const found: Embedded[] = [];
  let marks = 0;
  for await (const place of placesOf(file, ascii(`${MARK} `))) {
    const one = place < offset ? undefined : await findAt(file, place - offset);
    if (one !== undefined) found.push(one);
    if (++marks === MAX_MARKS) break;
  }
  return found;
}
