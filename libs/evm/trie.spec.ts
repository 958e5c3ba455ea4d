import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRlpList, encodeRlp, type RlpItem } from './rlp.js';
import { sampleTransaction } from './testing/sample-chain.js';
import { buildTransactionTrie, verifyTransactionProof } from './trie.js';

const refused = expect.objectContaining({
  name: 'EvmError',
  code: expect.stringMatching(/^bad-(path|rlp)$/) as string,
});
const block = (count: number, length = 100) =>
  Array.from({ length: count }, (_, i) => Uint8Array.from({ length }, (_, k) => 1 + ((i * 7 + k) % 255)));

describe('a transaction trie', () => {
  it('of no transaction has the root that every empty block names', () => {
    // Origin: Keccak-256 of the RLP of nothing, `transactionsRoot` of Ethereum's block 0.
    const { root, path } = buildTransactionTrie([]);
    expect(bytesToHex(root)).toBe('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
    expect(() => path(0)).toThrow(refused);
  });

  it.each([1, 2, 3, 16, 17, 127, 128, 129, 255, 256, 257, 300])('of %i proves each, and none beyond', (count) => {
    const raw = block(count);
    const trie = buildTransactionTrie(raw);
    for (let index = 0; index < count; index++) {
      expect(verifyTransactionProof(trie.root, index, trie.path(index))).toEqual(raw[index]);
    }
    for (const index of [count, -1, 0.5, Number.NaN]) expect(() => trie.path(index)).toThrow(refused);
    for (const index of [count, count + 1, -1, 0.5, 2 ** 32]) {
      expect(() => verifyTransactionProof(trie.root, index, trie.path(0))).toThrow(refused);
    }
  });

  it('proves no transaction at another index', () => {
    const raw = block(130);
    const trie = buildTransactionTrie(raw);
    for (const index of [0, 1, 15, 16, 127, 128, 129]) {
      for (let other = 0; other < 140; other++) {
        if (other === index) continue;
        expect(() => verifyTransactionProof(trie.root, other, trie.path(index)), `${index} ${other}`).toThrow(refused);
      }
    }
  });

  it('with a transaction twice proves both places', () => {
    const [one, other] = block(2);
    const trie = buildTransactionTrie([one!, other!, one!]);
    expect(verifyTransactionProof(trie.root, 2, trie.path(2))).toEqual(one);
    expect(trie.path(2)).not.toEqual(trie.path(0));
  });

  it('embeds nodes below 32 bytes in their parents, and proves through them', () => {
    // No real transaction is so short; the rule is the trie's.
    for (const length of [1, 2, 20, 29, 30, 31, 32, 33]) {
      const raw = block(300, length);
      const trie = buildTransactionTrie(raw);
      for (let index = 0; index < 300; index++) {
        const path = trie.path(index);
        expect(path.slice(1).every((node) => node.length >= 32)).toBe(true);
        expect(verifyTransactionProof(trie.root, index, path)).toEqual(raw[index]);
      }
    }
  });

  it('proves what any block holds', () => {
    const raw = fc.array(fc.uint8Array({ minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(raw, fc.nat(), (transactions, pick) => {
        const index = pick % transactions.length;
        const trie = buildTransactionTrie(transactions);
        expect(verifyTransactionProof(trie.root, index, trie.path(index))).toEqual(transactions[index]);
      }),
    );
  });

  it('refuses every flipped bit, and every node left out, doubled, moved or added', () => {
    const raw = Array.from({ length: 130 }, (_, i) => sampleTransaction(i, Uint8Array.of(i)));
    const { root, path } = buildTransactionTrie(raw);
    for (const index of [0, 5, 128]) {
      const good = path(index);
      good.forEach((node, i) => {
        for (let bit = 0; bit < node.length * 8; bit++) {
          const flipped = node.slice();
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          expect(() => verifyTransactionProof(root, index, good.with(i, flipped))).toThrow(refused);
        }
        expect(() => verifyTransactionProof(root, index, good.toSpliced(i, 1))).toThrow(refused);
        expect(() => verifyTransactionProof(root, index, good.toSpliced(i, 0, node))).toThrow(refused);
        expect(() => verifyTransactionProof(root, index, [...good, node])).toThrow(refused);
      });
      expect(() => verifyTransactionProof(root, index, good.toReversed())).toThrow(refused);
      expect(() => verifyTransactionProof(root, index, [])).toThrow(refused);
      expect(() => verifyTransactionProof(root, index, [...good, raw[0]!])).toThrow(refused);
      expect(() => verifyTransactionProof(root, index, [...good, new Uint8Array()])).toThrow(refused);
      expect(() => verifyTransactionProof(root.with(0, root[0]! ^ 1), index, good)).toThrow(refused);
    }
  });

  /** A path of nodes made by hand, hashes right: what is refused is the form. The last is the leaf. */
  function linked(...nodes: ((child: RlpItem) => RlpItem)[]): { root: Uint8Array; path: Uint8Array[] } {
    let reference: RlpItem = new Uint8Array();
    const path: Uint8Array[] = [];
    for (const make of nodes.toReversed()) {
      const encoded = encodeRlp(make(reference));
      path.unshift(encoded);
      reference = encoded.length < 32 && path.length < nodes.length ? decodeRlpList(encoded) : keccak_256(encoded);
      if (!(reference instanceof Uint8Array)) path.shift();
    }
    return { root: keccak_256(path[0]!), path };
  }
  const value = block(1)[0]!;
  const leaf =
    (key: string, content: RlpItem = value) =>
    () => [hexToBytes(key), content];
  const extension = (key: string) => (child: RlpItem) => [hexToBytes(key), child];
  const branch =
    (nibble: number, { others = 1, own = new Uint8Array() as RlpItem, size = 17 } = {}) =>
    (child: RlpItem) =>
      Array.from({ length: size }, (_, i): RlpItem => {
        if (i === nibble) return child;
        if (i === 16) return own;
        return i > nibble && i <= nibble + others ? keccak_256(Uint8Array.of(i)) : new Uint8Array();
      });

  it('reads a path made by hand', () => {
    // Index 5 has the key 05.
    for (const { root, path } of [
      linked(leaf('2005')),
      linked(branch(0), leaf('35')),
      linked(extension('10'), branch(5), leaf('20')),
      linked(branch(0), branch(5), leaf('20')),
      linked(extension('10'), branch(5), leaf('20', Uint8Array.of(1, 2))),
    ]) {
      expect(() => verifyTransactionProof(root, 5, path)).not.toThrow();
    }
  });

  it.each<[string, { root: Uint8Array; path: Uint8Array[] }]>([
    ['a leaf of another key', linked(leaf('2006'))],
    ['a leaf that ends before the key', linked(leaf('30'))],
    ['a leaf that goes on after the key', linked(leaf('200500'))],
    ['a leaf with padding that is not zero', linked(leaf('2105'))],
    ['a leaf with an unknown flag', linked(leaf('4005'))],
    ['a leaf with a key of no byte', linked(leaf(''))],
    ['a leaf with nothing in it', linked(leaf('2005', new Uint8Array()))],
    ['a leaf with a list in it', linked(leaf('2005', [value]))],
    ['an extension by nothing', linked(extension('00'), branch(0), leaf('35'))],
    ['an extension to another index', linked(extension('11'), branch(5), leaf('20'))],
    ['an extension to a leaf', linked(extension('10'), leaf('35'))],
    ['an extension to an extension', linked(extension('10'), extension('15'), branch(0), leaf('20'))],
    ['an extension with padding that is not zero', linked(extension('0105'), branch(0), leaf('20'))],
    ['a branch of one', linked(branch(0, { others: 0 }), leaf('35'))],
    ['a branch with a value of its own', linked(branch(0, { own: value }), leaf('35'))],
    ['a branch with a list as its value', linked(branch(0, { own: [value, value] }), leaf('35'))],
    ['a branch of 16', linked(branch(0, { size: 16 }), leaf('35'))],
    ['a node of three items', linked(() => [Uint8Array.of(0x20, 5), value, value])],
    ['a node that is a text', { root: keccak_256(encodeRlp(value)), path: [encodeRlp(value)] }],
    ['a branch where the key ends', linked(extension('0005'), branch(3), leaf('20'))],
    ['a branch to another index only', linked(branch(1), leaf('35'))],
    ['a reference of 31 bytes', linked(() => branch(0)(value.slice(0, 31)), leaf('35'))],
    ['a long node in its parent', linked(() => branch(0)(leaf('35')()))],
    [
      'a short node that is named by its hash',
      (() => {
        const short = encodeRlp([hexToBytes('35'), Uint8Array.of(1)]);
        const top = encodeRlp(branch(0)(keccak_256(short)));
        return { root: keccak_256(top), path: [top, short] };
      })(),
    ],
  ])('refuses %s', (_, { root, path }) => {
    expect(() => verifyTransactionProof(root, 5, path)).toThrow(refused);
  });

  it('refuses more nodes than any index needs, unread', () => {
    const { root, path } = buildTransactionTrie(block(1));
    expect(() =>
      verifyTransactionProof(
        root,
        0,
        Array.from({ length: 13 }, () => path(0)[0]!),
      ),
    ).toThrow(/12 nodes/);
  });
});
