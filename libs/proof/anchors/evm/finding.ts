import type { ShownBlock, Silence } from '#source/answer.js';
import type { BoundKind } from '../bounds.js';
import type { AnchorFinding } from '../finding.js';
import { chainClockMs } from '../clock.js';
import type { ShownFacts, UndecidedFacts } from '../shown-facts.js';

/** Facts of an EVM attestation that holds in itself. */
export interface EvmFacts {
  chainId: number;
  /** Hash of the chain's block 0, hex. */
  genesis: string;
  /** Hex. */
  transaction: string;
}

/** What an EVM chain says. */
export type EvmAnchor = { kind: 'evm' } & (
  | ({ outcome: 'passed' } & EvmFacts & ShownFacts)
  | ({ outcome: 'unavailable'; reason: 'test-chain' } & EvmFacts & ShownFacts)
  | { outcome: 'failed'; reason: 'bad-attestation'; chainId: number; code: string; detail: string }
  | ({
      outcome: 'failed';
      reason: 'other-block';
      height: number;
      hash: string;
      got: ShownBlock;
      silent: Silence[];
    } & EvmFacts)
  | ({ outcome: 'unavailable'; height: number; hash: string } & EvmFacts & UndecidedFacts)
);

/** What such a block's time is worth. */
export const EVM_BOUND: BoundKind<Extract<AnchorFinding, { kind: 'evm'; outcome: 'passed' }>> = {
  clockMs: chainClockMs('evm'),
  worth: ({ standing, finality }) => ({ standing, finality }),
};
