import type { NetworkName } from '#bitcoin/network.js';

/** A chain, as far as it is known which one it is. */
export type Chain =
  | {
      kind: 'bitcoin';
      /** Null when no source could tell which network it serves. */
      network: NetworkName | null;
    }
  | {
      kind: 'evm';
      chainId: number;
      /** Hash of block 0, hex; null where only the id was given. */
      genesis: string | null;
    };

/**
 * What a block of a chain is worth to a stranger.
 *
 * - `public`: a chain that is known here and is not for tests;
 * - `test`: a chain that is known here to be for tests: it proves nothing outside one;
 * - `foreign`: not known here; it says what those who run it want;
 * - `impostor`: it has the id of a known chain and another block 0; as `test`;
 * - `unnamed`: no source could tell which chain it is.
 */
export type Standing = 'public' | 'test' | 'foreign' | 'impostor' | 'unnamed';
