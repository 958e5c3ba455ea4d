import { randomBytes } from 'node:crypto';
import { CANDIDATE_BYTES, type CandidateRepository, START_BYTES } from '#database/candidate.repository.js';
import { placeBefore, rangeOf } from './prefix.js';

/** Neighbours that one sample looks at, and samples: their middle one is off by a few parts in a hundred. */
const NEIGHBOURS = 256;
const SAMPLES = 9;

/**
 * How many digests are registered, about, without counting them: digests are spread evenly, so that the distance between neighbours says how many
 * there are. The middle one of several samples, since somebody may have registered many in one place. Costs the same however many there are.
 */
export async function estimateDigests(candidates: CandidateRepository): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const start = i === 0 ? Buffer.alloc(START_BYTES) : randomBytes(START_BYTES);
    // From the lower half: the upper one is there to find neighbours in.
    start[0]! &= 0x7f;
    const page = await candidates.page(placeBefore(start), rangeOf('').last, NEIGHBOURS);
    const found = page.length / CANDIDATE_BYTES;
    // From the very beginning on, fewer than were asked for are all there are.
    if (i === 0 && found < NEIGHBOURS) return found;
    const end = found < NEIGHBOURS ? rangeOf('').last : page.subarray(-CANDIDATE_BYTES);
    const share = Number(end.readBigUInt64BE() - start.readBigUInt64BE()) / 2 ** (8 * START_BYTES);
    samples.push(found / Math.max(share, Number.EPSILON));
  }
  return Math.round(samples.toSorted((a, b) => a - b)[Math.floor(SAMPLES / 2)]!);
}
