import { createHash } from 'node:crypto';
import { isReference, REFERENCE_MAX_CHARACTERS } from '#statement/reference.js';
import { canonicalize } from '#statement/jcs.js';
import { CliError } from '../cli-error.js';

/** Characters of the computed part: 192 bits in base64url, far beyond any accidental repetition. */
const COMPUTED_CHARACTERS = 32;

/** What a record says, as it is posted, without its reference. */
export interface RecordContent {
  digests: { [algorithm: string]: string };
  profile: string;
  blinded?: true;
  claims?: unknown;
  validFrom?: string;
  validUntil?: string;
  supersedes?: string;
}

/**
 * The reference of a record whose sender gave none: `prefix` and 32 characters computed from everything that the record says.
 * The same content gives the same reference wherever the file lies, so that a repeated or resumed submission finds the record
 * that is already there; whatever is different (another byte, another claim) gives another. It is computed from the digests as
 * posted: for a blinded document it reveals nothing that the blinded digest does not.
 */
export function computedReference(content: RecordContent, prefix = ''): string {
  const hash = createHash('sha256')
    .update(`sealroot/reference@1\n${canonicalize(content)}`)
    .digest('base64url');
  return prefix + hash.slice(0, COMPUTED_CHARACTERS);
}

/** Checks `--reference-prefix`. Throws CliError `usage`. */
export function checkPrefix(prefix: string): string {
  const room = REFERENCE_MAX_CHARACTERS - COMPUTED_CHARACTERS;
  if (!isReference(`${prefix}${'x'.repeat(COMPUTED_CHARACTERS)}`))
    throw new CliError(
      'usage',
      `Reading --reference-prefix: expected at most ${room} printable characters, got another text`,
    );
  return prefix;
}
