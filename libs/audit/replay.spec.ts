import { describe, expect, it } from 'vitest';
import { Frontier } from '#merkle/frontier.js';
import { type BatchEntry, formatBatchEntry } from '#statement/batch-entry.js';
import { untouchedRoot } from '#status/node.js';
import type { PublicEntry } from './public-entry.js';
import { emptyReplay, replayBatch, type ReplayedBatch } from './replay.js';

const LEAF = new Uint8Array(32).fill(1);

/** Batches of one record each, and what a replay finds in the last of them. */
async function lastOf(...changes: Partial<BatchEntry>[]): Promise<ReplayedBatch> {
  const state = emptyReplay();
  let result: ReplayedBatch = { findings: [], stopped: false };
  for (const [number, change] of changes.entries()) {
    const tree = new Frontier();
    tree.append(LEAF);
    const entry = formatBatchEntry({
      origin: 'log.example',
      number,
      size: 1,
      first: number,
      sealedAt: '2026-03-01T08:00:00.000Z',
      beacon: null,
      root: tree.root(),
      statusRoot: untouchedRoot(number + 1),
      ...change,
    });
    async function* entries(from: number, to: number): AsyncGenerator<readonly PublicEntry[]> {
      for (let at = from; at < to; at++) yield [{ leafHash: LEAF, event: null }];
    }
    result = await replayBatch(state, entry, entries);
  }
  return result;
}

describe('a batch entry', () => {
  it('follows the one before it, whatever its time within what clocks may be off', async () => {
    const nothing = { findings: [], stopped: false };
    expect(await lastOf({}, {}, {})).toEqual(nothing);
    expect(await lastOf({}, { sealedAt: '2026-03-01T07:55:00.000Z' })).toEqual(nothing);
  });

  it('is named where it cannot follow, and the replay goes on', async () => {
    const early = '2026-03-01T07:54:59.999Z';
    const cases: [Partial<BatchEntry>, object[]][] = [
      [{ first: 2 }, [{ reason: 'first', expected: 1, got: 2 }]],
      [
        { number: 2, first: 2 },
        [
          { reason: 'number', expected: 1, got: 2 },
          { reason: 'first', expected: 1, got: 2 },
        ],
      ],
      [{ origin: 'other.example' }, [{ reason: 'origin', expected: 'log.example', got: 'other.example' }]],
      [{ sealedAt: early }, [{ reason: 'time', before: '2026-03-01T08:00:00.000Z', got: early }]],
    ];
    for (const [change, faults] of cases) {
      const { findings, stopped } = await lastOf({}, change);
      expect(findings, JSON.stringify(change)).toEqual(
        faults.map((fault) => ({ check: 'batch-entry', batch: 1, ...fault })),
      );
      expect(stopped).toBe(false);
    }
  });

  it('may change the origin where it says that another log ended', async () => {
    const next = { origin: 'next.example', beacon: `previous-log 5 ${'ab'.repeat(32)}` };
    expect((await lastOf({}, next, { origin: 'next.example' })).findings).toEqual([]);
  });

  it('that cannot be read, or has another root, ends the replay before it', async () => {
    const state = emptyReplay();
    const noEntries = async function* (): AsyncGenerator<readonly PublicEntry[]> {};
    const unreadable = await replayBatch(state, new Uint8Array(70), noEntries);
    expect(unreadable).toMatchObject({ stopped: true, findings: [{ check: 'batch-entry', reason: 'malformed' }] });
    expect(await lastOf({}, { root: new Uint8Array(32).fill(2) })).toMatchObject({
      stopped: true,
      findings: [{ check: 'batch-root', batch: 1, expected: '02'.repeat(32), got: '01'.repeat(32) }],
    });
    expect(state.log.size).toBe(0);
  });
});
