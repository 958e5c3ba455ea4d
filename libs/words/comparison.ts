import type { DocumentHash, Finding } from '#proof/finding.js';
import { anchorComparisons } from './anchors/anchor-words.js';
import { beaconComparisons } from './anchors/beacon.js';
import type { NamedChain } from './named-chain.js';

/** Something that a person can look up elsewhere and compare, character by character. */
export type Comparison =
  | { compare: 'merkle-root'; chain: NamedChain; height: number; value: string }
  | { compare: 'block-hash'; chain: NamedChain; height: number; value: string }
  | { compare: 'genesis'; chain: NamedChain; value: string }
  /** SHA-256 of the last certificate that a time-stamp leads to; `name` is the certificate's subject. */
  | { compare: 'root-certificate'; name: string; value: string }
  | { compare: 'log-key'; value: string }
  | { compare: 'digest'; algorithm: DocumentHash; value: string };

/** What of a finding can be compared by hand. */
export function comparisonsOf(finding: Finding): Comparison[] {
  switch (finding.check) {
    case 'document':
      if (finding.outcome !== 'failed' || finding.blinded) return [];
      return [{ compare: 'digest', algorithm: finding.algorithm, value: finding.recorded }];
    case 'log-key':
      return finding.outcome === 'passed' ? [] : [{ compare: 'log-key', value: finding.key }];
    case 'anchor':
      return anchorComparisons(finding);
    case 'beacon':
      return beaconComparisons(finding);
    case 'companion':
      if (finding.outcome !== 'failed' || finding.blinded) return [];
      return [{ compare: 'digest', algorithm: finding.algorithm, value: finding.recorded }];
    default:
      return [];
  }
}
