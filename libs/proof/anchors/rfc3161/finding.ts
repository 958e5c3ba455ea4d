import type { BoundKind } from '../bounds.js';
import { CLOCK_MS } from '../clock.js';
import type { AnchorFinding } from '../finding.js';

/** Facts of a time-stamp that holds in itself. */
export interface TimeStampFacts {
  /** The token's own time (RFC 3339). */
  genTime: string;
  /** How far off it may be, in milliseconds; null when the token does not say. */
  accuracyMs: number | null;
  authority: string;
  serial: string;
  policy: string;
  /** The last certificate of its chain: name, SHA-256 in hex, and whether it is a root. */
  top: { name: string; fingerprint: string; selfIssued: boolean };
}

/** What a time-stamp authority says. */
export type Rfc3161Anchor = { kind: 'rfc3161' } & (
  | ({
      outcome: 'passed';
      /** No later than: the token's time and what it may be off (RFC 3339). */
      time: string;
      revocation: 'good' | 'unknown';
      /** When its certificate was revoked in a way that leaves it good (RFC 3339). */
      revokedLater: string | null;
      /** When its certificate runs, or ran, out (RFC 3339). */
      expiresAt: string;
      expired: boolean;
    } & TimeStampFacts)
  /** `code` is one of the time-stamp library's. */
  | { outcome: 'failed'; reason: 'bad-token'; code: string; detail: string }
  | { outcome: 'unavailable'; reason: 'unsupported'; detail: string }
  /** `no-crypto`: the page was not loaded in a secure way; `no-verifier`: a part of this program could not be loaded. */
  | { outcome: 'unavailable'; reason: 'no-crypto' | 'no-verifier' }
  | ({ outcome: 'unavailable'; reason: 'no-roots' | 'roots-unreachable' | 'unknown-root' } & TimeStampFacts)
);

/** What a time-stamp's time is worth: its root was chosen to be trusted, and nothing undoes it. */
export const RFC3161_BOUND: BoundKind<Extract<AnchorFinding, { kind: 'rfc3161'; outcome: 'passed' }>> = {
  clockMs: CLOCK_MS,
  worth: () => ({ standing: 'public', finality: 'final' }),
};
