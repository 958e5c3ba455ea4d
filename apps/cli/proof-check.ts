import { parseProof, type Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';
import type { Language } from '#words/language.js';
import { DEFAULT_LANGUAGE } from '#words/languages.js';
import { tellFinding } from '#words/tell.js';
import { tellingIn } from './language.js';
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
    /** In which a failure is told; English unless given. */
    language?: Language | undefined;
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
  const failure = structuralFailure(verification, expected.language);
  if (failure !== undefined) throw wrong(failure);
  return { proof, anchored: isAnchored(verification) };
}

/** Without sources a block's attestation is `unavailable`; a calendar's promise stays `pending`. */
function isAnchored({ findings }: Verification): boolean {
  return findings.some(
    ({ check, outcome }) => check === 'anchor' && (outcome === 'unavailable' || outcome === 'passed'),
  );
}

/** What does not hold in a proof or between it and its document, a sentence; undefined when all of that does. Anchors are not looked at. */
export function structuralFailure(
  { findings }: Verification,
  language: Language = DEFAULT_LANGUAGE,
): string | undefined {
  const apart = ['anchor', 'beacon', 'times', 'validity'];
  const failed = findings.find(({ check, outcome }) => outcome === 'failed' && !apart.includes(check));
  if (failed === undefined) return undefined;
  return tellFinding(failed, language, tellingIn(language)).sentence;
}
