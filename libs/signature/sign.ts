import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { HASH_BYTES, intoPlace, type Sha256Into } from '#merkle/hash.js';
import { rowAbove } from '#merkle/tile.js';
import { type AgencySignature, GROUP_MAX_LINES, type SignatureGroup } from '#statement/agency-signature.js';
import { SignatureError } from './error.js';
import { groupText } from './signing-input.js';

/** A key that signs for an agency. */
export interface AgencySigner {
  /** Key id, see `keyIdOf`. */
  key: string;
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The signature of one statement by itself, of which `input` is the signing input. */
export async function signAlone(input: string, signer: AgencySigner): Promise<AgencySignature> {
  return { key: signer.key, alg: 'EdDSA', value: base64urlnopad.encode(await signer.sign(utf8ToBytes(input))) };
}

/**
 * The signatures of statements of one agency that are signed as a group, in the order of their signing inputs: one signature for all of them, and each
 * one's place.
 *
 * @throws SignatureError `bad-group` for none, or more than {@link GROUP_MAX_LINES}
 */
export async function signGroup(
  agency: string,
  inputs: readonly string[],
  signer: AgencySigner,
  sha256?: Sha256Into,
): Promise<AgencySignature[]> {
  const { placeOf, root } = groupOf(inputs, sha256);
  const { key } = signer;
  const value = base64urlnopad.encode(await signer.sign(utf8ToBytes(groupText(agency, inputs.length, root))));
  return inputs.map((_, index) => ({ key, alg: 'EdDSA', value, group: placeOf(index) }));
}

/**
 * The tree over signing inputs that are signed as one: its root, 32 bytes, and the place of the input of a number, from 0, which is written when it is asked for: all of them take longer than the tree.
 *
 * @throws SignatureError `bad-group` for none, or more than {@link GROUP_MAX_LINES}
 */
export function groupOf(
  inputs: readonly string[],
  sha256: Sha256Into = intoPlace(),
): { root: Uint8Array; placeOf: (index: number) => SignatureGroup } {
  const size = inputs.length;
  if (size === 0 || size > GROUP_MAX_LINES) {
    throw new SignatureError('bad-group', `Signing a group: expected 1 to ${GROUP_MAX_LINES} lines, got ${size}`);
  }
  const rows: Uint8Array[] = [leafRow(inputs, sha256)];
  while (rows.at(-1)!.length > HASH_BYTES) rows.push(rowAbove(rows.at(-1)!, sha256));
  return { root: rows.at(-1)!, placeOf: (index) => ({ size, index, path: pathText(rows, index) }) };
}

/** Leaf hashes of inputs, 32 bytes each; their preimages are put together in one place. */
function leafRow(inputs: readonly string[], sha256: Sha256Into): Uint8Array {
  const row = new Uint8Array(inputs.length * HASH_BYTES);
  // A character takes three bytes at most; the first byte is the prefix of leaves, 00.
  const preimage = new Uint8Array(1 + 3 * Math.max(...inputs.map(({ length }) => length)));
  const text = preimage.subarray(1);
  const encoder = new TextEncoder();
  let at = 0;
  for (const input of inputs) {
    const { written } = encoder.encodeInto(input, text);
    at = sha256(preimage.subarray(0, 1 + written), row, at);
  }
  return row;
}

function pathText(rows: readonly Uint8Array[], index: number): string {
  const siblings: Uint8Array[] = [];
  for (const [height, row] of rows.entries()) {
    const at = ((index >> height) ^ 1) * HASH_BYTES;
    // The last node of a row of odd length has no sibling, nor has the root.
    if (at < row.length) siblings.push(row.subarray(at, at + HASH_BYTES));
  }
  return base64urlnopad.encode(concatBytes(...siblings));
}
