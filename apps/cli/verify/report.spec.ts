import { describe, expect, it } from 'vitest';
import type { AnchorBound } from '#proof/anchor-check.js';
import type { BeaconBound } from '#proof/beacon-check.js';
import { fakeContext } from '../testing/fake-context.js';
import { printReport } from './report.js';

const before: AnchorBound = {
  type: 'rfc3161',
  time: '2026-03-01T09:00:00.000Z',
  checkpointSize: 5,
  finality: 'final',
  place: 'An authority',
  test: false,
  known: true,
  sources: 'A root',
};

/** What is printed about the interval when the beacon's block has this time. */
function told(time: string, change: Partial<BeaconBound> = {}): string {
  const after = { time, chain: 'bitcoin', height: 7, hash: 'ab'.repeat(32), sources: 'node', test: false, ...change };
  const context = fakeContext();
  printReport(context.terminal, {
    document: 'doc',
    proof: 'doc.sealroot.json',
    verdict: 'authentic',
    checks: [{ code: 'anchor', status: 'passed', message: 'Good.' }],
    existedBefore: before,
    existedAfter: after,
  });
  return context.stdout;
}

describe('the interval in a report', () => {
  it('is two times, without remark when they are in order', () => {
    const text = told('2026-03-01T09:00:00.000Z');
    expect(text).toContain('existed   no later than 2026-03-01T09:00:00.000Z, by a time-stamp of An authority\n');
    expect(text).toContain('sealed    no earlier than 2026-03-01T09:00:00.000Z, by block 7 of bitcoin\n');
    expect(text).not.toMatch(/later time|contradict/);
  });

  it('is explained when the later time comes first by no more than Bitcoin’s clocks may be off', () => {
    for (const time of ['2026-03-01T09:00:00.001Z', '2026-03-01T11:00:00.000Z'])
      expect(told(time)).toContain('The later time comes first');
  });

  it('is called a contradiction beyond that', () => {
    expect(told('2026-03-01T12:30:00.000Z')).toContain(
      'ATTENTION: the two times contradict each other: a clock is wrong by 3 hours or more',
    );
  });

  it('names a chain for tests as such', () => {
    expect(told('2026-03-01T08:00:00.000Z', { chain: 'bitcoin-regtest', test: true })).toContain(
      'by block 7 of bitcoin-regtest, a chain for tests\n',
    );
  });
});
