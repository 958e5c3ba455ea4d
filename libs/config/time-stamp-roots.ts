import { readFileSync } from 'node:fs';
import { TspError } from '#tsp/error.js';
import { parsePemCertificates } from '#tsp/pem.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';
import { type Config, ConfigError } from './config.js';

/** The root certificates that time-stamps must lead to, and those between, DER, from the configured PEM file; none without one.
 * @throws ConfigError that says what is wrong with the file */
export function readTimeStampRoots({ tsaRootsFile }: Pick<Config, 'tsaRootsFile'>): Uint8Array[] {
  if (tsaRootsFile === undefined) return [];
  try {
    const roots = parsePemCertificates(readFileSync(tsaRootsFile, 'latin1'));
    parseTrustedRoots(roots);
    return roots;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = error instanceof TspError ? `something else: ${error.message}` : (code ?? String(error));
    const detail = `expected a readable PEM file of root certificates at ${tsaRootsFile}, got ${got}`;
    throw new ConfigError([{ key: 'TSA_ROOTS_FILE', detail }]);
  }
}
