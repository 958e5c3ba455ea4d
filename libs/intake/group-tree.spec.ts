import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#merkle/hash.js';
import { nativeSha256Into } from '#sealing/native-sha256.js';
import { signGroup } from '#signature/sign.js';
import type { SignatureGroup } from '#statement/agency-signature.js';
import { GroupTree } from './group-tree.js';
import { cpuMs } from '#setting/testing/cpu-time.js';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const leafOf = (input: string) => latin1(leafHash(Buffer.from(input)));

/** A group's lines with their places, and its root. */
async function group(size: number): Promise<{ leaf: string; place: SignatureGroup }[] & { root: string }> {
  const inputs = Array.from({ length: size }, (_, i) => `line ${i}`);
  let root = '';
  const sign = (message: Uint8Array) => {
    root = Buffer.from(Buffer.from(message).toString().split('\n')[3]!, 'base64').toString('latin1');
    return new Uint8Array(64);
  };
  const signatures = await signGroup('a.example', inputs, { key: 'k', sign }, nativeSha256Into);
  const lines = inputs.map((input, i) => ({ leaf: leafOf(input), place: signatures[i]!.group! }));
  return Object.assign(lines, { root });
}

describe('lines of a group', () => {
  it('hold in any order, with one look at the signature; others do not, before or after', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 90 }), fc.infiniteStream(fc.nat()), async (size, stream) => {
        const lines = await group(size);
        const tree = new GroupTree(size);
        let asked = 0;
        const isSigned = (root: string) => {
          asked++;
          return root === lines.root;
        };
        const draw = () => stream.next().value as number;
        for (const { leaf, place } of lines.toSorted(() => (draw() % 3) - 1)) {
          const path = Buffer.from(place.path, 'base64url');
          const seen = asked;
          if (path.length > 0) {
            path[draw() % path.length]! ^= 1 << (draw() % 8);
            expect(tree.place(leaf, { ...place, path: path.toString('base64url') }, isSigned)).not.toBe('holds');
          }
          expect(tree.place(hash('sha256', leaf, 'binary'), place, isSigned)).not.toBe('holds');
          expect(tree.place(leaf, { ...place, index: (place.index + 1) % size }, isSigned) === 'holds').toBe(
            size === 1,
          );
          if (seen > 0 && asked > seen) expect(asked - seen).toBeLessThanOrEqual(3);
          expect(tree.place(leaf, place, isSigned)).toBe('holds');
          asked = 1;
        }
        const before = asked;
        for (const { leaf, place } of lines) expect(tree.place(leaf, place, isSigned)).toBe('holds');
        expect(asked).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it('have a path of just the right length, in a group of just this size', async () => {
    const lines = await group(6);
    const { leaf, place } = lines[4]!;
    const tree = new GroupTree(6);
    const isSigned = (root: string) => root === lines.root;
    const path = Buffer.from(place.path, 'base64url');
    const withPath = (bytes: Uint8Array) => ({ ...place, path: Buffer.from(bytes).toString('base64url') });
    for (const known of [false, true]) {
      if (known) expect(tree.place(leaf, place, isSigned)).toBe('holds');
      expect(tree.place(leaf, withPath(path.subarray(32)), isSigned)).toBe('bad-path');
      expect(tree.place(leaf, withPath(Buffer.concat([path, path])), isSigned)).toBe('bad-path');
      expect(tree.place(leaf, { ...place, size: 7 }, isSigned)).toBe('bad-path');
    }
    expect(new GroupTree(6).place(leaf, place, () => false)).toBe('bad-signature');
  });

  it('of a group of 4,096 cost about a hash each', async () => {
    const lines = await group(4096);
    const tree = new GroupTree(4096);
    const ms = cpuMs(() => {
      for (const { leaf, place } of lines) expect(tree.place(leaf, place, () => true)).toBe('holds');
    });
    expect(ms).toBeLessThan(1000);
  });
});
