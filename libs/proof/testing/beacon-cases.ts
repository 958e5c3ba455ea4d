import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { sampleBlock } from './sample-block.js';
import { sampleProof } from './sample-proof.js';
import { source, vector, type VectorCase } from './vector-case.js';

/** Proofs whose batch entry names a block that the sealer had seen. */
export function beaconCases(): VectorCase[] {
  const seen = sampleBlock(118, new Uint8Array(32).fill(1), 1_772_351_000);
  const orphan = sampleBlock(118, new Uint8Array(32).fill(2), 1_772_351_100);
  const hash = displayHash(parseBlockHeader(seen.header).hash);
  const about = (chain: string) => sampleProof({ beacon: `${chain} 118 ${hash}` });
  const regtest = about('bitcoin-regtest');
  const [mainnet, pigeon] = [about('bitcoin'), about('carrier-pigeon')];
  const first = about('previous-log');
  const with118 = (block = seen, name = 'node', from = regtest) => source([...from.blocks, block], name);
  const beacon = (status: 'passed' | 'failed' | 'unavailable' | 'not-applicable') => ({ checks: { beacon: status } });
  return [
    vector('the block is in the chain', regtest, 'authentic', { blockSources: [with118()], ...beacon('passed') }),
    vector('two sources show the block', regtest, 'authentic', {
      blockSources: [with118(), with118(seen, 'explorer')],
      ...beacon('passed'),
    }),
    vector('another block stands in its place', regtest, 'authentic', {
      blockSources: [with118(orphan)],
      ...beacon('failed'),
    }),
    vector('sources that contradict each other about it', regtest, 'authentic', {
      blockSources: [with118(), with118(orphan, 'liar')],
      ...beacon('unavailable'),
    }),
    vector('no source has that block', regtest, 'authentic', beacon('unavailable')),
    vector('the sources are on another network than the beacon', mainnet, 'authentic', {
      blockSources: [with118(seen, 'node', mainnet)],
      ...beacon('unavailable'),
    }),
    vector('a chain that nobody knows', pigeon, 'authentic', {
      blockSources: [with118(seen, 'node', pigeon)],
      ...beacon('unavailable'),
    }),
    vector('the head of the log before instead of a block', first, 'authentic', {
      blockSources: [with118(seen, 'node', first)],
      ...beacon('not-applicable'),
    }),
    vector('no source at all', regtest, 'unavailable', {
      blockSources: [],
      checks: { anchor: 'unavailable', beacon: 'unavailable' },
    }),
  ];
}
