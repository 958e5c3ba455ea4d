import { describe, expect, it } from 'vitest';
import { Frontier } from './frontier.js';
import { EMPTY_ROOT } from './hash.js';
import { definedRoot, split, vectorLeaves } from './testing/tree.js';

const leaves = split(vectorLeaves(600));

describe('the right edge of a tree', () => {
  it('tells the root at every size, also after it was taken apart and put together', () => {
    let frontier = new Frontier();
    expect(frontier.root()).toEqual(EMPTY_ROOT);
    for (const [i, leaf] of leaves.slice(0, 130).entries()) {
      frontier.append(leaf);
      expect(frontier.root(), `${i + 1}`).toEqual(definedRoot(leaves.slice(0, i + 1)));
      frontier = new Frontier(frontier.size, frontier.nodes);
    }
  });

  it('takes a complete subtree in the place of its leaves, and nowhere else', () => {
    const frontier = new Frontier();
    frontier.append(definedRoot(leaves.slice(0, 256)), 8);
    frontier.append(definedRoot(leaves.slice(256, 512)), 8);
    const grown = frontier.copy();
    grown.append(leaves[512]!);
    expect(grown.root()).toEqual(definedRoot(leaves.slice(0, 513)));
    expect(frontier.root()).toEqual(definedRoot(leaves.slice(0, 512)));
    expect(() => grown.append(leaves[0]!, 8)).toThrow(expect.objectContaining({ code: 'bad-size' }));
  });

  it('refuses what is no right edge of that size', () => {
    const [a, b] = leaves as [Uint8Array, Uint8Array];
    for (const nodes of [[], [a], [a, b, a], [a, b.slice(1)]])
      expect(() => new Frontier(3, nodes)).toThrow(expect.objectContaining({ code: 'bad-hash' }));
    expect(() => new Frontier(-1)).toThrow(expect.objectContaining({ code: 'bad-size' }));
    expect(() => new Frontier().append(a.slice(1))).toThrow(expect.objectContaining({ code: 'bad-hash' }));
  });
});
