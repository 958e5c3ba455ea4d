import type { Check } from './verdict.js';

/** How sure it is that an anchoring stays. */
export type Finality =
  /** By the rule of its chain, or because there is nothing that could be undone. */
  | 'final'
  /** In the chain, but a reorganisation may still remove it. */
  | 'confirmed'
  /** No source could tell. */
  | 'unknown';

/** A time that is proved to be a checkpoint's latest possible one. */
export interface AnchorBound {
  type: 'bitcoin' | 'evm' | 'rfc3161';
  /** The checkpoint's root existed no later than this (RFC 3339), as far as the anchor's clock is right. */
  time: string;
  /** Size of the checkpoint that is anchored. */
  checkpointSize: number;
  finality: Finality;
  /** Chain that the sources say they serve, or the authority that signed. */
  place: string;
  /** Whether the place proves nothing outside a test, or does not say what it is. */
  test: boolean;
  /** Whether the place is a public one, or was vouched for by the caller. A chain that nobody here knows says what those who run it want. */
  known: boolean;
  /** Names of what was asked. */
  sources: string;
  /** Height of the block; not for a time-stamp. */
  height?: number;
  /** Block hash as explorers show it; not for a time-stamp. */
  hash?: string;
}

/** An anchor check, with the bound when it passed. */
export interface AnchorCheck {
  check: Check;
  bound?: AnchorBound;
}

/** The bound that a record's time is told by: the earliest, going by places that are known and no tests as long as there are any. A time that
 * somebody could have made up must not hide a better one. */
export function bestBound(bounds: readonly AnchorBound[]): AnchorBound | undefined {
  return bounds.toSorted((a, b) => weakness(a) - weakness(b) || (a.time < b.time ? -1 : 1))[0];
}

/** 0 for a place that is known, 1 for one that is not, 2 for a test. */
function weakness({ test, known }: AnchorBound): number {
  if (test) return 2;
  return known ? 0 : 1;
}

/** A check that refutes an attestation. */
export function failed(message: string, data: Record<string, string | number>): AnchorCheck {
  return { check: { code: 'anchor', status: 'failed', message, data } };
}

/** A check that could not be made. */
export function unavailable(message: string, data: Record<string, string | number>): AnchorCheck {
  return { check: { code: 'anchor', status: 'unavailable', message, data } };
}
