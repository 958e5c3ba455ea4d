import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLeaf, formatStatusLeaf } from './leaf.js';
import { untouchedRoot } from './node.js';
import { formatStatusPack, parseStatusPack, rootOfLeaves, type StatusPack } from './pack.js';
import { FullTree } from './testing/full-tree.js';

const HEAD = utf8ToBytes('sealroot/status-pack@1\n');
/** Of a log of 2 batches and 71 entries, whole. */
const pack = (hex: string) => concatBytes(HEAD, hexToBytes(`014700${hex}`));
const whole = (leaves: ReadonlyMap<number, Uint8Array>, records: number): StatusPack => ({
  batch: 1,
  records,
  since: null,
  leaves,
});

/** A log in which these stretches were revoked, one event each, all in the last batch. */
function revoked(records: number, stretches: readonly (readonly [first: number, count: number])[]): FullTree {
  const tree = new FullTree();
  tree.add(records, []);
  const events = stretches.map(([first, count], i) => ({
    ordinal: records + i,
    first,
    count,
    state: 1 as const,
    previous: null,
  }));
  tree.add(records + stretches.length, events);
  return tree;
}

function touchedLeaves(tree: FullTree): Map<number, Uint8Array> {
  const leaves = new Map<number, Uint8Array>();
  for (let index = 0; index * 64 < tree.records; index++) {
    const leaf = tree.leaf(index);
    if (leaf.length > 32) leaves.set(index, leaf);
  }
  return leaves;
}

describe('a status pack', () => {
  it('holds all touched leaves, which lead to the status root and come back as they were', () => {
    const stretch = fc.tuple(fc.nat(8000), fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.array(stretch, { maxLength: 20 }), (records, wishes) => {
        const free = wishes.reduce<(readonly [number, number])[]>((taken, [first, count]) => {
          const clashes = taken.some(([f, c]) => first < f + c && f < first + count);
          return clashes || first + count > records ? taken : [...taken, [first, count]];
        }, []);
        const tree = revoked(records, free);
        const leaves = touchedLeaves(tree);
        expect(bytesToHex(rootOfLeaves(leaves, tree.records))).toBe(bytesToHex(tree.root()));
        const packed = formatStatusPack(whole(leaves, tree.records));
        expect(parseStatusPack(packed)).toEqual(whole(leaves, tree.records));
        expect(formatStatusPack(parseStatusPack(packed))).toEqual(packed);
      }),
      { numRuns: 60 },
    );
  });

  it('shows by another root that a leaf is missing, added, or of another time', () => {
    const tree = revoked(5000, [
      [7, 1],
      [100, 500],
    ]);
    const leaves = touchedLeaves(tree);
    const root = bytesToHex(tree.root());
    for (const index of leaves.keys()) {
      const fewer = new Map([...leaves].filter(([other]) => other !== index));
      expect(bytesToHex(rootOfLeaves(fewer, tree.records))).not.toBe(root);
    }
    const more = new Map([...leaves, [40, leaves.get(0)!]]);
    expect(bytesToHex(rootOfLeaves(more, tree.records))).not.toBe(root);
    expect(bytesToHex(rootOfLeaves(leaves, tree.records + 64))).not.toBe(root);
    expect(() => rootOfLeaves(new Map([[79, leaves.get(0)!]]), tree.records)).toThrow(/leaves below 79/);
    for (const records of [0, 1, 64, 65, 6400, 6401])
      expect(bytesToHex(rootOfLeaves(new Map(), records))).toBe(bytesToHex(untouchedRoot(records)));
  });

  it('takes a few bytes for each leaf of a range, and some five for each scattered record', () => {
    const packed = (tree: FullTree) => formatStatusPack(whole(touchedLeaves(tree), tree.records));
    const range = packed(revoked(100_000, [[0, 100_000]]));
    expect(range.length).toBeLessThan(1563 * 6 + 40);
    const scattered = packed(
      revoked(
        100_000,
        Array.from({ length: 1000 }, (_, i) => [i * 100, 1] as const),
      ),
    );
    expect(scattered.length).toBeLessThan(1000 * 7 + 40);
  });

  it('has one form, and is refused in any other', () => {
    expect(parseStatusPack(pack(''))).toEqual(whole(new Map(), 71));
    expect(parseStatusPack(pack('01010201018c01')).leaves).toHaveProperty('size', 1);
    for (const [what, hex] of Object.entries({
      'no runs': '0100',
      'an empty run': '01010200018c01',
      'a run past the end of the leaf': '01013f02018c01',
      'an untouched run': '01010201008c01',
      'a reserved state': '01010201048c01',
      'an event of ordinal 0': '010102010100',
      'a negative event': '010102010101',
      'two runs for one': '01020201018c0100010100',
      'a number in a longer form': '8100010201018c01',
      'a leaf cut short': '01010201018c',
      'a leaf past the end of the log': '02010201018c01',
      'an event past the end of the log': '01010201018e01',
    })) {
      expect(() => parseStatusPack(pack(hex)), what).toThrow(expect.objectContaining({ name: 'StatusError' }));
    }
    for (const [what, hex] of Object.entries({
      'a log without entries': '010000',
      'a batch after the one that it is of': '014703',
      'a head cut short': '0147',
    })) {
      expect(() => parseStatusPack(concatBytes(HEAD, hexToBytes(hex))), what).toThrow(/Reading a status pack/);
    }
    expect(parseStatusPack(concatBytes(HEAD, hexToBytes('014702')))).toMatchObject({ batch: 1, since: 1 });
    expect(() => parseStatusPack(utf8ToBytes('sealroot/status-pack@2\n'))).toThrow(/status-pack@1/);
    const leaf = emptyLeaf();
    expect(() => formatStatusPack(whole(new Map([[0, formatStatusLeaf(leaf)]]), 71))).toThrow(/touched/);
    leaf.states[0] = 1;
    leaf.lastEvents[0] = 71;
    expect(() => formatStatusPack(whole(new Map([[0, formatStatusLeaf(leaf)]]), 71))).toThrow(/events below/);
    expect(() => formatStatusPack({ batch: 1, records: 71, since: 2, leaves: new Map() })).toThrow(/earlier batch/);
  });
});
