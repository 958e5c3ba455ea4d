import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, it } from 'vitest';
import { leafHash, nodeHash } from '#merkle/hash.js';
import { zeroNode } from './node.js';
import { formatStatusPack, parseStatusPack, rootOfLeaves } from './pack.js';
import { statusPath } from './path.js';
import { MemoryNodes } from './testing/full-tree.js';
import { updateStatus } from './update.js';

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

it('the worked example of the README is what the library computes', async () => {
  const nodes = new MemoryNodes();
  nodes.store(await updateStatus(nodes, { before: 0, after: 70, events: [] }));
  const events = [{ ordinal: 70, first: 66, count: 1, state: 1 as const, previous: null }];
  const update = await updateStatus(nodes, { before: 70, after: 71, events });
  nodes.store(update);
  const { leaf, path } = await statusPath(nodes, 66, 71);
  expect(bytesToHex(leaf)).toBe(`0001${'00'.repeat(30)}0000000000000046`);
  expect(bytesToHex(path[0]!)).toBe(bytesToHex(zeroNode(0)));
  const said = (label: string) => new RegExp(`^ {4}${label} +.*?([0-9a-f]{64})$`, 'm').exec(readme)?.[1];
  expect(said('Z0')).toBe(bytesToHex(zeroNode(0)));
  expect(said('leaf hash 0')).toBe(bytesToHex(zeroNode(0)));
  expect(said('leaf hash 1')).toBe(bytesToHex(leafHash(leaf)));
  expect(said('root')).toBe(bytesToHex(update.root));
  const pack = formatStatusPack({ batch: 1, records: 71, since: null, leaves: new Map([[1, leaf]]) });
  expect(/first line and `([0-9a-f]+)`/.exec(readme)?.[1]).toBe(bytesToHex(pack.subarray(pack.indexOf(10) + 1)));
  expect(bytesToHex(rootOfLeaves(parseStatusPack(pack).leaves, 71))).toBe(said('root'));
  expect(bytesToHex(nodeHash(hexToBytes(said('leaf hash 0')!), leafHash(leaf)))).toBe(said('root'));
});

it('leaf and path have at most 700 bytes at ten million records where a few were touched', async () => {
  const records = 10_000_000;
  const nodes = new MemoryNodes();
  // One in a hundred, so that a leaf has none or one.
  const events = Array.from({ length: 1000 }, (_, i) => ({
    ordinal: records + i,
    first: 7 + i * 100,
    count: 1,
    state: 1 as const,
    previous: null,
  }));
  nodes.store(await updateStatus(nodes, { before: records, after: records + 1000, events }));
  for (const ordinal of [0, 7, 64, 99_907, 5_000_000, records - 1, records + 999]) {
    const { leaf, path } = await statusPath(nodes, ordinal, records + 1000);
    expect(leaf.length + 32 * path.length).toBeLessThanOrEqual(700);
  }
});
