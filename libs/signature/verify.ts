import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { MerkleError } from '#merkle/error.js';
import { HASH_BYTES, leafHash } from '#merkle/hash.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import type { AgencySignature, SignatureGroup } from '#statement/agency-signature.js';
import { verifyEd25519 } from '#tlog/ed25519.js';
import { groupText, signingInput } from './signing-input.js';

/** Why a signature is not the key's over the statement: its path cannot be of that place in a group of that size, or it is of other bytes or by another key. */
export type SignatureFault = 'bad-path' | 'bad-signature';

/** What is wrong with the signature that a statement (checked) carries, if `publicKey` (32 bytes) is the key that it names; null when it holds. */
export function verifyAgencySignature(
  statement: { agency: string; agencySignature: AgencySignature },
  publicKey: Uint8Array,
): SignatureFault | null {
  const { agency, agencySignature } = statement;
  const input = utf8ToBytes(signingInput(statement));
  const { group } = agencySignature;
  const signed = group === undefined ? input : signedGroup(agency, group, input);
  if (signed === null) return 'bad-path';
  const value = base64urlnopad.decode(agencySignature.value);
  return verifyEd25519(value, signed, publicKey) ? null : 'bad-signature';
}

/** The hashes, 32 bytes each, of a group's path. */
export function pathOf({ path }: SignatureGroup): Uint8Array[] {
  const bytes = base64urlnopad.decode(path);
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

function signedGroup(agency: string, group: SignatureGroup, input: Uint8Array): Uint8Array | null {
  const { index, size } = group;
  try {
    const root = rootFromInclusionProof(leafHash(input), index, size, pathOf(group));
    return utf8ToBytes(groupText(agency, size, root));
  } catch (error) {
    if (error instanceof MerkleError) return null;
    throw error;
  }
}
