import fc from 'fast-check';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import type { StatusEvent } from './event.js';
import { untouchedRoot, zeroNode } from './node.js';
import { statusPath, statusRoot } from './path.js';
import { nextStates, type StatusState } from './state.js';
import { FullTree, MemoryNodes } from './testing/full-tree.js';
import { updateStatus } from './update.js';
import { verifyStatus } from './verify.js';

/** A batch of a generated log: plain entries, and wishes for events that are made to fit. */
const batch = fc.record({
  entries: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 3000 })),
  wishes: fc.array(
    fc.record({ at: fc.nat(), count: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 })), choice: fc.nat() }),
    { maxLength: 12 },
  ),
});

/** Events that the rules allow, made of wishes; each record is the subject of at most one in a batch. */
function fitting(tree: FullTree, wishes: readonly { at: number; count: number; choice: number }[]): StatusEvent[] {
  const events: StatusEvent[] = [];
  const taken = new Set<number>();
  if (tree.records === 0) return events;
  for (const { at, count, choice } of wishes) {
    const first = at % tree.records;
    const allowed = nextStates(tree.state(first) as StatusState);
    if (allowed.length === 0 || taken.has(first)) continue;
    let length = 1;
    if (tree.state(first) === 0) {
      while (length < count && first + length < tree.records && tree.state(first + length) === 0) {
        if (taken.has(first + length)) break;
        length++;
      }
    }
    for (let i = 0; i < length; i++) taken.add(first + i);
    events.push({
      ordinal: tree.records + events.length,
      first,
      count: length,
      state: allowed[choice % allowed.length]!,
      previous: tree.lastEvent(first),
    });
  }
  return events;
}

describe('the sparse status tree', () => {
  it('has the root, leaves and paths of the full one, whatever grows and changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 7 }), fc.nat(), async (batches, pick) => {
        const full = new FullTree();
        const nodes = new MemoryNodes();
        for (const { entries, wishes } of batches) {
          const events = fitting(full, wishes);
          const before = full.records;
          const after = before + events.length + entries;
          full.add(after, events);
          const update = await updateStatus(nodes, { before, after, events });
          nodes.store(update);
          const root = full.root();
          expect(bytesToHex(update.root)).toBe(bytesToHex(root));
          expect(bytesToHex(await statusRoot(nodes, after))).toBe(bytesToHex(root));
          const asked = [
            0,
            after - 1,
            pick % after,
            ...events.flatMap(({ first, count }) => [first, first + count - 1]),
          ];
          for (const ordinal of asked) {
            const index = Math.floor(ordinal / 64);
            const { leaf, path } = await statusPath(nodes, ordinal, after);
            expect(bytesToHex(leaf)).toBe(bytesToHex(full.leaf(index)));
            expect(path.map(bytesToHex)).toEqual(full.path(index).map(bytesToHex));
            expect(verifyStatus({ ordinal, records: after, leaf, path, root })).toEqual({
              holds: true,
              state: full.state(ordinal),
              lastEvent: full.lastEvent(ordinal),
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('has constants for what was never touched: appending records inside the last leaf leaves the root', async () => {
    const nodes = new MemoryNodes();
    const at = async (records: number) => bytesToHex(await statusRoot(nodes, records));
    for (const records of [0, 1, 64, 65, 12_345, 2 ** 53 - 1]) {
      expect(await at(records)).toBe(bytesToHex(untouchedRoot(records)));
    }
    expect(await at(1)).toBe(bytesToHex(leafHash(new Uint8Array(32))));
    expect(await at(64)).toBe(await at(1));
    expect(await at(65)).toBe(bytesToHex(zeroNode(1)));
    expect(await at(2 ** 30 * 64)).toBe(bytesToHex(zeroNode(30)));
  });

  it('stores nothing while nothing is touched, and asks for a few tiles whatever its size', async () => {
    const nodes = new MemoryNodes();
    const update = await updateStatus(nodes, { before: 2 ** 52, after: 2 ** 52 + 1000, events: [] });
    expect(update.leaves).toEqual([]);
    expect(update.tiles).toEqual([]);
    expect(nodes.asked).toBeLessThan(16);
  });

  it('keeps a touched record when the tree becomes taller, also by several rows at once', async () => {
    for (const steps of [
      [64, 65, 1025, 16_385],
      [64, 64 * 16 ** 4 + 1],
      [1024, 1025, 64 * 16 ** 3 + 7],
    ]) {
      const nodes = new MemoryNodes();
      let before = steps[0]!;
      nodes.store(
        await updateStatus(nodes, {
          before,
          after: before + 1,
          events: [{ ordinal: before, first: 3, count: 1, state: 1, previous: null }],
        }),
      );
      before++;
      for (const after of steps.slice(1).map((size) => size + 1)) {
        const update = await updateStatus(nodes, { before, after, events: [] });
        nodes.store(update);
        const { leaf, path } = await statusPath(nodes, 3, after);
        expect(verifyStatus({ ordinal: 3, records: after, leaf, path, root: update.root })).toMatchObject({
          holds: true,
          state: 1,
        });
        before = after;
      }
    }
  });

  it('refuses events that the rules forbid', async () => {
    const nodes = new MemoryNodes();
    const revoked: StatusEvent = { ordinal: 100, first: 7, count: 1, state: 1, previous: null };
    nodes.store(await updateStatus(nodes, { before: 100, after: 101, events: [revoked] }));
    const cases: Record<string, Partial<StatusEvent>> = {
      'a second end': { previous: 100 },
      'a history cut short': { previous: null },
      'another previous event': { first: 8, previous: 100 },
      'a range over a touched record': { first: 5, count: 5 },
      'a range with a previous event': { first: 10, count: 2, previous: 100 },
      'an event about a record of its own batch': { first: 101 },
      'an event about itself': { first: 102 },
      'a range past the end': { first: 99, count: 3 },
      'no record': { first: 8, count: 0 },
      'a reactivation of what was not suspended': { first: 8, state: 13 },
      'a state of 0': { first: 8, state: 0 as never },
      'a reserved state': { first: 8, state: 4 as never },
      'an ordinal before its batch': { first: 8, ordinal: 100 },
      'an ordinal after its batch': { first: 8, ordinal: 111 },
    };
    for (const [why, change] of Object.entries(cases)) {
      const event = { ordinal: 102, first: 7, count: 1, state: 1, previous: null, ...change } as StatusEvent;
      await expect(updateStatus(nodes, { before: 101, after: 111, events: [event] }), why).rejects.toMatchObject({
        code: 'bad-event',
      });
    }
    const twice = [8, 8].map((first, i): StatusEvent => ({
      ordinal: 102 + i,
      first,
      count: 1,
      state: 12,
      previous: null,
    }));
    await expect(updateStatus(nodes, { before: 101, after: 111, events: twice })).rejects.toMatchObject({
      code: 'bad-event',
    });
    await expect(updateStatus(nodes, { before: 101, after: 100, events: [] })).rejects.toMatchObject({
      code: 'bad-size',
    });
  });
});
