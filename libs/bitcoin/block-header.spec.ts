import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { displayHash, parseDisplayHash } from './block-hash.js';
import { checkProofOfWork, parseBlockHeader } from './block-header.js';
import { networkNamed, networkOfCoreName, NETWORKS, networkOfGenesis } from './network.js';
import { bitsFromTarget, nextBits, targetFromBits, workOfTarget } from './proof-of-work.js';

interface HeaderVector {
  name: string;
  network: string;
  height: number;
  header: string;
  hash: string;
  merkleRoot: string;
  version: number;
  time: number;
  bits: string;
  nonce: number;
}

interface TargetVectors {
  compact: { bits: string; target: string; back: string }[];
  refused: { bits: string; why: string }[];
  retarget: { origin: string; lastBits: string; firstTime: number; lastTime: number; nextBits: string }[];
}

function vectors<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`vectors/${file}`, import.meta.url), 'utf8')) as T;
}

const headers = vectors<HeaderVector[]>('headers.json');
const targets = vectors<TargetVectors>('targets.json');
const bits = (text: string) => Number.parseInt(text, 16);
const fails = (code: string) => expect.objectContaining({ name: 'BitcoinError', code });

describe('a block header', () => {
  it.each(headers)('$name has its fields, its hash and its proof of work', (vector) => {
    const header = parseBlockHeader(hexToBytes(vector.header));
    expect({
      ...header,
      hash: displayHash(header.hash),
      merkleRoot: displayHash(header.merkleRoot),
      bits: header.bits.toString(16),
      previousHash: undefined,
    }).toEqual({
      version: vector.version,
      previousHash: undefined,
      merkleRoot: vector.merkleRoot,
      time: vector.time,
      bits: vector.bits,
      nonce: vector.nonce,
      hash: vector.hash,
    });
    const network = networkNamed(vector.network);
    checkProofOfWork(header, network);
    expect(networkOfGenesis(header.hash)?.name).toBe(vector.height === 0 ? vector.network : undefined);
  });

  it('has 80 bytes', () => {
    for (const length of [0, 79, 81]) {
      expect(() => parseBlockHeader(new Uint8Array(length))).toThrow(fails('bad-header'));
    }
  });

  it('is read from the middle of a larger buffer', () => {
    const larger = hexToBytes(`00${headers[0]!.header}00`);
    expect(displayHash(parseBlockHeader(larger.subarray(1, 81)).hash)).toBe(headers[0]!.hash);
  });

  it('loses its proof of work with any single bit', () => {
    const bytes = hexToBytes(headers[0]!.header);
    for (let bit = 0; bit < 640; bit++) {
      const flipped = bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
      expect(() => checkProofOfWork(parseBlockHeader(flipped), NETWORKS.mainnet)).toThrow();
    }
  });

  it('of an easier network is refused on a harder one', () => {
    const regtest = parseBlockHeader(hexToBytes(headers.find((vector) => vector.network === 'regtest')!.header));
    checkProofOfWork(regtest);
    expect(() => checkProofOfWork(regtest, NETWORKS.mainnet)).toThrow(fails('bad-work'));
  });
});

describe('a compact target', () => {
  it.each(targets.compact)('$bits is $target', (vector) => {
    expect(targetFromBits(bits(vector.bits)).toString(16)).toBe(vector.target);
    expect(bitsFromTarget(BigInt(`0x${vector.target}`))).toBe(bits(vector.back));
  });

  it.each(targets.refused)('$bits is refused: $why', (vector) => {
    expect(() => targetFromBits(bits(vector.bits))).toThrow(fails('bad-bits'));
  });

  it.each(targets.retarget)('follows a period: $origin', (vector) => {
    expect(nextBits(bits(vector.lastBits), vector.firstTime, vector.lastTime, 0x1d00ffff)).toBe(bits(vector.nextBits));
  });

  it('says how much work a block is expected to take', () => {
    expect(workOfTarget(targetFromBits(0x1d00ffff))).toBe(0x100010001n);
    expect(workOfTarget(targetFromBits(0x207fffff))).toBe(2n);
  });
});

describe('names and hashes', () => {
  it('are read in one form only', () => {
    const hash = headers[0]!.hash;
    expect(displayHash(parseDisplayHash(hash))).toBe(hash);
    for (const text of [hash.toUpperCase(), hash.slice(1), `${hash} `, `0x${hash}`]) {
      expect(() => parseDisplayHash(text)).toThrow(fails('bad-hash'));
    }
    expect(networkOfCoreName('main')?.name).toBe('mainnet');
    expect(networkOfCoreName('mainnet')).toBeUndefined();
    for (const name of ['main', 'toString', '']) expect(() => networkNamed(name)).toThrow(fails('unknown-network'));
  });
});
