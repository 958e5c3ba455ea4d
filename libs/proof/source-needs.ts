import { base64 } from '@scure/base';
import { parseChainLabel } from '#source/chain-label.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { needsOf, type SourceNeed } from './anchors/kinds.js';
import type { Proof } from './proof.js';
import { attestationsOf } from './proof-attestations.js';

/** What it takes to check all that a proof says of the world outside: each source once, those of its anchors first. */
export function sourceNeeds(proof: Proof): SourceNeed[] {
  const { beacon } = parseBatchEntry(base64.decode(proof.batch.entry));
  const chain = beacon === null ? null : parseChainLabel(beacon.split(' ')[0]!);
  const ofBeacon: SourceNeed[] =
    chain === null ? [] : [chain.kind === 'evm' ? { source: 'evm', chainId: chain.chainId } : { source: 'bitcoin' }];
  const needs = [...attestationsOf(proof).flatMap(needsOf), ...ofBeacon];
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}
