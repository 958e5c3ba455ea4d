import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { sampleBlock } from './sample-block.js';
import { sampleProof, type SampleOptions } from './sample-proof.js';
import { type Change, source, vector, type VectorCase } from './vector-case.js';

/** The sample's receipt is at 08:00:00.123, its sealing at 08:00:01, its block at 09:00 of 2026-03-01. */
const received = (receivedAt: string): SampleOptions => ({ statement: { receivedAt } });

/** Proofs that hold, and whose times may contradict each other. */
export function timesCases(): VectorCase[] {
  const told = (about: string, options: SampleOptions, outcome: 'passed' | 'failed', change: Change = {}) =>
    vector(about, sampleProof(options), 'authentic', { ...change, checks: { times: outcome, ...change.checks } });
  const beacon = (about: string, timeSeconds: number, outcome: 'passed' | 'failed', options: SampleOptions = {}) => {
    const block = sampleBlock(118, new Uint8Array(32).fill(1), timeSeconds);
    const hash = displayHash(parseBlockHeader(block.header).hash);
    const sample = sampleProof({ ...options, beacon: `bitcoin-regtest 118 ${hash}` });
    return vector(about, sample, 'authentic', {
      blockSources: [source([...sample.blocks, block])],
      checks: { times: outcome, beacon: 'passed' },
    });
  };
  const sealed = 1_772_352_001;
  const twoHours = 7200;
  const minutes = 300;
  return [
    told('received 5 minutes before the sealing', received('2026-03-01T07:55:01.000Z'), 'passed'),
    told(
      'received 10 minutes after the sealing, as far as two clocks may differ',
      received('2026-03-01T08:10:01.000Z'),
      'passed',
    ),
    told('received a millisecond more than that after the sealing', received('2026-03-01T08:10:01.001Z'), 'failed'),
    told('received in 2099', received('2099-01-01T00:00:00.000Z'), 'failed'),
    told('received in 1999', received('1999-01-01T00:00:00.000Z'), 'failed'),
    told('received a week before the sealing', received('2026-02-22T08:00:01.000Z'), 'passed'),
    told('received a week and 10 minutes before the sealing', received('2026-02-22T07:50:01.000Z'), 'passed'),
    told('received a millisecond more than that before the sealing', received('2026-02-22T07:50:00.999Z'), 'failed'),
    told('verified 2 hours and 5 minutes before the time of its block', {}, 'passed', {
      now: '2026-03-01T07:55:01.000Z',
    }),
    told('verified before its sealing', {}, 'failed', { now: '2026-03-01T07:50:00.999Z' }),
    beacon('a beacon 2 hours and 5 minutes after the sealing', sealed + twoHours + minutes, 'passed'),
    beacon('a beacon a second more than that after the sealing', sealed + twoHours + minutes + 1, 'failed'),
    beacon('a beacon 5 hours after the anchor', 1_772_355_600 + 5 * 3600, 'failed'),
    beacon('a receipt years before the beacon', sealed - 60, 'failed', received('1999-01-01T00:00:00.000Z')),
  ];
}
