import type { EvmAnchor } from './evm/finding.js';
import type { BitcoinAnchor } from './opentimestamps/finding.js';
import type { Rfc3161Anchor } from './rfc3161/finding.js';

/** What an anchor's statement is about: a checkpoint of the log, or, in a bare OpenTimestamps file, the document itself. */
export type Subject = { kind: 'checkpoint'; size: number } | { kind: 'document'; file?: string };

/** What one attestation comes to. */
export type AnchorFinding = { check: 'anchor'; subject: Subject } & (
  | BitcoinAnchor
  | EvmAnchor
  | Rfc3161Anchor
  /** No attestation at all, or more than are looked at. */
  | { kind: 'none'; outcome: 'pending' }
  | { kind: 'none'; outcome: 'unavailable'; reason: 'too-many'; count: number }
  /** An attestation of a kind that nothing here can check, as it names itself. */
  | { kind: 'unknown'; outcome: 'unavailable'; reason: 'unsupported'; name: string }
);
