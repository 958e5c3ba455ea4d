import { type Checkpoint, parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { SealError } from './error.js';

/** A checkpoint whose signature holds. */
export interface SignedHead extends Checkpoint {
  /** The signed note that it was read from. */
  note: string;
}

/** Reads a signed note as a checkpoint of one of our logs: signed by one of `verifierKeys` (C2SP), with that key's name as origin.
 * @throws SealError `not-ours` */
export function parseSignedHead(text: string, verifierKeys: readonly string[]): SignedHead {
  let checkpoint: Checkpoint;
  let signers: string[];
  try {
    const note = parseNote(text);
    const { verified, failed } = verifyNote(note, verifierKeys.map(parseVerifierKey));
    signers = failed.length > 0 ? [] : verified.map(({ name }) => name);
    checkpoint = parseCheckpoint(note.text);
  } catch (cause) {
    throw new SealError('not-ours', `expected a signed checkpoint: ${(cause as Error).message}`, { cause });
  }
  if (signers.length === 0)
    throw new SealError('not-ours', 'expected a checkpoint signed with the key of this service, got another one');
  if (!signers.includes(checkpoint.origin))
    throw new SealError(
      'not-ours',
      `expected a checkpoint of ${signers.join(' or ')}, got one of ${checkpoint.origin}`,
    );
  return { ...checkpoint, note: text };
}
