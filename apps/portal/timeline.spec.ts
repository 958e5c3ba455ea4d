import { expect, it } from 'vitest';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { verifySample } from '#proof/testing/verify-sample.js';
import { timelineOf } from './timeline.js';

const now = new Date('2026-04-01T00:00:00.000Z');
const namesOf = async (sample: ReturnType<typeof sampleProof>) =>
  timelineOf(await verifySample(sample, { now }), now).map(({ by, name }) => `${name} ${by}`);

it('a record’s life is in order of time, with what each time rests on', async () => {
  const statement = { validFrom: '2026-03-10T00:00:00.000Z', validUntil: '2036-01-01T00:00:00.000Z' };
  expect(await namesOf(sampleProof({ statement }))).toEqual([
    'received said',
    'sealed said',
    'not-after shown',
    'valid-from said',
    'looked-at now',
    'valid-until said',
  ]);
});

it('what is expired lies before the check, and what nothing shows is left out', async () => {
  const statement = { validUntil: '2026-03-02T00:00:00.000Z' };
  const pending = { checkpoints: [{ size: 5, attestations: ['pending' as const] }], statement };
  expect(await namesOf(sampleProof(pending))).toEqual([
    'received said',
    'sealed said',
    'valid-until said',
    'looked-at now',
  ]);
});
