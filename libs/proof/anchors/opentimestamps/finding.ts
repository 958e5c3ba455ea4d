import type { NetworkName } from '#bitcoin/network.js';
import type { ShownBlock, Silence } from '#source/answer.js';
import type { BoundKind } from '../bounds.js';
import type { AnchorFinding } from '../finding.js';
import { chainClockMs } from '../clock.js';
import type { ShownFacts, UndecidedFacts } from '../shown-facts.js';

/** What Bitcoin, or a chain of its kind, says. */
export type BitcoinAnchor = { kind: 'bitcoin' } & (
  | ({ outcome: 'passed'; network: NetworkName | null; merkleRoot: string } & ShownFacts)
  /** Shown, but of a chain for tests where none was to count. */
  | ({ outcome: 'unavailable'; reason: 'test-chain'; network: NetworkName | null; merkleRoot: string } & ShownFacts)
  | { outcome: 'pending'; reason: 'promised'; calendar: string }
  | { outcome: 'failed'; reason: 'bad-timestamp'; detail: string }
  | { outcome: 'failed'; reason: 'bad-root'; height: number; bytes: number }
  | { outcome: 'failed'; reason: 'other-block'; height: number; merkleRoot: string; got: ShownBlock; silent: Silence[] }
  | ({ outcome: 'unavailable'; height: number; merkleRoot: string } & UndecidedFacts)
);

/** What such a block's time is worth. */
export const BITCOIN_BOUND: BoundKind<Extract<AnchorFinding, { kind: 'bitcoin'; outcome: 'passed' }>> = {
  clockMs: chainClockMs('bitcoin'),
  worth: ({ standing, finality }) => ({ standing, finality }),
};
