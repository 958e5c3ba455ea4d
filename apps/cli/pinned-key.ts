import { parseVerifierKey, type VerifierKey } from '#tlog/verifier-key.js';
import { CliError } from './cli-error.js';
import { readInput } from './input-file.js';

/**
 * The keys that the user trusts, of logs or of witnesses: each a C2SP verifier key, or `@file` that holds some, one a line.
 *
 * @throws CliError `usage` for a text that is no verifier key, `no-input` and `bad-data` for such a file.
 */
export async function readPinnedKeys(option: string, given: readonly string[]): Promise<string[]> {
  const keys: string[] = [];
  for (const text of given) {
    if (!text.startsWith('@')) {
      checkKey(text, option, 'usage');
      keys.push(text);
      continue;
    }
    const path = text.slice(1);
    const lines = (await readInput(path))
      .toString('utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.length === 0)
      throw new CliError('bad-data', `Reading ${path}: expected a verifier key, got an empty file`);
    for (const line of lines) checkKey(line, path, 'bad-data');
    keys.push(...lines);
  }
  return keys;
}

function checkKey(text: string, where: string, code: 'usage' | 'bad-data'): VerifierKey {
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw new CliError(code, `Reading ${where}: expected a verifier key such as name+hash+base64, got another text`, {
      cause: error,
    });
  }
}
