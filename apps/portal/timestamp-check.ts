import { readTimestampFile, verifyTimestampFile } from '#proof/timestamp-file.js';
import { verifyProof } from '#proof/verify.js';
import type { Outcome } from './stage.js';
import type { Subject } from './subject.js';
import type { CheckSurroundings } from './surroundings.js';
import { twinDigests } from './twin-digests.js';

/** What an OpenTimestamps file alone shows of a document: who registered it only a proof says. */
export async function checkTimestamp(
  { bytes, name }: Subject,
  ots: Uint8Array,
  sha256: Uint8Array,
  { basis, hasher, now }: CheckSurroundings,
  signal: AbortSignal,
): Promise<Outcome> {
  const file = readTimestampFile(ots);
  if (!('hash' in file)) return unreadable(ots, now());
  const twins = bytes && (await twinDigests(bytes, ['sha256'], hasher, signal));
  const verification = await verifyTimestampFile({
    file,
    // Of what such files start from, documents are compared by SHA-256 alone.
    digest: file.hash === 'sha256' ? sha256 : null,
    twins: twins?.flatMap((twin) => twin.sha256 ?? []),
    sources: (await basis([{ source: 'bitcoin' }], signal)).sources,
    now: now(),
  });
  const documentName = name;
  return { verification, digests: { sha256 }, embeddable: false, documentName, proofFrom: 'file', grown: false };
}

/** What is to be said of a proof file that cannot be read. */
export async function unreadable(bytes: Uint8Array, now: Date): Promise<Outcome> {
  const verification = await verifyProof({ proof: bytes, now });
  return { verification, digests: {}, embeddable: false, documentName: '', proofFrom: 'file', grown: false };
}
