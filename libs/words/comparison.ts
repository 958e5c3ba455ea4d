import { namedBeaconChain, namedEvmChain, type NamedChain } from './named-chain.js';
import type { AnchorFinding } from '#proof/anchors/finding.js';
import type { DocumentHash, Finding } from '#proof/finding.js';

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
      if (finding.outcome === 'not-applicable') return [];
      return [
        {
          compare: 'block-hash',
          chain: namedBeaconChain(finding.chain),
          height: finding.height,
          value: hashOf(finding.chain.startsWith('evm-'), finding.hash),
        },
      ];
    case 'companion':
      if (finding.outcome !== 'failed' || finding.blinded) return [];
      return [{ compare: 'digest', algorithm: finding.algorithm, value: finding.recorded }];
    default:
      return [];
  }
}

function anchorComparisons(finding: AnchorFinding): Comparison[] {
  if (finding.kind === 'bitcoin' && 'merkleRoot' in finding) {
    const network = 'network' in finding ? finding.network : null;
    const { height, merkleRoot: value } = finding;
    return [{ compare: 'merkle-root', chain: { kind: 'bitcoin', network: network }, height, value }];
  }
  if (finding.kind === 'evm' && 'hash' in finding) {
    const chain = namedEvmChain(finding);
    return [
      { compare: 'block-hash', chain, height: finding.height, value: hashOf(true, finding.hash) },
      { compare: 'genesis', chain, value: hashOf(true, finding.genesis) },
    ];
  }
  if (finding.kind === 'rfc3161' && 'top' in finding)
    return [{ compare: 'root-certificate', name: finding.top.name, value: finding.top.fingerprint }];
  return [];
}

/** A hash as the explorers of its chain write it. */
function hashOf(evm: boolean, hex: string): string {
  return evm ? `0x${hex}` : hex;
}
