import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { parseTransaction } from '#bitcoin/transaction.js';
import { carries, dataScript, virtualBytes, withOutputValue } from './unsigned-transaction.js';

/** One signed witness input, as BIP 141 lays it out; made by hand: 2 outputs, 10 bytes of witness. */
const root = new Uint8Array(32).fill(7);
const raw = hexToBytes(
  '02000000' +
    '0001' +
    '01' +
    'aa'.repeat(32) +
    '03000000' +
    '00' +
    'fdffffff' +
    '02' +
    '0000000000000000' +
    '22' +
    '6a20' +
    '07'.repeat(32) +
    'e803000000000000' +
    '16' +
    '0014' +
    'bb'.repeat(20) +
    '01' +
    '08' +
    'cc'.repeat(8) +
    '00000000',
);

describe('a transaction before it is signed', () => {
  it('keeps inputs, outputs and the mark of replaceability, changes one value and drops the witness', () => {
    const signed = parseTransaction(raw);
    const unsigned = withOutputValue(signed, 1, 999n);
    const read = parseTransaction(unsigned);
    expect(read.inputs).toEqual(signed.inputs);
    expect(read.outputs.map(({ valueSats }) => valueSats)).toEqual([0n, 999n]);
    expect(read.outputs.map(({ script }) => script)).toEqual(signed.outputs.map(({ script }) => script));
    expect(unsigned).toEqual(read.stripped);
    expect(withOutputValue(signed, 1, 1000n)).toEqual(signed.stripped);
  });

  it('carries exactly its root', () => {
    const [output] = parseTransaction(raw).outputs;
    expect(carries(output!, root)).toBe(true);
    expect(carries(output!, new Uint8Array(32).fill(8))).toBe(false);
    expect(dataScript(root)).toHaveLength(34);
  });

  it('is sized by BIP 141: a quarter for witness bytes, rounded up', () => {
    const { stripped } = parseTransaction(raw);
    expect(raw.length - stripped.length).toBe(12);
    expect(virtualBytes(raw)).toBe(stripped.length + 3);
  });
});
