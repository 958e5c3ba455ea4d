import { SALT_BYTES } from '#statement/blinding.js';
import { CliError } from './cli-error.js';

/** Reads a salt given as hex. Throws CliError `usage`. */
export function parseSalt(text: string): Uint8Array {
  if (!/^[0-9a-f]*$/i.test(text) || text.length !== SALT_BYTES * 2)
    throw new CliError('usage', `Reading the salt: expected ${SALT_BYTES * 2} hex characters, got something else`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}
