import { BitcoinError } from './error.js';

/** Blocks between two changes of the target on networks with `strictTargets`. */
export const RETARGET_BLOCKS = 2016;
/** Time that so many blocks should take, in seconds: two weeks. */
const RETARGET_SECONDS = 14 * 24 * 60 * 60;
/** A retarget changes the target by this factor at most, either way. */
const RETARGET_LIMIT_FACTOR = 4;

const MAX_TARGET = (1n << 256n) - 1n;

/**
 * The 256-bit target of a header's compact `bits`: three bytes of mantissa, shifted left to a length of so many bytes as
 * the first byte says. Throws `bad-bits` when it is negative, zero or does not fit 256 bits.
 */
export function targetFromBits(bits: number): bigint {
  const length = bits >>> 24;
  const mantissa = bits & 0x7fffff;
  if ((bits & 0x800000) !== 0 && mantissa !== 0) throw badBits(bits, 'a negative one');
  const target = length <= 3 ? BigInt(mantissa >>> (8 * (3 - length))) : BigInt(mantissa) << BigInt(8 * (length - 3));
  if (target === 0n) throw badBits(bits, 'zero');
  if (target > MAX_TARGET) throw badBits(bits, 'one above 256 bits');
  return target;
}

/** The compact form of a target, rounded down to three significant bytes. */
export function bitsFromTarget(target: bigint): number {
  let length = Math.ceil(target.toString(16).length / 2);
  let mantissa = Number(length <= 3 ? target << BigInt(8 * (3 - length)) : target >> BigInt(8 * (length - 3)));
  // The top bit of the mantissa means "negative": a number that would set it takes one byte more instead.
  if ((mantissa & 0x800000) !== 0) {
    mantissa >>= 8;
    length++;
  }
  return ((length << 24) | mantissa) >>> 0;
}

/** The expected number of hashes to find a block of this target: 2^256 / (target + 1). */
export function workOfTarget(target: bigint): bigint {
  return (1n << 256n) / (target + 1n);
}

/**
 * Throws unless a block hash (32 bytes, internal order) is at or below the target of its `bits` (`bad-work`), and that
 * target valid (`bad-bits`) and not easier than the network's limit (`bad-work`).
 */
export function checkWork(hash: Uint8Array, bits: number, powLimitBits: number): void {
  const target = targetFromBits(bits);
  if (target > targetFromBits(powLimitBits)) {
    throw new BitcoinError(
      'bad-work',
      `Proof of work: expected a target of at most ${hexBits(powLimitBits)}, got ${hexBits(bits)}`,
    );
  }
  let value = 0n;
  for (const byte of hash.toReversed()) value = (value << 8n) | BigInt(byte);
  if (value > target) {
    throw new BitcoinError(
      'bad-work',
      `Proof of work: expected a hash at or below the target ${hexBits(bits)}, got one above`,
    );
  }
}

/**
 * The `bits` that follow a full period of 2016 blocks, given the times (seconds) of its first and last block: Bitcoin
 * Core's CalculateNextWorkRequired, in which a period is one interval short.
 */
export function nextBits(lastBits: number, firstTime: number, lastTime: number, powLimitBits: number): number {
  const shortest = RETARGET_SECONDS / RETARGET_LIMIT_FACTOR;
  const longest = RETARGET_SECONDS * RETARGET_LIMIT_FACTOR;
  const taken = Math.min(Math.max(lastTime - firstTime, shortest), longest);
  const target = (targetFromBits(lastBits) * BigInt(taken)) / BigInt(RETARGET_SECONDS);
  const limit = targetFromBits(powLimitBits);
  return bitsFromTarget(target > limit ? limit : target);
}

function badBits(bits: number, got: string): BitcoinError {
  return new BitcoinError(
    'bad-bits',
    `Compact target ${hexBits(bits)}: expected a positive number of 256 bits, got ${got}`,
  );
}

function hexBits(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0');
}
