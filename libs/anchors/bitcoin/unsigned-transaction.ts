import { concatBytes } from '@noble/hashes/utils.js';
import { equalHashes } from '#bitcoin/block-hash.js';
import { type Transaction, type TransactionOutput, parseTransaction } from '#bitcoin/transaction.js';

/** OP_RETURN and a push of 32 bytes. */
const DATA_SCRIPT_START = Uint8Array.of(0x6a, 0x20);

/** Most inputs and outputs that are written: one byte counts them. */
const MAX_ITEMS = 0xfc;

/** The script of an output that carries a root (32 bytes) and can never be spent. */
export const dataScript = (root: Uint8Array): Uint8Array => concatBytes(DATA_SCRIPT_START, root);

/** Whether an output carries this root. */
export const carries = (output: TransactionOutput, root: Uint8Array): boolean =>
  equalHashes(output.script, dataScript(root));

/** The virtual size that fees are counted by (BIP 141), of a whole serialised transaction. */
export function virtualBytes(raw: Uint8Array): number {
  return Math.ceil((3 * parseTransaction(raw).stripped.length + raw.length) / 4);
}

/** A transaction with the inputs of `transaction`, unsigned, and its outputs, the one at `index` with another value. */
export function withOutputValue(transaction: Transaction, index: number, valueSats: bigint): Uint8Array {
  const { inputs, outputs } = transaction;
  if (inputs.length > MAX_ITEMS || outputs.length > MAX_ITEMS)
    throw new RangeError(`Writing a transaction: expected at most ${MAX_ITEMS} inputs and outputs, got more`);
  return concatBytes(
    int32(transaction.version),
    Uint8Array.of(inputs.length),
    ...inputs.flatMap((input) => [
      input.previousTxid,
      int32(input.previousIndex),
      Uint8Array.of(0),
      int32(input.sequence),
    ]),
    Uint8Array.of(outputs.length),
    ...outputs.flatMap((output, i) => [
      uint64(i === index ? valueSats : output.valueSats),
      Uint8Array.of(output.script.length),
      output.script,
    ]),
    int32(transaction.lockTime),
  );
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0, true);
  return bytes;
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}
