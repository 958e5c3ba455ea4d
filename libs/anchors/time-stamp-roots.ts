import { readFileSync } from 'node:fs';
import { TspError } from '#tsp/error.js';
import { parsePemCertificates } from '#tsp/pem.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import { ConfigError } from '#setting/config-error.js';
import type { SourceSettings } from './source-settings.js';

/** The root certificates that time-stamps must lead to, and those between, DER, from the configured PEM file; none without one. One that cannot be
 * read is left out, and one that can vouch for nothing told: `warn` gets a sentence for each.
 * @throws ConfigError that says what is wrong with the file */
export function readTimeStampRoots(
  { tsaRootsFile }: Pick<SourceSettings, 'tsaRootsFile'>,
  warn: (sentence: string) => void = () => undefined,
): Uint8Array[] {
  if (tsaRootsFile === undefined) return [];
  try {
    const roots = parsePemCertificates(readFileSync(tsaRootsFile, 'latin1'));
    const { unusable } = parseTrustedRoots(roots);
    for (const { at, name, message } of unusable)
      warn(`TSA_ROOTS_FILE: certificate ${at + 1}${name === null ? '' : ` (${name})`} vouches for nothing: ${message}`);
    const unreadable = new Set(unusable.flatMap(({ at, name }) => (name === null ? [at] : [])));
    return roots.filter((_, at) => !unreadable.has(at));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = error instanceof TspError ? `something else: ${error.message}` : (code ?? String(error));
    const detail = `expected a readable PEM file of root certificates at ${tsaRootsFile}, got ${got}`;
    throw new ConfigError([{ key: 'TSA_ROOTS_FILE', detail }]);
  }
}
