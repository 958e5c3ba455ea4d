import { readFileSync } from 'node:fs';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { knownChain } from './chain.js';
import { blockTimeMs, encodeHeader, HEADER_MAX_BYTES, parseHeader } from './header.js';
import { decodeRlpList, encodeRlp, type RlpItem } from './rlp.js';
import { sampleHeader } from './testing/sample-chain.js';

type Block = Record<string, string>;
interface Vectors {
  cases: { about: string; chainId?: number; block: Block }[];
}
const read = (name: string) =>
  (JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as Vectors).cases;
const refused = (code = 'bad-header', text = '') =>
  expect.objectContaining({ name: 'EvmError', code, message: expect.stringContaining(text) as string });
const noBloom = `0x${'00'.repeat(256)}`;
const known = read('known-headers').map((given) => ({
  ...given,
  block: { logsBloom: noBloom, ...given.block } as Block,
}));
const mined = read('anvil-blocks');
const prague = mined.find(({ about }) => about === 'prague')!.block;

describe('a header made of a block as JSON-RPC shows it', () => {
  it.each(known)('has the hash that the world knows: $about', ({ block, chainId }) => {
    const header = parseHeader(encodeHeader(block));
    expect(`0x${bytesToHex(header.hash)}`).toBe(block['hash']);
    expect(header.number).toBe(Number(block['number']));
    expect(header.timestampMs).toBe(Number(block['timestamp']) * 1000);
    expect(`0x${bytesToHex(header.parentHash)}`).toBe(block['parentHash']);
    if (header.number === 0) expect(knownChain(chainId!)?.genesis).toBe(bytesToHex(header.hash));
  });

  it.each(mined)('has the hash that a node of that fork computed: $about', ({ block, about }) => {
    const rlp = encodeHeader(block);
    const header = parseHeader(rlp);
    expect(`0x${bytesToHex(header.hash)}`).toBe(block['hash']);
    expect(`0x${bytesToHex(header.transactionsRoot)}`).toBe(block['transactionsRoot']);
    const fields: Record<string, number> = {
      istanbul: 15,
      berlin: 15,
      london: 16,
      paris: 16,
      shanghai: 17,
      cancun: 20,
    };
    expect(decodeRlpList(rlp)).toHaveLength(fields[about] ?? 21);
  });

  it('has the fields that come after the newest fork, where a node shows them', () => {
    const accessListHash = `0x${'ab'.repeat(32)}`;
    const items = [...decodeRlpList(encodeHeader(prague)), hexToBytes(accessListHash.slice(2)), Uint8Array.of(7)];
    const rlp = encodeRlp(items);
    const hash = `0x${bytesToHex(keccak_256(rlp))}`;
    expect(encodeHeader({ ...prague, blockAccessListHash: accessListHash, slotNumber: '0x7', hash })).toEqual(rlp);
  });

  it('takes a member that is null for one that is not there', () => {
    const { block } = mined.find(({ about }) => about === 'london')!;
    expect(encodeHeader({ ...block, withdrawalsRoot: null, requestsHash: undefined })).toEqual(encodeHeader(block));
  });

  it('is refused when it does not have the hash of its block', () => {
    for (const name of Object.keys(prague)) {
      if (!/^0x[0-9a-f]{2,}$/.test(prague[name]!) || name === 'size' || name === 'totalDifficulty') continue;
      const changed = prague[name]!.replace(/.$/, (digit) => (digit === '1' ? '2' : '1'));
      expect(() => encodeHeader({ ...prague, [name]: changed }), name).toThrow(refused('other-hash'));
    }
    const { requestsHash: _, ...older } = prague;
    expect(() => encodeHeader(older)).toThrow(refused('other-hash', 'does not hash headers as Ethereum does'));
  });

  it.each<[string, unknown, string]>([
    ['no object', null, 'the block'],
    ['a text', '0x', 'the block'],
    ['a missing field', { ...prague, stateRoot: undefined }, 'stateRoot'],
    ['a missing hash', { ...prague, hash: null }, 'hash'],
    ['a short hash', { ...prague, parentHash: '0x00' }, 'parentHash'],
    ['half a byte', { ...prague, extraData: '0x0' }, 'extraData'],
    ['a number without 0x', { ...prague, number: '1' }, 'number'],
    ['a number that is one', { ...prague, number: 1 }, 'number'],
    ['a number beyond 256 bits', { ...prague, gasUsed: `0x1${'0'.repeat(64)}` }, 'gasUsed'],
    ['an empty number', { ...prague, gasUsed: '0x' }, 'gasUsed'],
    ['a fork without the one before', { ...prague, baseFeePerGas: null }, 'baseFeePerGas'],
    ['blobs without withdrawals', { ...prague, withdrawalsRoot: null }, 'withdrawalsRoot'],
  ])('is refused with %s', (_, block, where) => {
    expect(() => encodeHeader(block)).toThrow(refused('bad-header', where));
  });
});

describe('a header in RLP', () => {
  const items = () => [...decodeRlpList(sampleHeader(new Uint8Array(32)))];
  const parse = (at: number, item: RlpItem) => parseHeader(encodeRlp(items().with(at, item)));

  it('may have fields that nobody here knows, as texts', () => {
    const hash = parseHeader(encodeRlp([...items(), new Uint8Array(32), new Uint8Array(8)])).hash;
    expect(hash).not.toEqual(parseHeader(encodeRlp(items())).hash);
    expect(parseHeader(encodeRlp(items().slice(0, 15))).number).toBe(7);
    expect(() => parseHeader(encodeRlp([...items(), [new Uint8Array()]]))).toThrow(refused('bad-header', 'field 21'));
  });

  it('takes its time in seconds or milliseconds', () => {
    const at = (timestamp: number) => parseHeader(sampleHeader(new Uint8Array(32), { timestamp })).timestampMs;
    expect(at(1_772_355_600)).toBe(1_772_355_600_000);
    expect(at(1_772_355_600_123)).toBe(1_772_355_600_123);
    expect(at(99_999_999_999)).toBe(99_999_999_999_000);
    expect(at(100_000_000_000)).toBe(100_000_000_000);
    expect(blockTimeMs(253_402_300_799_999n)).toBe(253_402_300_799_999);
    expect(() => blockTimeMs(253_402_300_800_000n)).toThrow(refused('bad-header', 'timestamp'));
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 13, 14])('is refused when field %i has another length', (at) => {
    const length = (items()[at] as Uint8Array).length;
    for (const other of [0, length - 1, length + 1]) {
      expect(() => parse(at, new Uint8Array(other))).toThrow(refused('bad-header', `${length} bytes`));
    }
    expect(() => parse(at, [])).toThrow(refused());
  });

  it.each([7, 8, 9, 10, 11])('is refused when the number in field %i is not one', (at) => {
    expect(() => parse(at, Uint8Array.of(0))).toThrow(refused('bad-header', 'leading zeros'));
    expect(() => parse(at, Uint8Array.of(0, 5))).toThrow(refused('bad-header', 'leading zeros'));
    expect(() => parse(at, new Uint8Array(33).fill(1))).toThrow(refused());
  });

  it('is refused beyond its bounds', () => {
    expect(parse(8, hexToBytes('1fffffffffffff')).number).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parse(8, hexToBytes('20000000000000'))).toThrow(refused('bad-header', '2^53'));
    expect(() => parseHeader(encodeRlp(items().slice(0, 14)))).toThrow(refused('bad-header', '15 to 32 fields'));
    const many = (count: number) =>
      encodeRlp([...items(), ...Array.from({ length: count - 21 }, () => Uint8Array.of(1))]);
    expect(() => parseHeader(many(32))).not.toThrow();
    expect(() => parseHeader(many(33))).toThrow(refused('bad-header', '15 to 32 fields'));
    const rest = HEADER_MAX_BYTES - parseLength();
    const padded = (extra: number) => encodeRlp(items().with(12, new Uint8Array(rest + extra).fill(1)));
    expect(padded(0)).toHaveLength(HEADER_MAX_BYTES);
    expect(() => parseHeader(padded(0))).not.toThrow();
    expect(() => parseHeader(padded(1))).toThrow(refused('bad-header', 'at most 16384 bytes'));
    expect(() => parseHeader(utf8ToBytes('text'))).toThrow(refused('bad-rlp'));
    expect(() => parseHeader(new Uint8Array())).toThrow(refused('bad-rlp'));

    // Length of everything but the extra data, whose own head has three bytes when it is so long.
    function parseLength(): number {
      return encodeRlp(items().with(12, new Uint8Array(1000).fill(1))).length - 1000;
    }
  });
});
