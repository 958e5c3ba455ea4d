import type { Chain } from '#source/chain.js';

/** How far off a Bitcoin block's time may be by its rules, in milliseconds. */
const BITCOIN_CLOCK_MS = 2 * 60 * 60 * 1000;

/** How far any other clock may reasonably be off, in milliseconds. */
export const CLOCK_MS = 5 * 60 * 1000;

/** How far off the times of a chain's blocks may be, in milliseconds. */
export const chainClockMs = (chain: Chain['kind'] | undefined): number =>
  chain === 'bitcoin' ? BITCOIN_CLOCK_MS : CLOCK_MS;
