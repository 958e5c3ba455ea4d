import { expect } from 'vitest';
import { TspError } from '../error.js';
import { checkRevocation, type RevocationAnswer, RevocationData } from '../revocation.js';
import type { VerifiedToken } from '../verify-token.js';

/** Copies of some bytes, each with another bit flipped, beside the number of that bit. */
export function* withFlippedBits(bytes: Uint8Array): Generator<[bit: number, changed: Uint8Array]> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    yield [bit, bytes.with(bit >> 3, bytes[bit >> 3]! ^ (0x80 >> (bit & 7)))];
  }
}

/** What a list or an answer by the signer's issuer says of the signer of a verified token; null when it refuses the token. */
export async function judgeSigner(
  { chain, genTime }: VerifiedToken,
  data: Uint8Array,
): Promise<RevocationAnswer | null> {
  try {
    const given = new RevocationData([data], globalThis.crypto.subtle);
    return await checkRevocation(chain.slice(0, 2), given, genTime.getTime());
  } catch (error) {
    if (error instanceof TspError) return null;
    throw error;
  }
}

/** Sees to it that no flipped bit in a list or an answer lets it say good. */
export async function neverGood(verified: VerifiedToken, data: Uint8Array): Promise<void> {
  for (const [bit, changed] of withFlippedBits(data)) {
    const answer = await judgeSigner(verified, changed);
    if (answer) expect(answer, `bit ${bit}`).toMatchObject({ status: 'unknown', revokedLater: null });
  }
}
