import type { DigestAlgorithm } from '#statement/digest.js';
import { type DocumentDigests, hashFile } from './hash-file.js';

/** Largest file that is tried with other line endings, in bytes: a text that a person writes. */
const MAX_TEXT_BYTES = 1024 * 1024;

const CR = 0x0d;
const LF = 0x0a;

/** Digests of a small text as it would be with LF alone and with CR LF; none of a file that is large, has no line end, or holds zero bytes. */
export async function lineEndingTwins(
  document: File,
  algorithms: readonly DigestAlgorithm[],
  signal: AbortSignal,
): Promise<DocumentDigests[]> {
  if (document.size > MAX_TEXT_BYTES) return [];
  const bytes = new Uint8Array(await document.arrayBuffer());
  if (bytes.includes(0) || !bytes.includes(LF)) return [];
  const unix = bytes.filter((byte, i) => byte !== CR || bytes[i + 1] !== LF);
  const windows = new Uint8Array(unix.reduce((length, byte) => length + (byte === LF ? 2 : 1), 0));
  let at = 0;
  for (const byte of unix) {
    if (byte === LF) windows[at++] = CR;
    windows[at++] = byte;
  }
  return Promise.all([unix, windows].map((twin) => hashFile(new Blob([twin]), algorithms, { signal })));
}
