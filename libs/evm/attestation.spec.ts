import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '#statement/jcs.js';
import {
  evmAttestationBytes,
  type EvmAttestation,
  formatEvmAttestation,
  NODE_MAX_BYTES,
  parseEvmAttestation,
  readEvmAttestation,
  TRANSACTION_MAX_BYTES,
  verifyEvmAttestation,
} from './attestation.js';
import { HEADER_MAX_BYTES } from './header.js';
import { sampleEvmBlock, sampleHeader, sampleTransaction, type SampleEvmOptions } from './testing/sample-chain.js';
import { buildTransactionTrie } from './trie.js';

const root = keccak_256(utf8ToBytes('a checkpoint'));
const sample = sampleEvmBlock(root);
const refused = (code: string, text = '') =>
  expect.objectContaining({ name: 'EvmError', code, message: expect.stringContaining(text) as string });
const flipped = (bytes: Uint8Array, bit: number) => bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));

describe('an attestation that holds', () => {
  it('leads from the root to the hash of the block, and says where and when', () => {
    expect(verifyEvmAttestation(sample.attestation, root)).toEqual({
      blockHash: hexToBytes(sample.hash),
      number: 7,
      timeMs: 1_772_355_600_000,
      chainId: 31_337,
      genesis: hexToBytes(sample.attestation.genesis),
      to: keccak_256(utf8ToBytes('receiver')).slice(0, 20),
      transactionHash: keccak_256(base64.decode(sample.attestation.transaction)),
    });
  });

  it.each<[string, SampleEvmOptions]>([
    ['the only transaction of its block', { transactions: 1, index: 0 }],
    ['the last of 300', { transactions: 300, index: 299 }],
    ['number 127 of 129', { transactions: 129, index: 127 }],
    ['number 128 of 129', { transactions: 129, index: 128 }],
    ['a legacy transaction', { type: 0 }],
    ['one with an access list', { type: 1 }],
    ['one with blobs', { type: 3 }],
    ['one with authorizations', { type: 4 }],
    ['a header of the first fork', { laterFields: [] }],
    ['a header of a fork to come', { laterFields: Array.from({ length: 9 }, () => new Uint8Array(32)) }],
    ['a chain that counts milliseconds', { timestamp: 1_772_355_600_123 }],
    ['another chain', { chainId: 4711 }],
    ['block 0', { number: 0 }],
  ])('may be %s', (_, options) => {
    const { attestation, hash, number, timeMs } = sampleEvmBlock(root, options);
    const found = verifyEvmAttestation(readEvmAttestation(evmAttestationBytes(attestation)), root);
    expect(found).toMatchObject({ number, timeMs, chainId: options.chainId ?? 31_337 });
    expect(bytesToHex(found.blockHash)).toBe(hash);
  });

  it('is proved whatever the block holds', () => {
    const options = fc.record({
      transactions: fc.integer({ min: 1, max: 150 }),
      type: fc.constantFrom(0, 1, 2, 3, 4) as fc.Arbitrary<0 | 1 | 2 | 3 | 4>,
      number: fc.maxSafeNat(),
    });
    const any = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(options, any, fc.nat(), (given, value, pick) => {
        const block = sampleEvmBlock(value, { ...given, index: pick % given.transactions });
        expect(bytesToHex(verifyEvmAttestation(block.attestation, value).blockHash)).toBe(block.hash);
        expect(() => verifyEvmAttestation(block.attestation, flipped(value, pick % 256))).toThrow(
          refused('other-root'),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('an attestation that does not hold', () => {
  const change = (members: Partial<EvmAttestation>) =>
    verifyEvmAttestation({ ...sample.attestation, ...members }, root);
  const made = (options: SampleEvmOptions) => verifyEvmAttestation(sampleEvmBlock(root, options).attestation, root);

  it('is of another root', () => {
    expect(() => verifyEvmAttestation(sample.attestation, keccak_256(root))).toThrow(refused('other-root'));
    expect(() => verifyEvmAttestation(sample.attestation, root.slice(1))).toThrow(refused('other-root', '32 bytes'));
    const empty = sampleEvmBlock(root, { input: new Uint8Array() }).attestation;
    expect(() => verifyEvmAttestation(empty, new Uint8Array())).toThrow(refused('other-root', '32 bytes'));
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['the root and a byte more', concatBytes(root, Uint8Array.of(0))],
    ['a byte before the root', concatBytes(Uint8Array.of(0), root)],
    ['the root without its last byte', root.slice(0, 31)],
    ['the root twice', concatBytes(root, root)],
    ['the root as the argument of a function', concatBytes(Uint8Array.of(1, 2, 3, 4), root)],
  ])('carries %s', (_, input) => {
    expect(() => made({ input })).toThrow(refused('other-root'));
  });

  it('creates a contract', () => {
    expect(() => made({ to: null })).toThrow(refused('other-root', 'creates a contract'));
  });

  it('is of another chain than its transaction, or its transaction is of none', () => {
    expect(() => change({ chainId: 1 })).toThrow(refused('other-chain'));
    const raw = sampleTransaction(1, root, { type: 0, chainId: 1 });
    // v is the fourth last: 27 in place of 37 is the form before EIP-155.
    const at = raw.indexOf(37, raw.length - 68);
    const unprotected = raw.with(at, 27);
    const trie = buildTransactionTrie([unprotected]);
    const header = sampleHeader(trie.root);
    const block = keccak_256(header);
    const parts = { chainId: 1, genesis: block, block, header, index: 0, transaction: unprotected, path: trie.path(0) };
    expect(() => verifyEvmAttestation(formatEvmAttestation(parts), root)).toThrow(
      refused('other-chain', 'one of none'),
    );
  });

  it('names another block than its header', () => {
    expect(() => change({ block: sample.attestation.genesis })).toThrow(refused('other-hash'));
    const other = sampleEvmBlock(root, { number: 8 }).attestation;
    expect(() => change({ header: other.header })).toThrow(refused('other-hash'));
    expect(() => change({ header: other.header, block: other.block })).not.toThrow();
  });

  it('names another transaction than the one at its index', () => {
    const others = sampleEvmBlock(root, { index: 2 }).attestation;
    expect(() => change({ index: 2 })).toThrow(refused('bad-path'));
    expect(() => change({ index: 0 })).toThrow(refused('bad-path'));
    expect(() => change({ path: others.path })).toThrow(refused('bad-path'));
    expect(() => change({ transaction: others.transaction })).toThrow(refused('other-transaction'));
  });

  it('was changed in any bit of any member', () => {
    const { header, transaction, path, block } = sample.attestation;
    const each = (text: string, put: (text: string) => Partial<EvmAttestation>) => {
      const bytes = base64.decode(text);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        expect(() => change(put(base64.encode(flipped(bytes, bit))))).toThrow(
          expect.objectContaining({ name: 'EvmError' }),
        );
      }
    };
    each(header, (text) => ({ header: text }));
    each(transaction, (text) => ({ transaction: text }));
    path.forEach((node, i) => each(node, (text) => ({ path: path.with(i, text) })));
    for (let bit = 0; bit < 256; bit++) {
      expect(() => change({ block: bytesToHex(flipped(hexToBytes(block), bit)) })).toThrow(refused('other-hash'));
    }
    // The genesis is for the sources to compare: nothing in the attestation leads to it.
    expect(bytesToHex(change({ genesis: block }).genesis)).toBe(block);
  });
});

describe('the text of an attestation', () => {
  const { attestation } = sample;
  const parse = (members: Record<string, unknown>) => () => parseEvmAttestation({ ...attestation, ...members });

  it('is canonical JSON, and read in no other form', () => {
    const bytes = evmAttestationBytes(attestation);
    const text = new TextDecoder().decode(bytes);
    expect(text).toBe(canonicalize(attestation));
    expect(readEvmAttestation(bytes)).toEqual(attestation);
    for (const other of [
      ` ${text}`,
      JSON.stringify({ type: 'evm', ...attestation }),
      `${text}\n`,
      `\ufeff${text}`,
      '',
      '[]',
      'null',
      `[${text}]`,
    ]) {
      expect(() => readEvmAttestation(utf8ToBytes(other)), other.slice(0, 9)).toThrow(refused('bad-attestation'));
    }
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(attestation).toReversed()));
    expect(() => readEvmAttestation(utf8ToBytes(reversed))).toThrow(refused('bad-attestation', 'canonical'));
    expect(() => readEvmAttestation(Uint8Array.of(0xff))).toThrow(refused('bad-attestation'));
  });

  it('changed in any bit is refused, or is another chain to ask', { timeout: 60_000 }, () => {
    const bytes = evmAttestationBytes(attestation);
    let genesis = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      try {
        const read = readEvmAttestation(flipped(bytes, bit));
        verifyEvmAttestation(read, root);
        expect(read.genesis).not.toBe(attestation.genesis);
        genesis++;
      } catch (error) {
        expect(error).toEqual(expect.objectContaining({ name: 'EvmError' }));
      }
    }
    expect(genesis).toBeGreaterThan(0);
  });

  it.each(Object.keys(attestation))('needs its member %s, and in its own form', (name) => {
    const { [name]: _, ...without } = attestation as unknown as Record<string, unknown>;
    expect(() => parseEvmAttestation(without)).toThrow(refused('bad-attestation', `at ${name}`));
    for (const wrong of [null, undefined, {}, [], 'é', true, 'x', -1, 0.5]) {
      expect(parse({ [name]: wrong })).toThrow(refused('bad-attestation', `at ${name}`));
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown member', { type: 'evm' }, 'type'],
    ['chain 0', { chainId: 0 }, 'chainId'],
    ['a chain of 2^53', { chainId: 2 ** 53 }, 'chainId'],
    ['a chain as text', { chainId: '1' }, 'chainId'],
    ['an index of 2^32', { index: 2 ** 32 }, 'index'],
    ['an index of -0', { index: -0 }, 'index'],
    ['a hash in upper case', { block: 'AB'.repeat(32) }, 'block'],
    ['a hash with 0x', { block: `0x${'ab'.repeat(32)}` }, 'block'],
    ['a hash of 31 bytes', { genesis: 'ab'.repeat(31) }, 'genesis'],
    ['base64url', { header: '-_8=' }, 'header'],
    ['base64 without padding', { header: 'AAA' }, 'header'],
    ['base64 with spare bits', { header: 'AAB=' }, 'header'],
    ['base64 with white space', { header: 'AAAA\n' }, 'header'],
    ['a header beyond its bound', { header: base64.encode(new Uint8Array(HEADER_MAX_BYTES + 3)) }, 'header'],
    [
      'a transaction beyond its bound',
      { transaction: base64.encode(new Uint8Array(TRANSACTION_MAX_BYTES + 3)) },
      'transaction',
    ],
    ['a node beyond its bound', { path: [base64.encode(new Uint8Array(NODE_MAX_BYTES + 3))] }, 'path 0'],
    ['no node', { path: [] }, 'path'],
    ['13 nodes', { path: Array.from({ length: 13 }, () => 'AAAA') }, 'path'],
    ['a node that is no text', { path: ['AAAA', null] }, 'path 1'],
    ['nothing in the path', { path: Array.from({ length: 2 }, (_, i) => (i === 0 ? 'AAAA' : undefined)) }, 'path 1'],
  ])('is refused with %s', (_, members, where) => {
    expect(parse(members)).toThrow(refused('bad-attestation', `at ${where}`));
  });

  it('is refused when it is no object', () => {
    for (const value of [null, undefined, 1, 'x', [], () => 1]) {
      expect(() => parseEvmAttestation(value)).toThrow(refused('bad-attestation'));
    }
  });

  it('has room for the largest parts', () => {
    const large = { header: base64.encode(new Uint8Array(HEADER_MAX_BYTES)), index: 2 ** 32 - 1 };
    expect(parse(large)).not.toThrow();
  });
});
