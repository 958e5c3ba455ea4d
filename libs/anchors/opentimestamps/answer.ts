import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { OtsError } from '#ots/error.js';
import type { Attestation } from '#ots/attestation.js';
import { graftTimestamp } from '#ots/merge.js';
import type { Timestamp } from '#ots/timestamp.js';
import { prune } from '#ots/prune.js';
import { listAttestations } from '#ots/visit.js';
import type { CalendarAllowList } from './calendar-allow-list.js';
import type { CalendarAnswer } from './calendar-client.js';

/** Attestations kept of one answer; a calendar gives one. More would let it choose how many requests we make. */
const MAX_ATTESTATIONS_PER_ANSWER = 4;
/** Operations from the root to an attestation. Public calendars need about 80; a document's own path to the root, up to 150 in a
 * log of millions of batches, must fit beside it into the 255 operations of an .ots file. */
const MAX_DEPTH = 105;

/** Longest timestamp of one root, in bytes. It travels in every proof under that root; four calendars' together have about 4 KB. */
const MAX_STORED_BYTES = 262_144;

/** What is kept of an answer; everything else in it is dropped. */
export interface Wanted {
  keeps: (attestation: Attestation) => boolean;
  /** Its name in a sentence. */
  name: string;
}

/** Keeps promises of calendars that may be asked to fulfil them. */
export const wantPromise = (allowList: CalendarAllowList): Wanted => ({
  keeps: (attestation) => attestation.type === 'pending' && allowList.allows(attestation.uri),
  name: 'promise of an allowed calendar',
});

/** Keeps Bitcoin attestations. */
export const upgradeOf: Wanted = {
  keeps: (attestation) => attestation.type === 'bitcoin',
  name: 'Bitcoin attestation',
};

/** The wanted part of an answer, read as a timestamp of `message`, which stands `depth` operations below the root; or why there is
 * none. A timestamp's bytes do not name their message, so whatever reads here does hang below ours. */
export function readAnswer(
  answer: CalendarAnswer,
  { message, depth }: { message: Uint8Array; depth: number },
  wanted: Wanted,
): { timestamp: Timestamp } | { failure: string } {
  if (answer.kind !== 'answered') return { failure: answer.reason };
  try {
    const timestamp = prune(parseTimestamp(answer.bytes, message), wanted.keeps);
    if (!timestamp) return { failure: `answered without a ${wanted.name}` };
    const found = listAttestations(timestamp);
    if (found.length > MAX_ATTESTATIONS_PER_ANSWER) return { failure: `answered ${found.length} attestations` };
    const deepest = depth + Math.max(...found.map((attested) => attested.depth));
    if (deepest > MAX_DEPTH) return { failure: `answered a path of ${deepest} operations` };
    return { timestamp };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    return { failure: `answered no readable timestamp (${error.code})` };
  }
}

/** The timestamp with a calendar's addition, unless that would make it larger than is kept; then why not. */
export function graftWithinLimits(
  timestamp: Timestamp,
  addition: Timestamp,
): { timestamp: Timestamp } | { failure: string } {
  try {
    const grafted = graftTimestamp(timestamp, addition);
    const { length } = serializeTimestamp(grafted);
    return length <= MAX_STORED_BYTES
      ? { timestamp: grafted }
      : { failure: `answered too much: ${length} bytes in all` };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    return { failure: `answered too much (${error.code})` };
  }
}
