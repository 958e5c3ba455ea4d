import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { parseDetachedFile } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { applyOperation } from '#ots/operation.js';
import { describe, expect, it } from 'vitest';
import { displayHash, parseDisplayHash, sha256d } from './block-hash.js';
import { merkleBranch, merkleRoot } from './merkle-branch.js';
import { climb } from './testing/merkle-climb.js';
import { parseTransaction } from './transaction.js';

/** Coinbase of mainnet's block 0 (Bitcoin Core, chainparams). */
const GENESIS_COINBASE =
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65' +
  '732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f72206261' +
  '6e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef' +
  '38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000';
const GENESIS_TXID = '4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b';

/** Made for this project: version 2, one input, an OP_RETURN output, lock time 5; the second form with one witness of one byte. */
const PLAIN = `02000000${'01'}${'11'.repeat(32)}0100000000fdffffff${'01'}0000000000000000${'22'}6a20${'33'.repeat(32)}05000000`;
const WITH_WITNESS = `020000000001${PLAIN.slice(8, -8)}0101aa05000000`;

const fails = (code: string) => expect.objectContaining({ name: 'BitcoinError', code });

describe('a transaction', () => {
  it('has the id of the genesis coinbase', () => {
    const transaction = parseTransaction(hexToBytes(GENESIS_COINBASE));
    expect(displayHash(transaction.txid)).toBe(GENESIS_TXID);
    expect(transaction.outputs).toMatchObject([{ valueSats: 5_000_000_000n }]);
    expect(bytesToHex(transaction.stripped)).toBe(GENESIS_COINBASE);
  });

  it('has the same id with and without its witness', () => {
    const plain = parseTransaction(hexToBytes(PLAIN));
    const full = parseTransaction(hexToBytes(WITH_WITNESS));
    expect(full).toEqual(plain);
    expect(bytesToHex(full.stripped)).toBe(PLAIN);
    expect(full.txid).toEqual(sha256d(hexToBytes(PLAIN)));
    expect(full).toMatchObject({ version: 2, lockTime: 5, inputs: [{ previousIndex: 1, sequence: 0xfffffffd }] });
    expect(bytesToHex(full.outputs[0]!.script)).toBe(`6a20${'33'.repeat(32)}`);
  });

  it('is what the hello-world example of OpenTimestamps passes through', () => {
    const vectors = JSON.parse(readFileSync(new URL('../ots/vectors/valid.json', import.meta.url), 'utf8')) as {
      name: string;
      bytes: string;
    }[];
    const file = parseDetachedFile(hexToBytes(vectors.find((vector) => vector.name === 'hello-world.txt.ots')!.bytes));
    const [found] = listAttestations(file.timestamp);
    const messages = [file.digest];
    for (const op of found!.path) messages.push(applyOperation(op, messages.at(-1)!));
    // The only message above two hashes' length that is hashed is the transaction; hashed twice it is its id.
    const at = messages.findIndex((message, i) => message.length > 64 && found!.path[i]?.type === 'sha256');
    expect(parseTransaction(messages[at]!)).toMatchObject({ stripped: messages[at], txid: messages[at + 2] });
  });

  it.each([
    ['nothing', ''],
    ['a byte more', `${PLAIN}00`],
    ['a byte less', PLAIN.slice(0, -2)],
    ['no inputs', '0200000000000000000000'],
    ['a witness flag of 2', `020000000002${WITH_WITNESS.slice(12)}`],
    ['a witness flag without a witness', `020000000001${PLAIN.slice(8, -8)}0005000000`],
    ['a length in a longer form than needed', `02000000fd0100${PLAIN.slice(10)}`],
    ['more inputs than bytes', `02000000feffffffff${PLAIN.slice(10)}`],
    ['a script longer than the rest', `0200000001${'11'.repeat(32)}01000000ffffffffffffffffff`],
  ])('with %s is refused', (_name, hex) => {
    expect(() => parseTransaction(hexToBytes(hex))).toThrow(fails('bad-transaction'));
  });
});

describe('a Merkle branch', () => {
  // Block 100000 of mainnet: four transactions (the Bitcoin chain; any node or explorer has it).
  const txids = [
    '8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87',
    'fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4',
    '6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4',
    'e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d',
  ].map(parseDisplayHash);
  const root = 'f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766';

  it('leads from every transaction of a block to its Merkle root', () => {
    expect(displayHash(merkleRoot(txids))).toBe(root);
    txids.forEach((txid, index) => {
      expect(displayHash(climb(txid, index, merkleBranch(txids, index)))).toBe(root);
    });
  });

  it('works for any number of transactions', () => {
    for (let count = 1; count <= 40; count++) {
      const list = Array.from({ length: count }, (_, i) => sha256d(Uint8Array.of(i)));
      const expected = merkleRoot(list);
      for (const [index, txid] of list.entries()) {
        expect(climb(txid, index, merkleBranch(list, index))).toEqual(expected);
      }
    }
  });

  it('is refused when a list repeats its end, which has the same root', () => {
    const three = txids.slice(0, 3);
    expect(() => merkleRoot([...three, three[2]!])).toThrow(fails('bad-branch'));
  });

  it('is refused when it does not fit', () => {
    expect(() => merkleRoot([])).toThrow(fails('bad-branch'));
    expect(() => merkleBranch(txids, 4)).toThrow(fails('bad-branch'));
    expect(() => merkleBranch([txids[0]!.slice(1)], 0)).toThrow(fails('bad-branch'));
  });
});
