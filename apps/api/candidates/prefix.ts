import { CANDIDATE_BYTES, START_BYTES } from '#database/candidate.repository.js';

/** The first and the last beginning of 8 bytes under a prefix of binary digits, at most 64. */
export function rangeOf(prefix: string): { first: Buffer; last: Buffer } {
  return { first: toBytes(prefix.padEnd(8 * START_BYTES, '0')), last: toBytes(prefix.padEnd(8 * START_BYTES, '1')) };
}

/** The place before every candidate that begins so. */
export function placeBefore(start: Buffer): Buffer {
  return Buffer.concat([start], CANDIDATE_BYTES);
}

/** The longest prefix, in bits, under which at least `least` of `total` evenly spread digests are to be expected; 0 where there are fewer. */
export function prefixBits(total: number, least: number): number {
  return total < 2 * least ? 0 : Math.floor(Math.log2(total / least));
}

function toBytes(bits: string): Buffer {
  const bytes = Buffer.alloc(START_BYTES);
  bytes.writeBigUInt64BE(BigInt(`0b${bits}`));
  return bytes;
}
