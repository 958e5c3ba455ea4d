import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The process's environment, completed by a `.env` file in the working folder (variables that are set already win). */
export function readEnvironment(): Record<string, string | undefined> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/** Folder in which this user's programs keep what should outlive their own folders (XDG Base Directory Specification): for what must not lie in
 * DATA_DIR. Need not exist. */
export function stateFolder(env: Record<string, string | undefined>): string {
  // A relative path is to be ignored, says the specification.
  const given = env['XDG_STATE_HOME'];
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'state');
}
