import type { DigestBytes } from '#sdk/hashing.js';
import type { ProofError } from '#proof/error.js';
import type { Proof } from '#proof/proof.js';
import type { Verification } from '#proof/verification.js';
import { verifyProof } from '#proof/verify.js';
import { readGivenProof } from '#proof/given-proof.js';
import { commandLineWords } from '#words/command-line.js';
import { inOrder } from '#words/joints.js';
import type { Language } from '#words/language.js';
import { tellFinding } from '#words/tell.js';
import { EvidenceError } from './cli-error.js';
import { tellingIn } from './language.js';

/** A proof that came from the service and was checked here. */
export interface CheckedProof {
  proof: Proof;
  /** Whether a block of a public chain attests it; the block itself was not looked up. */
  anchored: boolean;
}

/**
 * Checks a proof that the service handed out before it is kept: of this record, of these digests, whole in itself, by a trusted key
 * if there is one. The anchors are not looked up: that is for whoever verifies the proof. A failure is told in `language`.
 *
 * @throws EvidenceError `protocol` when it does not hold.
 */
export async function checkProof(
  text: string,
  expected: {
    id: string;
    digests?: DigestBytes | undefined;
    salt?: Uint8Array | undefined;
    trustedKeys?: readonly string[];
    now: Date;
    language: Language;
  },
): Promise<CheckedProof> {
  const { digests, id, language, now, salt, trustedKeys } = expected;
  const { notHolding, otherThanAsked } = commandLineWords(language).evidence;
  const wrong = (why: string, details: string[] = []) =>
    new EvidenceError('protocol', inOrder(language.joints, notHolding(id), why), { details });
  const read = readGivenProof(text);
  if (!('proof' in read)) throw wrong(language.unreadable[read.reason].what, [read.detail]);
  let { proof } = read;
  if (proof.id !== id) throw new EvidenceError('protocol', otherThanAsked(id, proof.id));
  if (salt !== undefined && proof.statement.blinded === true)
    proof = { ...proof, salt: Buffer.from(salt).toString('hex') };
  const verification = await verifyProof({ proof, digests, trustedKeys, now });
  const failure = structuralFailure(verification, language);
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
export function structuralFailure({ findings }: Verification, language: Language): string | undefined {
  const apart = ['anchor', 'beacon', 'times', 'validity'];
  const failed = findings.find(({ check, outcome }) => outcome === 'failed' && !apart.includes(check));
  return failed === undefined ? undefined : tellFinding(failed, language, tellingIn(language)).sentence;
}

/** Why no OpenTimestamps file can be made of a proof. */
export function noTimestampFile(error: ProofError, language: Language): EvidenceError {
  const { noTimestamp } = commandLineWords(language).evidence;
  if (!Object.hasOwn(noTimestamp, error.code)) throw error;
  const sentence = noTimestamp[error.code as keyof typeof noTimestamp];
  return new EvidenceError(error.code === 'no-attestation' ? 'not-ready' : 'refused', sentence, { cause: error });
}
