import { randomBytes } from 'node:crypto';
import { type CandidateRepository, FIRST_ID } from '#database/candidate.repository.js';
import { rangeOf, START_BYTES } from './prefix.js';

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
    const found = await candidates.page({ start, id: FIRST_ID }, rangeOf('').last, NEIGHBOURS);
    // From the very beginning on, fewer than were asked for are all there are.
    if (i === 0 && found.length < NEIGHBOURS) return found.length;
    const end = found.length < NEIGHBOURS ? rangeOf('').last : found.at(-1)!.start;
    const share = Number(end.readBigUInt64BE() - start.readBigUInt64BE()) / 2 ** (8 * START_BYTES);
    samples.push(found.length / Math.max(share, Number.EPSILON));
  }
  return Math.round(samples.toSorted((a, b) => a - b)[Math.floor(SAMPLES / 2)]!);
}
