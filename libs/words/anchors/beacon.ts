import type { BeaconFinding } from '#proof/finding.js';
import { parseChainLabel } from '#source/chain-label.js';
import { sayBlock, saySilent, saySources } from '../chain-words.js';
import type { Comparison } from '../comparison.js';
import type { Format } from '../format.js';
import { inOrder } from '../joints.js';
import { namedBeaconChain } from '../named-chain.js';
import type { Remedy } from '../remedy.js';
import type { FactRow, Saying } from './anchor-telling.js';
import { sayUndecided, undecidedRemedy, withSilent } from './block-telling.js';

/** What one language says of the block that a batch names. */
export interface BeaconWords {
  none: string;
  previousLog: (batches: number, root: string, format: Format) => string;
  passed: (block: string, time: string) => string;
  'other-block': (block: string, sources: string) => string;
  'unknown-chain': (block: string) => string;
  'test-chain': (block: string, time: string) => string;
  undecided: (block: string, why: string) => string;
  /** Name of a row. */
  block: string;
}

const isOfEvm = (chain: string): boolean => parseChainLabel(chain)?.kind === 'evm';

/** What the block comes to that a batch names. */
export function sayBeacon(finding: BeaconFinding, saying: Saying): string {
  const { language, format } = saying;
  const { anchors, chains, joints } = language;
  const { beacon } = anchors;
  if (finding.outcome === 'not-applicable')
    return 'reason' in finding ? beacon.previousLog(finding.size, finding.root, format) : beacon.none;
  const block = sayBlock(namedBeaconChain(finding.chain), finding.height, language, format);
  switch (finding.outcome) {
    case 'passed':
      return inOrder(
        joints,
        beacon.passed(block, format.date(finding.time)),
        chains.shownBy(saySources(finding.sources, language)),
        saySilent(finding.silent, language),
      );
    case 'failed':
      return withSilent(beacon['other-block'](block, saySources(finding.got.sources, language)), finding, language);
    case 'unavailable':
      if (finding.reason === 'unknown-chain') return beacon['unknown-chain'](block);
      if (finding.reason === 'test-chain')
        return inOrder(
          joints,
          chains.notCounted,
          beacon['test-chain'](block, format.date(finding.time)),
          chains.shownBy(saySources(finding.sources, language)),
        );
      return sayUndecided(beacon.undecided(block, chains.undecided[finding.reason]), finding, saying);
    default:
      return finding satisfies never;
  }
}

/** What can be done about it. */
export function beaconRemedy(finding: BeaconFinding): Remedy | undefined {
  if (finding.outcome !== 'unavailable' || finding.reason === 'test-chain') return undefined;
  if (finding.reason === 'unknown-chain') return { remedy: 'newer-verifier' };
  return undecidedRemedy(finding.reason, finding.silent, isOfEvm(finding.chain) ? 'evm' : 'bitcoin');
}

/** What of it a person can compare by hand. */
export function beaconComparisons(finding: BeaconFinding): Comparison[] {
  if (finding.outcome === 'not-applicable') return [];
  const { chain, hash, height } = finding;
  // As the explorers of its chain write it.
  const value = isOfEvm(chain) ? `0x${hash}` : hash;
  return [{ compare: 'block-hash', chain: namedBeaconChain(chain), height, value }];
}

/** Its facts, for who looks closely. */
export function beaconRows(finding: BeaconFinding, { language }: Saying): FactRow[] {
  if (!('hash' in finding)) return [];
  return [[language.anchors.beacon.block, `${finding.chain} ${finding.height} · ${finding.hash}`, true]];
}
