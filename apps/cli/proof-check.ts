import { parseProof, type Proof } from '#proof/proof.js';
import { verifyProof, type Verification } from '#proof/verify.js';
import { visible } from './terminal.js';
import { CliError } from './cli-error.js';
import type { DigestBytes } from './file-digest.js';

/** A proof that came from the service and was checked here. */
export interface CheckedProof {
  proof: Proof;
  /** Whether a block of a public chain attests it; the block itself was not looked up. */
  anchored: boolean;
}

/**
 * Checks a proof that the service handed out before it is kept: of this record, of these digests, whole in itself, by a trusted key
 * if there is one. The anchors are not looked up: that is for whoever verifies the proof.
 *
 * @throws CliError `protocol` when it does not hold.
 */
export async function checkProof(
  text: string,
  expected: {
    id: string;
    digests?: DigestBytes | undefined;
    salt?: Uint8Array | undefined;
    trustedKeys?: readonly string[];
    now: Date;
  },
): Promise<CheckedProof> {
  const wrong = (what: string, cause?: unknown) =>
    new CliError('protocol', `Checking the proof of record ${expected.id}: ${what}`, { cause });
  let proof: Proof;
  try {
    proof = parseProof(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error), error);
  }
  if (proof.id !== expected.id) throw wrong(`expected the record asked for, got ${visible(proof.id)}`);
  if (expected.salt !== undefined && proof.statement.blinded === true)
    proof = { ...proof, salt: Buffer.from(expected.salt).toString('hex') };
  const verification = await verifyProof({
    proof,
    digests: expected.digests,
    trustedKeys: expected.trustedKeys,
    now: expected.now,
  });
  if (verification.verdict === 'mismatch') throw wrong(firstFailure(verification));
  return { proof, anchored: isAnchored(verification) };
}

/** Without header sources a Bitcoin attestation is `unavailable`; a calendar's promise stays `pending`. */
function isAnchored({ checks }: Verification): boolean {
  return checks.some(({ code, status }) => code === 'anchor' && (status === 'unavailable' || status === 'passed'));
}

function firstFailure({ checks }: Verification): string {
  return checks.find(({ status }) => status === 'failed')?.message ?? 'expected it to hold, but it does not';
}
