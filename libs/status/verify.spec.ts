import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import type { StatusEvent } from './event.js';
import { statusPath } from './path.js';
import { MemoryNodes } from './testing/full-tree.js';
import { updateStatus } from './update.js';
import { historyProblem, verifyStatus, type StatusClaim } from './verify.js';

/** Record 70 is suspended by event 200 and active again by event 210, of 300 records. */
const HISTORY: StatusEvent[] = [
  { ordinal: 210, first: 70, count: 1, state: 13, previous: 200 },
  { ordinal: 200, first: 70, count: 1, state: 2, previous: null },
];

async function claim(ordinal: number): Promise<StatusClaim> {
  const nodes = new MemoryNodes();
  nodes.store(await updateStatus(nodes, { before: 0, after: 200, events: [] }));
  nodes.store(await updateStatus(nodes, { before: 200, after: 201, events: [HISTORY[1]!] }));
  const { root } = await (async () => {
    const update = await updateStatus(nodes, { before: 201, after: 300, events: [HISTORY[0]!] });
    nodes.store(update);
    return update;
  })();
  return { ordinal, records: 300, root, ...(await statusPath(nodes, ordinal, 300)) };
}

describe('a status proof', () => {
  it('holds for touched and untouched records of one leaf', async () => {
    const touched = await claim(70);
    expect(verifyStatus(touched)).toEqual({ holds: true, state: 13, lastEvent: 210 });
    expect(verifyStatus({ ...touched, ordinal: 71 })).toEqual({ holds: true, state: 0, lastEvent: null });
  });

  it('is refused after any single bit is flipped', async () => {
    const good = await claim(70);
    for (const bytes of [good.leaf, good.root, ...good.path]) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyStatus(good).holds).toBe(false);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
    expect(verifyStatus(good).holds).toBe(true);
  });

  it('is refused past the end, for a record of another leaf, and in a tree of another size', async () => {
    const good = await claim(299);
    expect(verifyStatus(good).holds).toBe(true);
    expect(verifyStatus({ ...good, ordinal: 300 })).toMatchObject({ reason: 'bad-ordinal' });
    expect(verifyStatus({ ...good, ordinal: -1 })).toMatchObject({ reason: 'bad-ordinal' });
    expect(verifyStatus({ ...good, ordinal: 70 })).toMatchObject({ reason: 'bad-path' });
    expect(verifyStatus({ ...good, records: 2 ** 53 })).toMatchObject({ reason: 'bad-ordinal' });
    expect(verifyStatus({ ...good, records: 1000 })).toMatchObject({ reason: 'bad-path' });
    expect(verifyStatus({ ...good, path: good.path.slice(1) })).toMatchObject({ reason: 'bad-path' });
  });

  it('is refused when its leaf speaks of records past the end, or of events outside of record and end', () => {
    // A tree of one leaf: whatever the leaf says, its hash is the root.
    const alone = (bytes: Uint8Array, records: number) =>
      verifyStatus({ ordinal: 0, records, leaf: bytes, path: [], root: leafHash(bytes) });
    const leaf = (k: number, event: number) => {
      const bytes = new Uint8Array(40);
      bytes[k >> 1] = 1 << ((k & 1) * 4);
      bytes[39] = event;
      return bytes;
    };
    expect(alone(leaf(10, 20), 30)).toMatchObject({ holds: true });
    expect(alone(leaf(40, 50), 30)).toMatchObject({ reason: 'bad-leaf' });
    expect(alone(leaf(10, 30), 30)).toMatchObject({ reason: 'bad-leaf' });
    expect(alone(leaf(10, 10), 30)).toMatchObject({ reason: 'bad-leaf' });
  });

  it('comes with a history that is complete, in order, and about this record', () => {
    const now = { state: 13 as const, lastEvent: 210 };
    expect(historyProblem(70, now, HISTORY)).toBeNull();
    expect(historyProblem(71, { state: 0, lastEvent: null }, [])).toBeNull();
    expect(
      historyProblem(5, { state: 1, lastEvent: 9 }, [{ ordinal: 9, first: 2, count: 6, state: 1, previous: null }]),
    ).toBeNull();
    const wrong: Record<string, [number, StatusEvent[]]> = {
      'cut short': [70, HISTORY.slice(0, 1)],
      'without the latest': [70, HISTORY.slice(1)],
      'with none': [70, []],
      'in the other order': [70, HISTORY.toReversed()],
      'of another record': [71, HISTORY],
      'with an event twice': [70, [HISTORY[0]!, ...HISTORY]],
      'with a state that may not follow': [70, [{ ...HISTORY[0]!, state: 12 }, HISTORY[1]!]],
      'with an event before its record': [70, [HISTORY[0]!, { ...HISTORY[1]!, ordinal: 70 }]],
    };
    for (const [why, [ordinal, events]] of Object.entries(wrong)) {
      expect(historyProblem(ordinal, now, events), why).not.toBeNull();
    }
    expect(historyProblem(70, { state: 13, lastEvent: 200 }, HISTORY)).not.toBeNull();
    expect(historyProblem(70, { state: 0, lastEvent: null }, HISTORY)).not.toBeNull();
  });
});
