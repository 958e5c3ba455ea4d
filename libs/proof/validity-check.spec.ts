import { describe, expect, it } from 'vitest';
import { sampleProof } from './testing/sample-proof.js';
import { findingOf, verifySample } from './testing/verify-sample.js';

describe('validity', () => {
  const between = sampleProof({
    statement: { validFrom: '2026-03-02T00:00:00.000Z', validUntil: '2026-03-31T23:59:59.999Z' },
  });

  it('ends and begins with its own last and first millisecond', async () => {
    const at = async (now: string) => (await verifySample(between, { now: new Date(now) })).verdict;
    expect(await at('2026-03-01T23:59:59.999Z')).toBe('authentic-not-current');
    expect(await at('2026-03-02T00:00:00.000Z')).toBe('authentic');
    expect(await at('2026-03-31T23:59:59.999Z')).toBe('authentic');
    expect(await at('2026-04-01T00:00:00.000Z')).toBe('authentic-not-current');
  });

  it('says why the record is out of force, also while no anchor is confirmed', async () => {
    const expired = await verifySample(between, { now: new Date('2027-01-01T00:00:00Z') });
    expect(findingOf(expired, 'validity')).toMatchObject({ outcome: 'failed', reason: 'expired' });
    const early = await verifySample(between, { now: new Date('2026-01-01T00:00:00Z') });
    expect(findingOf(early, 'validity')).toMatchObject({ outcome: 'failed', reason: 'not-yet-valid' });
    const checkpoints = [{ size: 5, attestations: [] }];
    const pending = sampleProof({ checkpoints, statement: { validUntil: '2026-03-31T23:59:59.999Z' } });
    expect(await verifySample(pending, { now: new Date('2027-01-01T00:00:00Z') })).toMatchObject({
      verdict: 'authentic-not-current',
      still: { state: 'expired', since: '2026-03-31T23:59:59.999Z' },
    });
  });
});
