import { readFileSync } from 'node:fs';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { keccak256, parseTransaction as viemParse, serializeTransaction } from 'viem';
import { describe, expect, it } from 'vitest';
import { decodeRlpList, encodeRlp, type RlpItem } from './rlp.js';
import { sampleTransaction } from './testing/sample-chain.js';
import { blockForm, parseTransaction, TRANSACTION_FIELDS, type EvmTransactionType } from './transaction.js';

const refused = (text = '') =>
  expect.objectContaining({
    name: 'EvmError',
    code: expect.stringMatching(/^bad-(transaction|rlp)$/) as string,
    message: expect.stringContaining(text) as string,
  });
const types = [0, 1, 2, 3, 4] as const;
const { cases } = JSON.parse(readFileSync(new URL('vectors/anvil-blocks.json', import.meta.url), 'utf8')) as {
  cases: { about: string; block: { hash: string }; transactions: string[] }[];
};

const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => `0x${bytesToHex(bytes)}` as const);
const word = fc
  .bigInt({ min: 1n, max: 2n ** 256n - 1n })
  .map((value) => `0x${value.toString(16).padStart(64, '0')}` as const);
const amount = fc.bigInt({ min: 0n, max: 2n ** 128n });
const common = fc.record({
  nonce: fc.maxSafeNat(),
  to: fc.option(hex(20), { nil: null }),
  value: amount,
  data: fc.uint8Array({ maxLength: 100 }).map((bytes) => `0x${bytesToHex(bytes)}` as const),
  gas: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  chainId: fc.integer({ min: 1, max: 2 ** 40 }),
});
const fees = amount.chain((maxFeePerGas) =>
  fc.bigInt({ min: 0n, max: maxFeePerGas }).map((maxPriorityFeePerGas) => ({ maxFeePerGas, maxPriorityFeePerGas })),
);
const accessList = fc.array(fc.record({ address: hex(20), storageKeys: fc.array(hex(32), { maxLength: 3 }) }), {
  maxLength: 3,
});
const signature = fc.record({ r: word, s: word, yParity: fc.constantFrom(0, 1) });

describe('a transaction', () => {
  it('is read as viem writes it, whatever its type', () => {
    const made = fc.tuple(
      common,
      fees,
      accessList,
      signature,
      amount,
      fc.array(hex(31), { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(made, fc.constantFrom(...types), (parts, type) => {
        const [base, fee, list, sign, price, blobs] = parts;
        const to = type >= 3 ? (base.to ?? (`0x${'11'.repeat(20)}` as const)) : base.to;
        const body = { ...base, to };
        const authorization = { address: `0x${'22'.repeat(20)}` as const, chainId: base.chainId, nonce: 5, ...sign };
        const transaction = {
          0: { ...body, gasPrice: price, type: 'legacy' as const },
          1: { ...body, gasPrice: price, accessList: list, type: 'eip2930' as const },
          2: { ...body, ...fee, accessList: list, type: 'eip1559' as const },
          3: {
            ...body,
            ...fee,
            accessList: list,
            maxFeePerBlobGas: price,
            blobVersionedHashes: blobs.map((blob) => `0x01${blob.slice(2)}` as const),
            type: 'eip4844' as const,
          },
          4: { ...body, ...fee, accessList: list, authorizationList: [authorization], type: 'eip7702' as const },
        }[type];
        const serialized = serializeTransaction(transaction as never, { ...sign, v: 27n + BigInt(sign.yParity) });
        const read = parseTransaction(hexToBytes(serialized.slice(2)));
        expect(read).toEqual({
          type,
          chainId: base.chainId,
          nonce: BigInt(base.nonce),
          to: to === null ? null : hexToBytes(to.slice(2)),
          value: base.value,
          input: hexToBytes(base.data.slice(2)),
          hash: hexToBytes(keccak256(serialized).slice(2)),
        });
        expect(blockForm(hexToBytes(serialized.slice(2)))).toEqual(hexToBytes(serialized.slice(2)));
      }),
    );
  });

  it('before EIP-155 names no chain', () => {
    const legacy = decodeRlpList(sampleTransaction(1, new Uint8Array(), { type: 0 }));
    const withV = (v: number) => encodeRlp(legacy.with(6, Uint8Array.of(v)));
    expect([27, 28, 37, 38].map((v) => parseTransaction(withV(v)).chainId)).toEqual([null, null, 1, 1]);
    // Chain 0 is what EIP-155 computes for 35 and 36; no chain has that id, and no attestation may.
    expect(parseTransaction(withV(35)).chainId).toBe(0);
    for (const v of [1, 26, 29, 34]) expect(() => parseTransaction(withV(v))).toThrow(refused('at v'));
  });

  it.each(cases)('of a real block is read, its fields as viem reads them: $about', ({ transactions }) => {
    for (const raw of transactions.slice(0, 20)) {
      const ours = parseTransaction(hexToBytes(raw));
      const theirs = viemParse(`0x${raw}`);
      expect(ours.chainId ?? undefined).toBe(theirs.chainId);
      expect(`0x${bytesToHex(ours.to!)}`).toBe(theirs.to);
      expect(`0x${bytesToHex(ours.input)}`).toBe(theirs.data);
      expect(ours.nonce).toBe(BigInt(theirs.nonce ?? 0));
    }
  });

  it.each(types)('of type %i is refused with a field more or less', (type) => {
    const raw = sampleTransaction(1, Uint8Array.of(1), { type });
    const items = decodeRlpList(type === 0 ? raw : raw.subarray(1));
    const wrap = (list: readonly RlpItem[]) =>
      type === 0 ? encodeRlp(list) : concatBytes(Uint8Array.of(type), encodeRlp(list));
    expect(parseTransaction(wrap(items)).type).toBe(type);
    expect(items).toHaveLength(TRANSACTION_FIELDS[type].length);
    expect(() => parseTransaction(wrap(items.slice(1)))).toThrow(refused('fields'));
    expect(() => parseTransaction(wrap([...items, new Uint8Array()]))).toThrow(refused('fields'));
    expect(() => parseTransaction(wrap([]))).toThrow(refused('fields'));
    expect(() => parseTransaction(concatBytes(wrap(items), Uint8Array.of(0)))).toThrow(refused('end'));
    TRANSACTION_FIELDS[type].forEach(([name, form], i) => {
      const wrong: Record<string, RlpItem[]> = {
        u256: [new Uint8Array(33).fill(1), Uint8Array.of(0), Uint8Array.of(0, 1), []],
        u64: [new Uint8Array(9).fill(1), Uint8Array.of(0), []],
        bytes: [[]],
        receiver: [new Uint8Array(19), new Uint8Array(21), []],
        address: [new Uint8Array(0), new Uint8Array(19), new Uint8Array(21), []],
        parity: [Uint8Array.of(2), Uint8Array.of(0), Uint8Array.of(1, 0), []],
        hashes: [new Uint8Array(), [new Uint8Array(31)], [[]]],
        accessList: [
          new Uint8Array(),
          [new Uint8Array(20)],
          [[new Uint8Array(20)]],
          [[new Uint8Array(19), []]],
          [[new Uint8Array(20), [new Uint8Array(31)]]],
          [[new Uint8Array(20), new Uint8Array()]],
        ],
        authorizations: [
          new Uint8Array(),
          [[]],
          [authorization(1, new Uint8Array(19))],
          [authorization(2, Uint8Array.of(0))],
          [authorization(2, new Uint8Array(9).fill(1))],
          [authorization(3, Uint8Array.of(1, 1))],
          [authorization(4, new Uint8Array(33).fill(1))],
          [authorization(0, [])],
        ],
      };
      for (const item of wrong[form]!) {
        expect(() => parseTransaction(wrap(items.with(i, item))), name).toThrow(
          refused(`at ${name === 'chainId' ? 'chainId' : name}`),
        );
      }
    });
  });

  function authorization(at: number, item: RlpItem): RlpItem {
    const good = [
      Uint8Array.of(1),
      new Uint8Array(20),
      Uint8Array.of(1),
      Uint8Array.of(1),
      Uint8Array.of(1),
      Uint8Array.of(1),
    ];
    return (good as RlpItem[]).with(at, item);
  }

  it('is refused when it is of no known type', () => {
    expect(() => parseTransaction(new Uint8Array())).toThrow(refused('type'));
    for (const type of [0, 5, 0x7e, 0x7f, 0x80, 0xbf]) {
      expect(() => parseTransaction(Uint8Array.of(type, 0xc0)), `${type}`).toThrow(refused('type'));
    }
  });

  it('is refused for a chain beyond 2^53', () => {
    const raw = (chainId: bigint) => {
      const items = decodeRlpList(sampleTransaction(1, new Uint8Array()).subarray(1));
      return concatBytes(
        Uint8Array.of(2),
        encodeRlp(items.with(0, hexToBytes(chainId.toString(16).padStart(14, '0')))),
      );
    };
    expect(parseTransaction(raw(2n ** 53n - 1n)).chainId).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parseTransaction(raw(2n ** 53n))).toThrow(refused('chainId'));
  });

  it('with blobs is cut to what stands in a block, and refused in the form in which nodes pass it on', () => {
    const body = sampleTransaction(1, Uint8Array.of(1), { type: 3 });
    const items = decodeRlpList(body.subarray(1));
    const blob = new Uint8Array(131_072);
    const network = (...rest: RlpItem[]) => concatBytes(Uint8Array.of(3), encodeRlp([items, ...rest]));
    for (const raw of [network([blob], [blob], [blob]), network(Uint8Array.of(1), [blob], [blob], [blob])]) {
      expect(blockForm(raw)).toEqual(body);
      expect(() => parseTransaction(raw)).toThrow(refused('14 fields'));
    }
    expect(() => blockForm(network())).toThrow(refused('4 or 5'));
    expect(() => blockForm(network([], []))).toThrow(refused('4 or 5'));
    // What is none of ours to read stays as it is.
    for (const raw of [body, sampleTransaction(1, blob, { type: 0 }), Uint8Array.of(0x7e, 0xc0), new Uint8Array()]) {
      expect(blockForm(raw)).toEqual(raw);
    }
  });

  it('that changes in any bit changes its hash or is refused', () => {
    for (const type of types) {
      const raw = sampleTransaction(1, new Uint8Array(32).fill(7), { type: type as EvmTransactionType });
      const { hash } = parseTransaction(raw);
      for (let bit = 0; bit < raw.length * 8; bit++) {
        const flipped = raw.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        try {
          expect(parseTransaction(flipped).hash).not.toEqual(hash);
        } catch (error) {
          expect(error).toEqual(refused());
        }
      }
    }
  });
});
