import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { HASH_BYTES, intoPlace, leafHash, type Sha256 } from '#merkle/hash.js';
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
  sha256?: Sha256,
): Promise<AgencySignature[]> {
  const { places, root } = groupOf(inputs, sha256);
  const { key } = signer;
  const value = base64urlnopad.encode(await signer.sign(utf8ToBytes(groupText(agency, inputs.length, root))));
  return places.map((group) => ({ key, alg: 'EdDSA', value, group }));
}

/**
 * The tree over signing inputs that are signed as one: its root, 32 bytes, and the place of each.
 *
 * @throws SignatureError `bad-group` for none, or more than {@link GROUP_MAX_LINES}
 */
export function groupOf(inputs: readonly string[], sha256?: Sha256): { root: Uint8Array; places: SignatureGroup[] } {
  const size = inputs.length;
  if (size === 0 || size > GROUP_MAX_LINES) {
    throw new SignatureError('bad-group', `Signing a group: expected 1 to ${GROUP_MAX_LINES} lines, got ${size}`);
  }
  const rows: Uint8Array[] = [concatBytes(...inputs.map((input) => leafHash(utf8ToBytes(input), sha256)))];
  while (rows.at(-1)!.length > HASH_BYTES) rows.push(rowAbove(rows.at(-1)!, intoPlace(sha256)));
  return { root: rows.at(-1)!, places: inputs.map((_, index) => ({ size, index, path: pathText(rows, index) })) };
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
