import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { type AnchorCheck, failed } from './anchor-check.js';
import type { ProofAttestation } from './attestation.js';
import type { AskBlock } from './block-answers.js';
import type { AskEvmBlock } from './evm-answers.js';
import { checkEvmAttestation } from './evm-check.js';
import { checkTimestamp } from './opentimestamps-check.js';
import type { Proof } from './proof.js';
import type { CheckTimeStamp } from './time-stamp-check.js';

/** What anchors are checked with. */
export interface AnchorSources {
  askBlock: AskBlock;
  askEvmBlock: AskEvmBlock;
  checkTimeStamp: CheckTimeStamp;
}

/** What an attestation is about. */
export interface AttestedCheckpoint {
  size: number;
  /** Root of the log at that size, 32 bytes. */
  root: Uint8Array;
  /** Signed text of the note. */
  text: string;
}

/** Most blocks that are asked for on behalf of one proof: each may cost a question to every source. */
export const MAX_BLOCK_QUESTIONS = 64;

/** One check for each attestation of the proof, or one that says there is none yet. Every attestation is tried, but for those that would ask for
 * too many blocks: one last check stands for all of these. */
export async function checkAnchors(proof: Proof, sources: AnchorSources): Promise<AnchorCheck[]> {
  let questions = 0;
  const mayAsk = () => ++questions <= MAX_BLOCK_QUESTIONS;
  const checks = proof.log.checkpoints.flatMap(({ note, attestations }) => {
    const { text } = parseNote(note);
    const checkpoint = { ...parseCheckpoint(text), text };
    return attestations.flatMap((attestation) => checkAttestation(attestation, checkpoint, sources, mayAsk));
  });
  if (questions > MAX_BLOCK_QUESTIONS) checks.push(Promise.resolve(tooMany(questions - MAX_BLOCK_QUESTIONS)));
  if (checks.length > 0) return Promise.all(checks);
  const message = 'The checkpoint has not been submitted to any anchor yet, as far as this proof knows.';
  return [{ check: { code: 'anchor', status: 'pending', message, data: { reason: 'not-submitted' } } }];
}

/** Checks one attestation by its type: several answers for a timestamp that several blocks attest. */
function checkAttestation(
  attestation: ProofAttestation,
  checkpoint: AttestedCheckpoint,
  sources: AnchorSources,
  mayAsk: () => boolean,
): Promise<AnchorCheck>[] {
  switch (attestation.type) {
    case 'opentimestamps':
      return checkTimestamp(attestation, checkpoint, sources.askBlock, mayAsk);
    case 'evm':
      return mayAsk() ? [checkEvmAttestation(attestation, checkpoint, sources.askEvmBlock)] : [];
    case 'rfc3161':
      return [sources.checkTimeStamp(attestation, checkpoint)];
  }
}

function tooMany(count: number): AnchorCheck {
  const message = `Not tried: the proof holds ${count} more attestations by blocks than the ${MAX_BLOCK_QUESTIONS} that are looked up.`;
  return failed(message, { reason: 'too-many', count });
}
