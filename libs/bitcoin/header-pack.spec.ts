import { readFileSync } from 'node:fs';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { displayHash } from './block-hash.js';
import { formatHeaderPack, formatHeaderPackHead, parseHeaderPack } from './header-pack.js';
import { mineChain, mineHeader } from './testing/mined-header.js';

interface PackVectors {
  valid: { name: string; pack: string; network: string; startHeight: number; count: number; tipHash: string }[];
  invalid: { name: string; pack: string; code: string }[];
}

const vectors = JSON.parse(readFileSync(new URL('vectors/header-packs.json', import.meta.url), 'utf8')) as PackVectors;
const fails = (code: string) => expect.objectContaining({ name: 'BitcoinError', code });
const chain = mineChain([1, 2, 3, 4, 5].map((i) => new Uint8Array(32).fill(i)));

describe('a header pack', () => {
  it.each(vectors.valid)('is read: $name', (vector) => {
    const { network, startHeight, count, tipHash } = parseHeaderPack(hexToBytes(vector.pack));
    expect({ network: network.name, startHeight, count, tipHash: displayHash(tipHash) }).toEqual({
      network: vector.network,
      startHeight: vector.startHeight,
      count: vector.count,
      tipHash: vector.tipHash,
    });
  });

  it.each(vectors.invalid)('is refused: $name', (vector) => {
    expect(() => parseHeaderPack(hexToBytes(vector.pack))).toThrow(fails(vector.code));
  });

  it('adds up the work of its blocks', () => {
    expect(parseHeaderPack(concatBytes(...chain)).work).toBe(12n);
  });

  it('is a chain whose copy goes on by itself', () => {
    const pack = parseHeaderPack(concatBytes(...chain.slice(0, 3))).chain;
    const copy = pack.copy();
    for (const header of chain.slice(3)) copy.append(header);
    expect([pack.count, pack.work, copy.count, copy.work]).toEqual([3, 6n, 6, 12n]);
    expect(() => pack.append(chain[4]!)).toThrow(fails('broken-chain'));
  });

  it('uses the SHA-256 that it is given', () => {
    let calls = 0;
    const hash = (data: Uint8Array): Uint8Array => {
      calls++;
      return data.slice(0, 32);
    };
    expect(() => parseHeaderPack(formatHeaderPack('regtest', 0, chain), hash)).toThrow(fails('broken-chain'));
    expect(calls).toBeGreaterThan(0);
  });

  it('loses a header’s link or work with any of its bits, but for the last one’s that still has work', () => {
    const pack = concatBytes(...chain);
    let survivors = 0;
    for (let bit = 0; bit < pack.length * 8; bit++) {
      try {
        parseHeaderPack(pack.with(bit >> 3, pack[bit >> 3]! ^ (1 << (bit & 7))));
        survivors++;
        expect(bit).toBeGreaterThanOrEqual(8 * 80 * 5);
      } catch (error) {
        expect(error).toEqual(expect.objectContaining({ name: 'BitcoinError' }));
      }
    }
    expect(survivors).toBeLessThan(640);
  });

  it('refuses a change of the target within a period on mainnet', () => {
    const [genesis, first] = vectors.valid.find((vector) => vector.name.includes('mainnet'))!.pack.match(/.{160}/g)!;
    const easier = mineHeader({ previousHash: new Uint8Array(32) });
    const pack = (...headers: Uint8Array[]) => formatHeaderPack('mainnet', 0, headers);
    expect(parseHeaderPack(pack(hexToBytes(genesis!), hexToBytes(first!))).count).toBe(2);
    expect(() => parseHeaderPack(pack(hexToBytes(genesis!), easier))).toThrow(fails('broken-chain'));
    expect(() => parseHeaderPack(formatHeaderPack('mainnet', 5, [easier]))).toThrow(fails('bad-work'));
  });

  it('is written with a head that is read back', () => {
    expect(formatHeaderPackHead('testnet4', 17)).toEqual(utf8ToBytes('sealroot/headers@1\ntestnet4\n17\n\n'));
    for (const height of [-1, 0.5, 2 ** 53])
      expect(() => formatHeaderPackHead('mainnet', height)).toThrow(fails('bad-pack'));
  });
});
