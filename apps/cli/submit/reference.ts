import { COMPUTED_CHARACTERS } from '#sdk/record.js';
import { isReference, REFERENCE_MAX_CHARACTERS } from '#statement/reference.js';
import { CliError } from '../cli-error.js';

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
